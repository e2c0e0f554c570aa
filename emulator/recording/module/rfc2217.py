"""A port of the module behind a server of RFC 2217, as `rfc2217://HOST:PORT`: bytes and control lines come at once.

pyserial's client reads without a bound, and waits tens of milliseconds for each answer of the server.
"""

import asyncio
import logging
import os
import re
import socket
import struct
from collections.abc import Mapping
from typing import Final

from emulator.errors import UserError
from emulator.guard import guarded, log_defect
from emulator.line.serial.lines import HostLines
from emulator.line.serial.serial_line import LineFormat
from emulator.line.transports.rfc2217.com_port import (
    FROM_SERVER,
    PARITIES,
    STOP_BITS,
    Command,
    Control,
    device_lines,
)
from emulator.line.transports.rfc2217.telnet import Agreed, Data, Option, Subnegotiation, Telnet, escaped
from emulator.recording.module.end import ModuleOwner
from emulator.recording.module.outgoing import Outgoing

SCHEME: Final = "rfc2217://"
_ADDRESS: Final = re.compile(r"(?:\[(?P<six>[^]]*)\]|(?P<four>[^:/?]+)):(?P<number>[0-9]+)(?:[/?].*)?")
_READ_SIZE: Final = 64 * 1024
_ANSWER: Final = 5.0
"""Seconds that a server has to take the connection, and then to agree on the option."""
_PARITY_OF: Final[Mapping[str, int]] = {parity: value for value, parity in PARITIES.items()}
_STOP_SIZE_OF: Final[Mapping[float, int]] = {bits: value for value, bits in STOP_BITS.items()}


class Rfc2217End:
    """Serve as a `ModuleEnd`, inside a running event loop."""

    def __init__(self, name: str, baud: int) -> None:
        """Connect to the server.

        Raises:
            UserError: it cannot be reached.
        """
        self.name = name
        self._loop = asyncio.get_running_loop()
        self._socket = _connected(name)
        self._outgoing = Outgoing(self._socket.fileno(), self._send, lambda: 0, self._relieved, self.fail)
        self._telnet = Telnet(self._outgoing.put)
        self._owner: ModuleOwner | None = None
        self._reading = False
        self._suspended = False
        """Whether the server takes no data."""
        self._kept = b""
        """Data that waits until it does."""
        self._rate = baud
        self._format = LineFormat()
        self._lines = HostLines.NONE
        self._patience: asyncio.TimerHandle | None = None

    def __repr__(self) -> str:
        return f"<Rfc2217End {self.name}, {self._telnet!r}, {self._outgoing!r}>"

    @property
    def congested(self) -> bool:
        return self._suspended or self._outgoing.waits

    def open(self, owner: ModuleOwner) -> None:
        self._owner = owner
        self._patience = self._loop.call_later(_ANSWER, self._without_option)
        self._telnet.begin_as_client()
        self.resume()

    def write(self, data: bytes) -> None:
        if self._suspended:
            self._kept += data
        elif self._owner is not None:
            self._outgoing.put(escaped(data))

    def set_lines(self, lines: HostLines) -> None:
        self._lines = lines
        self._tell(Command.SET_CONTROL, Control.DTR_ON if HostLines.DTR in lines else Control.DTR_OFF)
        if not self._format.hardware_flow:
            self._tell(Command.SET_CONTROL, Control.RTS_ON if HostLines.RTS in lines else Control.RTS_OFF)

    def hang_up(self) -> None:
        self.set_lines(HostLines.NONE)

    def set_speed(self, rate: int) -> None:
        self._rate = rate
        self._tell(Command.SET_BAUDRATE, *struct.pack("!I", rate))

    def set_format(self, form: LineFormat) -> None:
        self._format = form
        self._tell(Command.SET_DATASIZE, form.data_bits)
        self._tell(Command.SET_PARITY, _PARITY_OF[form.parity])
        self._tell(Command.SET_STOPSIZE, _STOP_SIZE_OF[form.stop_bits])
        self._tell(Command.SET_CONTROL, Control.HARDWARE if form.hardware_flow else Control.NO_FLOW)

    def set_break(self, on: bool) -> None:
        self._tell(Command.SET_CONTROL, Control.BREAK_ON if on else Control.BREAK_OFF)

    def pause(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._socket)

    def resume(self) -> None:
        if not self._reading and self._owner is not None:
            self._reading = True
            self._loop.add_reader(self._socket, self._read)

    def close(self) -> None:
        self.pause()
        self._owner = None
        self._outgoing.clear()
        if self._patience is not None:
            self._patience.cancel()
        self._socket.close()

    def fail(self, error: Exception) -> None:
        """See `guard.Failing`; the connection goes on."""
        log_defect("the connection to the module's port", error)

    def _tell(self, command: Command, *value: int) -> None:
        """Send a command for the port, if the server takes any; what is set before is sent when it has agreed."""
        if self._owner is not None and self._telnet.uses(Option.COM_PORT):
            self._telnet.subnegotiate(Option.COM_PORT, bytes((command, *value)))

    @guarded
    def _without_option(self) -> None:
        if not self._telnet.uses(Option.COM_PORT):
            logging.getLogger("emulator").warning(
                "%s: the server there does not speak RFC 2217; speed and control lines are not passed on", self.name
            )

    def _relieved(self) -> None:
        if self._owner is not None and not self.congested:
            self._owner.module_writable()

    def _send(self, data: bytes) -> int:
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except OSError as error:
            self._loop.call_soon(self._lose, error)
            return len(data)

    @guarded
    def _read(self) -> None:
        try:
            data = self._socket.recv(_READ_SIZE)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(error)
            return
        if not data:
            self._lose(OSError())
            return
        for event in self._telnet.feed(data):
            self._obey(event)

    def _obey(self, event: Data | Subnegotiation | Agreed) -> None:
        owner = self._owner
        match event:
            case _ if owner is None:
                pass
            case Data(plain):
                owner.module_said(plain)
            case Agreed(Option.COM_PORT):
                self.set_speed(self._rate)
                self.set_format(self._format)
                self.set_lines(self._lines)
            case Subnegotiation(Option.COM_PORT, value) if value:
                self._obey_server(value[0] - FROM_SERVER, value[1:], owner)
            case _:
                pass

    def _obey_server(self, command: int, value: bytes, owner: ModuleOwner) -> None:
        match command:
            case Command.NOTIFY_MODEMSTATE if value:
                owner.module_lines_changed(device_lines(value[0]))
            case Command.FLOWCONTROL_SUSPEND:
                self._suspended = True
            case Command.FLOWCONTROL_RESUME:
                self._suspended = False
                kept, self._kept = self._kept, b""
                if kept:
                    self.write(kept)
                self._relieved()
            case _:
                pass

    @guarded
    def _lose(self, error: OSError) -> None:
        owner = self._owner
        if owner is not None:
            self.close()
            reason = os.strerror(error.errno) if error.errno else "the server has closed the connection"
            owner.module_lost(UserError(f"{self.name}: the port was lost ({reason}); is the module still there?"))


def _connected(name: str) -> socket.socket:
    address = _ADDRESS.fullmatch(name.removeprefix(SCHEME))
    if address is None or int(address["number"]) > 65535:
        raise UserError(f"{name}: no address; write rfc2217://HOST:PORT, as in rfc2217://127.0.0.1:4000")
    try:
        connection = socket.create_connection((address["six"] or address["four"], int(address["number"])), _ANSWER)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(f"{name}: {reason}; name a server that listens there") from error
    connection.setblocking(False)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection
