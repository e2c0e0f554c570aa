"""A Unix stream socket, which `socat - UNIX-CONNECT:PATH` opens, or a program with `AF_UNIX`."""

import atexit
import errno
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from emulator.errors import UserError
from emulator.line.serial.port import Port
from emulator.line.serial.serial_line import SerialLine
from emulator.line.serial.stream_socket import BACKLOG, StreamSocketPort
from emulator.line.transports import PortMaker, Transport

_LONGEST: Final = 107
"""Most bytes of the path of a socket, without the NUL (sun_path, unix(7))."""


class UnixPort(StreamSocketPort):
    """Listen at a path as a `Port`, with mode 0600; raises UserError when it cannot.

    A socket to which nobody listens any more is replaced. Anything else at the path is left alone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        listener = _listen(self._path)
        self._identity = _identity(self._path)
        atexit.register(self._remove)  # a signal may break off what comes before the owner knows of the port
        super().__init__(listener, f"unix:{self._path}")

    def close(self) -> None:
        super().close()
        self._remove()

    def _remove(self) -> None:
        atexit.unregister(self._remove)
        if self._identity is not None and _identity(self._path) == self._identity:
            self._path.unlink(missing_ok=True)
        self._identity = None


def _identity(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        status = path.lstat()
        return status.st_dev, status.st_ino
    return None


def _listen(path: Path) -> socket.socket:
    if len(os.fsencode(path)) > _LONGEST:
        raise UserError(f"unix:{path}: a socket's path has {_LONGEST} bytes at most; name a shorter one")
    _remove_stale(path)
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(path))
        path.chmod(0o600)  # nobody can connect before it listens
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        reason = "its folder does not exist" if error.errno == errno.ENOENT else error.strerror or str(error)
        raise UserError(f"unix:{path}: cannot listen there ({reason}); name another path") from error
    return listener


def _remove_stale(path: Path) -> None:
    """Remove a socket to which nobody listens.

    Raises:
        UserError: something else stands there, or somebody has the socket.
    """
    try:
        mode = path.lstat().st_mode
    except OSError:
        return  # nothing is there; if the folder is closed to us, binding tells
    if not stat.S_ISSOCK(mode):
        raise UserError(f"unix:{path}: exists and is no socket; move it away, or name another path")
    if not _is_stale(path):
        raise UserError(f"unix:{path}: somebody listens there, another emulator perhaps; stop it, or name another path")
    path.unlink(missing_ok=True)


def _is_stale(path: Path) -> bool:
    """Whether no process has the socket at this path.

    A datagram socket asks: a live stream socket refuses it by its type, and its owner does not notice.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
    return False


def _at(text: str) -> PortMaker:
    if not text or "\0" in text:
        raise UserError("no path; give one, as in unix:/tmp/modem")
    path = Path(text).absolute()  # a run that changes its folder listens at the same place again

    def make(_line: SerialLine) -> Port:
        return UnixPort(path)

    return make


TRANSPORT = Transport("unix:PATH", "a Unix stream socket", _at)
