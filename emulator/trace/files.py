"""Files that a trace is written to: the transcript, and the key log that Wireshark reads. Both are private."""

import logging
import os
from contextlib import suppress
from pathlib import Path

from emulator.errors import UserError


class LineFile:
    """Appends lines to a file, each one at once; a new file can be read by its owner only.

    When the disk is full it complains once and writes no more: the modem goes on.
    """

    def __init__(self, path: Path, option: str) -> None:
        """Open the file; `option` is the one that named it.

        Raises:
            UserError: it cannot be written.
        """
        self._path = path
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise UserError(f"{option} {path}: {error.strerror}; name a file that can be written") from error
        self._file = os.fdopen(descriptor, "w", buffering=1, encoding="utf-8")

    def __repr__(self) -> str:
        return f"<LineFile {self._path}{', closed' if self._file.closed else ''}>"

    def write(self, line: str) -> None:
        """Append one line; after a failure, or once closed, nothing."""
        if self._file.closed:
            return
        try:
            self._file.write(f"{line}\n")
        except OSError as error:
            self.close()
            logging.getLogger("emulator").error("%s: %s; nothing more is written to it", self._path, error.strerror)

    def close(self) -> None:
        """Write no more."""
        with suppress(OSError):  # what did not fit when it was written does not fit now
            self._file.close()
