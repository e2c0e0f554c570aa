"""The serial port of a module, opened for this program alone."""

import errno
import os
import re
from types import TracebackType
from typing import Self

import serial

from emulator.dte.other_programs import programs_at
from emulator.errors import UserError

BAUD = 115200
"""The usual speed of a line."""


class SerialPort:
    """Open a serial port, or a URL of one that pyserial knows; close it with the `with` block.

    Every failure is a UserError that names the port.
    """

    def __init__(self, name: str, baud: int = BAUD) -> None:
        self.name = name
        self.is_lost = False
        """Whether it has failed since it was opened."""
        try:
            self._port = serial.serial_for_url(name, baud, do_not_open=True, timeout=0)
        except ValueError as error:
            raise UserError(f"{name}: {error}; name a serial port, or a URL that pyserial opens") from error

    def __repr__(self) -> str:
        return f"<SerialPort {self.name}, {'open' if self._port.is_open else 'closed'}>"

    def __enter__(self) -> Self:
        try:
            if "://" not in self.name:
                self._port.exclusive = True
            self._port.open()
            self.is_lost = False
        except (OSError, ValueError) as error:
            self._port.close()
            raise self._closed(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._port.close()

    @property
    def serial(self) -> "serial.Serial":
        """Return the port as pyserial has it; that of a URL has the same methods."""
        return self._port

    def lost(self, error: OSError) -> UserError:
        """Return the error of a port that has failed."""
        return self._lost(error)

    def write(self, data: bytes) -> None:
        """Send bytes."""
        try:
            self._port.write(data)
        except OSError as error:
            raise self._lost(error) from error

    def read(self, within: float) -> bytes:
        """Return what has come, waiting at most `within` seconds for the first byte; empty where none has come."""
        try:
            self._port.timeout = within
            first = self._port.read(1)
            return bytes(first + self._port.read(self._port.in_waiting)) if first else b""
        except OSError as error:
            raise self._lost(error) from error

    def _closed(self, error: OSError | ValueError) -> UserError:
        """Make the error of a port that cannot be opened."""
        number = error.errno if isinstance(error, OSError) else None
        if number in _BUSY:
            others = " and ".join(programs_at(self.name)) or "another program"
            return UserError(f"{self.name}: {others} uses it; end that first")
        if number == errno.EACCES:
            return UserError(f"{self.name}: you may not use it; join the group of the port, as with `adduser`, dialout")
        reason = _ERRNO.sub("", os.strerror(number) if number else str(error))
        return UserError(f"{self.name}: {reason}; name a serial port that can be used")

    def _lost(self, error: OSError) -> UserError:
        """Make the error of a port that has failed."""
        self.is_lost = True
        reason = os.strerror(error.errno) if error.errno else "it has hung up"
        return UserError(f"{self.name}: the port was lost ({reason}); is the module still there?")


_BUSY = (errno.EAGAIN, errno.EBUSY)
_ERRNO = re.compile(r".*\[Errno \d+\] |.*: \(\d+, '|'\)$")
"""What pyserial puts around the reason of an error."""
