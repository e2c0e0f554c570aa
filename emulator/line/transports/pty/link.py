"""A name of the user's choice for a port whose own name changes from run to run."""

import secrets
from contextlib import suppress
from pathlib import Path

from emulator.errors import UserError


class PortLink:
    """Make a symbolic link to a terminal device, until `remove`.

    A link that dangles or leads to a device is replaced in one step, so that a host sees the old one or the new one. It
    may be the link of an emulator that still runs: numbers of pseudo-terminals are used again soon, so the target does
    not tell who made the link. Then the newest emulator has it, and the older one leaves it alone.

    Raises UserError when the folder is missing or not writable, or when anything else stands at the path: a file, a
    folder, a link to one of these.
    """

    def __init__(self, path: Path, target: str) -> None:
        self.path = path.absolute()
        self.target = target
        try:
            self._place()
        except FileNotFoundError:
            raise UserError(f"{path}: its folder does not exist; make it first, or name another path") from None
        except OSError as error:
            raise UserError(f"{path}: no link can be made here ({error.strerror}); name another path") from error

    def __repr__(self) -> str:
        return f"<PortLink {self.path} -> {self.target}>"

    def remove(self) -> None:
        """Remove the link if it is still ours; harmless when it is not."""
        with suppress(OSError):
            if self.path.readlink() == Path(self.target):
                self.path.unlink()

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
