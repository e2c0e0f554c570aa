"""Writes a report: the whole file in one step, or none at all."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from emulator.errors import UserError
from emulator.trace.files import open_output, write_whole

_MODE = 0o666
"""Of a report, less what the user's umask takes away."""


def write_in_one_step(path: Path, data: bytes, mode: int) -> None:
    """Write a file under another name in the same folder, and put it in the place of an older one; a link is followed.

    Raises:
        OSError: that fails; what was there still is.
    """
    target = Path(os.path.realpath(path))
    _write_beside(target, data, mode).replace(target)


def _write_beside(target: Path, data: bytes, mode: int) -> Path:
    path = target.with_name(f".{secrets.token_hex(8)}.part")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        write_whole(descriptor, data)
        os.fsync(descriptor)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    finally:
        os.close(descriptor)
    return path


class WholeFile:
    """Hold the place of a report until it is written.

    An older report is removed at once, so that nobody takes it for the one that was to come. A pipe or a device is
    opened at once, and written as it is.
    """

    def __init__(self, path: Path, option: str) -> None:
        """Check that the report can be written; `option` is the option that named it.

        Raises:
            UserError: it cannot.
        """
        self._path = path
        self._option = option
        self._descriptor: int | None = None
        try:
            self._target = Path(os.path.realpath(path))
            if path.exists() and not stat.S_ISREG(path.stat().st_mode):
                self._descriptor = open_output(path, option, os.O_WRONLY)
            else:
                _write_beside(self._target, b"", _MODE).unlink()
                self._target.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def __repr__(self) -> str:
        return f"<WholeFile {self._path}>"

    def write(self, text: str) -> None:
        """Write the report.

        Raises:
            UserError: it cannot be written; there is no file then.
        """
        data = text.encode(errors="replace")
        try:
            if self._descriptor is not None:
                write_whole(self._descriptor, data)
            else:
                write_in_one_step(self._target, data, _MODE)
        except OSError as error:
            raise self._unwritable(error) from error

    def close(self) -> None:
        """Let go of a pipe."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _unwritable(self, error: OSError) -> UserError:
        remedy = "name a file in a folder that exists and can be written"
        return UserError(f"{self._option} {self._path}: {error.strerror}; {remedy}")
