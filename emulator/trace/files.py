"""Writes the files of a trace: transcript, events and key log. All are private."""

import errno
import logging
import os
import select
from pathlib import Path
from typing import Final

from emulator.errors import UserError

_UNREAD: Final = 1.0
"""Seconds that a write waits for the reader of a pipe; meanwhile the modem stands still."""


def open_output(path: Path, option: str, flags: int, mode: int = 0o600) -> int:
    """Open a file for writing, made if need be; a new one can be read by its owner only, unless `mode` says otherwise.

    A pipe is never waited for: neither for its reader, nor when it is full.

    Raises:
        UserError: it cannot be opened; `option` is the one that named it.
    """
    try:
        return os.open(path, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY, mode)
    except OSError as error:
        if error.errno == errno.ENXIO:
            remedy = "nobody reads this pipe; start its reader first, or name a file"
            raise UserError(f"{option} {path}: {remedy}") from error
        raise UserError(f"{option} {path}: {error.strerror}; name a file that can be written") from error


def write_whole(descriptor: int, data: bytes) -> None:
    """Write all of it; the reader of a pipe must go on taking some.

    Raises:
        OSError: it cannot be written, or the reader takes nothing for a second.
    """
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:
            if not _takes_more(descriptor):
                raise OSError(errno.EAGAIN, "its reader takes nothing") from None


def _takes_more(descriptor: int) -> bool:
    poll = select.poll()  # select() takes no descriptor above 1023, and a process may run hundreds of modems
    poll.register(descriptor, select.POLLOUT)
    return bool(poll.poll(_UNREAD * 1000))


def complain(path: Path, error: OSError) -> None:
    """Warn that a file could not be written, and that nothing more is written."""
    logging.getLogger("emulator").error("%s: %s; nothing more is written to it", path, error.strerror)


class LineFile:
    """Append lines to a file, each one at once; a new file can be read by its owner only.

    When the disk is full it complains once and writes no more: the modem goes on.
    """

    def __init__(self, path: Path, option: str) -> None:
        """Open the file; `option` is the option that named it.

        Raises:
            UserError: it cannot be written.
        """
        self._path = path
        self._descriptor: int | None = open_output(path, option, os.O_WRONLY | os.O_APPEND)

    def __repr__(self) -> str:
        return f"<LineFile {self._path}{', closed' if self._descriptor is None else ''}>"

    def write(self, line: str) -> None:
        """Append one line; do nothing after a failure, or once closed."""
        self.write_lines(f"{line}\n".encode())

    def write_lines(self, lines: bytes) -> None:
        """Append whole lines in UTF-8, each with its end; do nothing after a failure, or once closed."""
        if self._descriptor is None:
            return
        try:
            write_whole(self._descriptor, lines)
        except OSError as error:
            self.close()
            complain(self._path, error)

    def close(self) -> None:
        """Close the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
