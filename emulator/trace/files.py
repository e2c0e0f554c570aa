"""Files that a trace is written to: the transcript, and the key log that Wireshark reads. Both are private."""

import os
from pathlib import Path
from typing import TextIO

from emulator.errors import UserError


def open_private(path: Path, option: str) -> TextIO:
    """Open a file for appending lines, readable by its owner only when it is new.

    Raises:
        UserError: it cannot be written; `option` is the one that named it.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UserError(f"{option} {path}: {error.strerror}; name a file that can be written") from error
    return os.fdopen(descriptor, "w", buffering=1, encoding="utf-8")
