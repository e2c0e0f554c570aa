"""What a file of evidence holds."""

from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec

from emulator.decoding import decode_json
from emulator.errors import UserError

Line = Annotated[str, msgspec.Meta(pattern=r"^[^\r\n]*$", description="text of one line")]
Named = Annotated[str, msgspec.Meta(pattern=r"^[^\r\n]*\S[^\r\n]*$", description="text of one line")]
UNEXPLAINED = "not looked into yet"
"""The reason of a difference that nobody has looked into."""


class ModuleSeen(msgspec.Struct, forbid_unknown_fields=True):
    """What the module says of itself."""

    maker: Named
    model: Named
    revision: Named


class EvidentExchange(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What the host sent, and what the module said, as lines of a dialogue."""

    sent: Line
    said: tuple[Line, ...]
    differs: Line = ""
    """Why the emulator says something else; empty where it says the same."""


class EvidentItem(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Exchanges that follow each other, from factory settings, without echo, with errors by number."""

    command: Named
    exchanges: tuple[EvidentExchange, ...]
    before: tuple[Line, ...] = ()
    """Commands that set the state for them."""
    after: tuple[Line, ...] = ()
    """Commands that undo what they change."""
    within: float | None = None
    """Seconds that an answer may take, where that is more than usual."""


class Evidence(msgspec.Struct, forbid_unknown_fields=True):
    """A file of evidence."""

    by: Named
    """Who had the module on the desk, and vouches that it was one."""
    day: date
    module: ModuleSeen
    firmware: Named
    """The firmware on which it is replayed."""
    situation: tuple[Named, ...]
    """Values of the profile, KEY=VALUE, that bring the emulated module into the situation of the real one."""
    items: tuple[EvidentItem, ...]


def read_evidence(path: Path) -> Evidence:
    """Read a file of evidence.

    Raises:
        UserError: it cannot be read, or is none.
    """
    try:
        return decode_json(path.read_bytes(), Evidence)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; name a file of evidence") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: no evidence: {error}; `telit-emulator conform --evidence` writes it") from error


def written(evidence: Evidence) -> str:
    """Return the text of the file."""
    return msgspec.json.format(msgspec.json.encode(evidence), indent=1).decode() + "\n"
