"""A name of the user's choice for a port whose own name changes from run to run."""

import atexit
import errno
import hashlib
import os
import secrets
import socket
import sys
from contextlib import suppress
from pathlib import Path

from emulator.errors import UserError


class PortLink:
    """Make a symbolic link to a terminal device, until `remove`.

    A link that dangles or leads to a device is replaced in one step, so that a host sees the old one or the new one.
    Numbers of pseudo-terminals are used again soon, so the target does not tell whether its emulator still runs: a
    `_Claim` on the path does.

    Raises UserError when another emulator has the link, when the folder is missing or not writable, or when anything
    else stands at the path: a file, a folder, a link to one of these.
    """

    def __init__(self, path: Path, target: str) -> None:
        self.path = path.absolute()
        self.target = target
        self._claim = _Claim(self.path)
        atexit.register(self.remove)  # a signal may break off whatever comes before the owner knows of the link
        try:
            self._place_for(path)
        except BaseException:
            self.remove()
            raise

    def __repr__(self) -> str:
        return f"<PortLink {self.path} -> {self.target}>"

    def remove(self) -> None:
        """Remove the link if it is still ours; harmless when it is not."""
        with suppress(OSError):
            if self.path.readlink() == Path(self.target):
                self.path.unlink()
        self._claim.release()
        atexit.unregister(self.remove)

    def _place_for(self, path: Path) -> None:
        """Make the link, which the user has named `path`."""
        try:
            self._place()
        except FileNotFoundError:
            raise UserError(f"{path}: its folder does not exist; make it first, or name another path") from None
        except OSError as error:
            raise UserError(f"{path}: no link can be made here ({error.strerror}); name another path") from error

    def _place(self) -> None:
        try:
            self.path.symlink_to(self.target)
        except FileExistsError:
            self._replace()

    def _replace(self) -> None:
        if not self.path.is_symlink():
            raise UserError(f"{self.path}: exists and is not a link; move it away, or name another path")
        if self.path.exists() and not self.path.is_char_device():
            raise UserError(f"{self.path}: links to something other than a terminal; remove it, or name another path")
        aside = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        aside.symlink_to(self.target)
        try:
            aside.replace(self.path)
        except OSError:
            aside.unlink()
            raise


class _Claim:
    """Hold the right to the link at a path, until `release` or the end of the process, however it ends.

    It is the name of a Unix socket without a file (unix(7), abstract), which Linux alone has. Raises UserError when
    another emulator has it.
    """

    def __init__(self, path: Path) -> None:
        self._socket: socket.socket | None = None
        if sys.platform != "linux":
            return
        where = hashlib.sha256(os.fsencode(path.parent.resolve() / path.name)).hexdigest()
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.bind(f"\0telit-emulator-link-{where}")
        except OSError as error:
            self.release()
            if error.errno == errno.EADDRINUSE:
                raise UserError(f"{path}: an emulator that runs has this link; end it, or name another path") from error
            raise

    def release(self) -> None:
        """Let another emulator have the link; harmless a second time."""
        if self._socket is not None:
            self._socket.close()
