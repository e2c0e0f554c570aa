"""The serial line of a host: bytes out, bytes in, and no wait without an end."""

import os
import select
import termios
import time
import tty

SCALE = float(os.environ.get("TELIT_TIME_SCALE") or 1)
"""How many seconds of the module pass in one."""


class Trouble(Exception):
    """Something went otherwise than it should; the text says it in one line."""


class Silent(Trouble):
    """Nothing came in time."""


class Gone(Trouble):
    """There is no line."""


def now() -> float:
    """Return the seconds of the module; deadlines are moments of it."""
    return time.monotonic() * SCALE


def pause(seconds: float) -> None:
    """Let so many seconds of the module pass."""
    time.sleep(seconds / SCALE)


class Line:
    """Open a path, raw, as often as it is needed."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor = -1

    def open(self) -> None:
        """Open the line, unless it is open.

        Raises:
            Gone: there is none.
        """
        if self._descriptor >= 0:
            return
        try:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            tty.setraw(self._descriptor)
        except (OSError, termios.error) as error:
            self.close()
            raise Gone(f"{self._path}: {error}") from None

    def close(self) -> None:
        """Close the line, if it is open."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1

    def read(self, deadline: float) -> bytes:
        """Return what comes next.

        Raises:
            Silent: nothing has come before the deadline.
            Gone: the line is gone; the next `open` looks for it.
        """
        self.wait(deadline)
        try:
            data = os.read(self._descriptor, 4096)
        except OSError:
            data = b""
        if not data:
            self.close()
            raise Gone(f"{self._path}: the port is gone")
        return data

    def wait(self, deadline: float) -> None:
        """Wait for data.

        Raises:
            Silent: nothing has come before the deadline.
        """
        if not self.is_readable(deadline):
            raise Silent("no answer")

    def is_readable(self, deadline: float) -> bool:
        """Return whether there is data before the deadline.

        Raises:
            Gone: the line is gone.
        """
        self._check()
        return bool(select.select([self._descriptor], [], [], max(0.0, deadline - now()) / SCALE)[0])

    def _check(self) -> None:
        if self._descriptor < 0:
            raise Gone(f"{self._path}: the port is gone")

    def write(self, data: bytes, deadline: float) -> None:
        """Write all of it.

        Raises:
            Silent: the module takes no more before the deadline.
            Gone: the line is gone.
        """
        self._check()
        while data:
            if not select.select([], [self._descriptor], [], max(0.0, deadline - now()) / SCALE)[1]:
                raise Silent("the module takes no data")
            try:
                data = data[os.write(self._descriptor, data) :]
            except OSError:
                self.close()
                raise Gone(f"{self._path}: the port is gone") from None
