"""Provocations: commands that a module refuses for a known reason, and the state in which it does."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from emulator.errors import Cause
from emulator.firmware.keys import parts
from emulator.firmware.layers import KeyPath
from emulator.firmware.loader import Firmware
from emulator.firmware.schema.profile import Profile

_FILE = Path(__file__).with_name("provocations.toml")


class Sight(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an answer shows: every line of it fits the pattern."""

    asks: str
    shows: str
    """A regular expression for each line."""
    has: str = ""
    """A regular expression that one line at least fits; empty for none."""
    least: int = 0
    """How many lines there are at least."""

    def fits(self, lines: list[str]) -> bool:
        """Return whether an answer of these lines shows it."""
        has = not self.has or any(re.fullmatch(self.has, line) for line in lines)
        return has and len(lines) >= self.least and all(re.fullmatch(self.shows, line) for line in lines)


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A state of the module: what shows it, and how it is entered and left where that can be done."""

    sees: tuple[Sight, ...]
    """What shows that the module is in it."""
    enter: str = ""
    """Brings it about; empty where nothing may."""
    leave: str = ""
    """Undoes that."""
    allowed: tuple[Sight, ...] = ()
    """What must be seen before it may be entered."""
    is_seldom: bool = False
    """Whether a module on a desk is seldom in it, as without a card."""
    seldom_with: str = ""
    """A table of the profile with which it is seldom in it; empty for none."""

    seldom_without: str = ""
    """A table of the profile without which it is seldom in it; empty for none."""

    def is_usual(self, base: Firmware) -> bool:
        """Return whether a module of this firmware is mostly in the state, or can be brought there."""
        lacks_it = self.seldom_without and not _has(base, self.seldom_without)
        hinders = self.seldom_with and _has(base, self.seldom_with)
        return not (self.is_seldom or lacks_it or hinders)


class Provocation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command that is refused in a state, and the key that names the cause; or the cause, where no key does."""

    command: str
    states: tuple[str, ...] = ()
    key: str = ""
    """The key whose value is the cause."""
    cause: Cause | None = None
    """The cause, where it is the same for every firmware."""
    entry: str = ""
    """What is entered at its prompt; it ends with Ctrl-Z or ESC."""
    undo: str = ""
    """Sent when the command was carried out against all expectation."""
    unlike: tuple[str, ...] = ()
    """Keys of refusals that may come in its place: it tells nothing where it looks like one of them."""
    certain: bool = False
    """Whether no parameter can be the reason of the refusal."""

    @property
    def command_name(self) -> str:
        """Return the name of its command."""
        return re.split(r"[=?]", self.command[2:])[0]

    @property
    def path(self) -> KeyPath | None:
        """Return the path of the key."""
        return parts(self.key, _FILE.name) if self.key else None

    @property
    def others(self) -> Sequence[KeyPath]:
        """Return the paths of `unlike`."""
        return [parts(key, _FILE.name) for key in self.unlike]

    def expected(self, base: Firmware) -> Cause | None:
        """Return the cause that a firmware has for it; None where it has no such table."""
        if self.path is None:
            return self.cause
        return cause_at(base.profile, self.path)


class Provocations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table."""

    states: dict[str, State]
    provocations: tuple[Provocation, ...]


def cause_at(profile: Profile, path: KeyPath) -> Cause | None:
    """Return the cause that a profile has at a key; None where it lacks the table."""
    value = _at(profile, path)
    return value if isinstance(value, Cause) else None


def _has(base: Firmware, table: str) -> bool:
    return _at(base.profile, parts(table, _FILE.name)) is not None


def _at(profile: Profile, path: KeyPath) -> object:
    value: object = profile
    for key in path:
        value = getattr(value, str(key), None)
    return value


@cache
def all_provocations() -> Provocations:
    """Read the table."""
    return msgspec.toml.decode(_FILE.read_bytes(), type=Provocations)
