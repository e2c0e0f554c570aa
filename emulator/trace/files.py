"""Writes the files of a trace: transcript, events and key log. All are private."""

import logging
import os
from contextlib import suppress
from pathlib import Path

from emulator.errors import UserError


def open_private(path: Path, option: str, flags: int) -> int:
    """Open a file for writing, made if need be; a new one can be read by its owner only.

    Raises:
        UserError: it cannot be opened; `option` is the one that named it.
    """
    try:
        return os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UserError(f"{option} {path}: {error.strerror}; name a file that can be written") from error


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
        descriptor = open_private(path, option, os.O_WRONLY | os.O_APPEND)
        self._file = os.fdopen(descriptor, "w", buffering=1, encoding="utf-8")

    def __repr__(self) -> str:
        return f"<LineFile {self._path}{', closed' if self._file.closed else ''}>"

    def write(self, line: str) -> None:
        """Append one line; do nothing after a failure, or once closed."""
        if self._file.closed:
            return
        try:
            self._file.write(f"{line}\n")
        except OSError as error:
            self.close()
            complain(self._path, error)

    def close(self) -> None:
        """Close the file."""
        with suppress(OSError):  # what did not fit when it was written does not fit now
            self._file.close()
