"""Keep NVM in a folder (`--state`): versioned JSON, mode 0600, written aside and renamed.

A kill or a power cut leaves either the old or the new state, never half of one. The next start removes the rest.
"""

import contextlib
import fcntl
import logging
import os
from pathlib import Path
from typing import TypeVar

import msgspec

from emulator.decoding import decode_json
from emulator.device.memory.content import FORMAT, VERSION, Nvm
from emulator.device.memory.factory import factory_nvm, fitted
from emulator.device.memory.medium import Medium, make_durable_folder, put
from emulator.device.memory.migration import READABLE, Content, migrated
from emulator.device.memory.store import NvmStore
from emulator.errors import UserError
from emulator.firmware.loader import Firmware

_Content = TypeVar("_Content")
_ASIDE = ".nvm-"
"""Prefix of a file that is not yet the state."""


class NvmFile(NvmStore):
    """A store in a folder, which one emulator at a time may use."""

    def __init__(self, folder: Path, firmware: Firmware, medium: Medium | None = None) -> None:
        """Load the content, fitted to the firmware; a new folder starts from the factory.

        Args:
            folder: where the state stands.
            firmware: the firmware that runs with it.
            medium: the steps on the disk; those of the system unless given.

        Raises:
            UserError: the folder cannot be used, is in use, or holds a state that is damaged or not this model's.
        """
        self._medium = medium or Medium()
        try:
            make_durable_folder(self._medium, folder)
            self._lock: int | None = _lock(folder / "lock")
        except OSError as error:
            raise UserError(f"--state {folder}: {error.strerror}; name a folder that can be written") from error
        self._path = folder / "nvm.json"
        self._failing = False
        try:
            _sweep(self._medium, folder)
            super().__init__(_load(self._path, firmware))
        except UserError:
            self.close()
            raise

    def _keep(self, encoded: bytes) -> None:
        try:
            put(self._medium, self._path, msgspec.json.format(encoded), _ASIDE)
        except OSError as error:
            self._complain(error)
            raise
        self._failing = False

    def _complain(self, error: OSError) -> None:
        """Say once why the host hears `memory failure`, until a write succeeds."""
        if not self._failing:
            why = error.strerror or str(error)
            logging.getLogger("emulator").error(
                "%s: %s; the module refuses to store until that is mended", self._path, why
            )
        self._failing = True

    def close(self) -> None:
        """Let another emulator use the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


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


def _sweep(medium: Medium, folder: Path) -> None:
    """Remove files that a killed emulator left while it wrote: they may hold private keys."""
    for left in folder.glob(f"{_ASIDE}*"):
        with contextlib.suppress(OSError):
            medium.remove(left)


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
    if header.version not in READABLE:
        readable = ", ".join(map(str, READABLE))
        raise UserError(
            f"{path} has state version {header.version}, this emulator reads {readable}; name another --state folder"
        )
    if header.model != firmware.model:
        raise UserError(f"{path} belongs to {header.model}, not {firmware.model}; name another --state folder")
    if header.version != VERSION:
        content = msgspec.json.encode(migrated(_decode(path, content, Content)))
    return fitted(_decode(path, content, Nvm), firmware)


class _Header(msgspec.Struct):
    format: str = ""
    version: int = 0
    model: str = ""


def _decode(path: Path, content: bytes, kind: type[_Content]) -> _Content:
    try:
        return decode_json(content, kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is damaged ({error}); {_set_aside(path)}") from error
    except RecursionError:
        raise UserError(f"{path} is damaged (nested too deeply); {_set_aside(path)}") from None


def _set_aside(path: Path) -> str:
    aside = path.with_name(f"{path.name}.damaged")
    try:
        path.replace(aside)
    except OSError:
        return "remove it, or name another --state folder"
    return f"it was set aside as {aside.name}, start again for a factory state"
