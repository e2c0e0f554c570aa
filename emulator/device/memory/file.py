"""Keep NVM in a folder (`--state`): versioned JSON, mode 0600, written aside and renamed.

A crash leaves either the old or the new state, never half of one. The next start removes the rest.
"""

import contextlib
import fcntl
import os
import tempfile
from pathlib import Path
from typing import TypeVar

import msgspec

from emulator.device.memory.content import FORMAT, VERSION, Nvm
from emulator.device.memory.factory import factory_nvm, fitted
from emulator.device.memory.store import NvmStore
from emulator.errors import UserError
from emulator.firmware.loader import Firmware

_Content = TypeVar("_Content")
_ASIDE = ".nvm-"
"""Prefix of a file that is not yet the state."""


class NvmFile(NvmStore):
    """A store in a folder, which one emulator at a time may use."""

    def __init__(self, folder: Path, firmware: Firmware) -> None:
        """Load the content, fitted to the firmware; a new folder starts from the factory.

        Raises:
            UserError: the folder cannot be used, is in use, or holds a state that is damaged or not this model's.
        """
        try:
            _make(folder)
            self._lock: int | None = _lock(folder / "lock")
        except OSError as error:
            raise UserError(f"--state {folder}: {error.strerror}; name a folder that can be written") from error
        self._path = folder / "nvm.json"
        try:
            _sweep(folder)
            super().__init__(_load(self._path, firmware))
        except UserError:
            self.close()
            raise

    def _keep(self, encoded: bytes) -> None:
        """Write a new file, make it durable, and replace the old one."""
        text = msgspec.json.format(encoded)
        descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=_ASIDE)  # mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        with contextlib.suppress(OSError):  # the new file is in place: the change can no longer fail
            _sync_folder(self._path.parent)

    def close(self) -> None:
        """Let another emulator use the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _make(folder: Path) -> None:
    """Make the folder with access for its owner only: it will hold private keys."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True)
        folder.chmod(0o700)  # the umask may have taken rights away


def _lock(path: Path) -> int:
    """Take the lock; write nothing to its file, and follow no link."""
    if path.is_symlink():
        raise UserError(f"--state {path.parent}: {path.name} is a symbolic link; remove it or name another folder")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise UserError(f"--state {path.parent}: another emulator uses this folder; stop it or name another") from None
    return descriptor


def _sweep(folder: Path) -> None:
    """Remove files that a killed emulator left while it wrote: they may hold private keys."""
    for left in folder.glob(f"{_ASIDE}*"):
        with contextlib.suppress(OSError):
            left.unlink()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _load(path: Path, firmware: Firmware) -> Nvm:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return factory_nvm(firmware)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; mend its permissions or name another --state folder") from error
    header = _decode(path, content, _Header)
    if header.format != FORMAT:
        raise UserError(f"{path} is not a state of this emulator; name another --state folder")
    if header.version != VERSION:
        raise UserError(
            f"{path} has state version {header.version}, this emulator reads {VERSION}; name another --state folder"
        )
    if header.model != firmware.model:
        raise UserError(f"{path} belongs to {header.model}, not {firmware.model}; name another --state folder")
    return fitted(_decode(path, content, Nvm), firmware)


class _Header(msgspec.Struct):
    format: str = ""
    version: int = 0
    model: str = ""


def _decode(path: Path, content: bytes, kind: type[_Content]) -> _Content:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is damaged ({error}); {_set_aside(path)}") from error


def _set_aside(path: Path) -> str:
    aside = path.with_name(f"{path.name}.damaged")
    try:
        path.replace(aside)
    except OSError:
        return "remove it, or name another --state folder"
    return f"it was set aside as {aside.name}, start again for a factory state"
