"""The keys of a profile by which learning is measured, and the reasons for those that no line can tell."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any, get_args

import msgspec

from emulator.commands.catalogue import command_table, declared_commands
from emulator.firmware import keys
from emulator.firmware.files import read_tables
from emulator.firmware.layers import KeyPath
from emulator.firmware.limits import Default, Numeric
from emulator.firmware.loader import Firmware
from emulator.firmware.schema.profile import Profile

LIMITS = ("range", "choices", "zero")
"""The parts of limits that say the same thing together: which values are allowed."""
_FILE = Path(__file__).with_name("unseen.toml")
_COMMANDS: KeyPath = ("commands",)
_ANSWERS: KeyPath = ("answers",)


@dataclass(frozen=True)
class Unseen:
    """Keys that cannot be found out, and the reason."""

    reason: str
    patterns: tuple[KeyPath, ...]

    def covers(self, path: KeyPath) -> bool:
        """Return whether one of the patterns is for this key."""
        return any(is_below(path, pattern) for pattern in self.patterns)


@cache
def unseen() -> tuple[Unseen, ...]:
    """Return what cannot be found out over a line."""
    entries = read_tables(_FILE, _FILE.name)["unseen"]
    return tuple(
        Unseen(entry["reason"], tuple(keys.parts(key, _FILE.name) for key in map(_quoted, entry["keys"])))
        for entry in entries
    )


def _quoted(pattern: str) -> str:
    """Write `*` as TOML has it."""
    return re.sub(r"(?:(?<=\.)|^)\*(?=\.|$)", '"*"', pattern)


def reason_unseen(path: KeyPath) -> str | None:
    """Return why a key cannot be found out; None where it can."""
    return next((entry.reason for entry in unseen() if entry.covers(path)), None)


def is_below(path: KeyPath, pattern: KeyPath) -> bool:
    """Return whether a key is what the pattern says, or below that."""
    pairs = zip_longest(pattern, path[: len(pattern)])
    return all(wanted in ("*", part) for wanted, part in pairs)


def unit_of(path: KeyPath) -> KeyPath:
    """Return the key that a value counts for: `range`, `choices` and `zero` are one, and named `range`."""
    return (*path[:-1], LIMITS[0]) if path[-1] in LIMITS else path


def keys_of(firmware: Firmware) -> tuple[KeyPath, ...]:
    """Return each key of a firmware that holds a value of its own, and each that it could have besides."""
    present = (path for path in _below(firmware.profile, Profile, ()) if path[:1] != _COMMANDS)
    names = {name for command in declared_commands() for name in command.names}
    names |= {bound.command.name for bound in command_table(firmware)}
    return (*present, *((*_COMMANDS, name) for name in sorted(names)))


def _below(value: Any, kind: Any, path: KeyPath) -> Iterator[KeyPath]:
    inner = keys.plain(kind)
    if keys.is_table(inner) and issubclass(inner, Numeric):
        yield from _of_limits(value, inner, path)
    elif keys.is_table(inner):
        for name, member in keys.kinds(inner).items():
            yield from _below(getattr(value, name, None), member, (*path, name))
    elif keys.origin(inner) is dict and path not in (_COMMANDS, _ANSWERS) and isinstance(value, Mapping) and value:
        member = get_args(inner)[1]
        for name, each in value.items():
            yield from _below(each, member, (*path, str(name)))
    else:
        yield path


def _of_limits(value: Numeric | None, kind: type[Numeric], path: KeyPath) -> Iterator[KeyPath]:
    yield (*path, LIMITS[0])
    if issubclass(kind, Default) or (value is not None and value.default is not None):
        yield (*path, "default")
    own = {field.name for field in msgspec.structs.fields(kind)} - {*LIMITS, "default"}
    yield from ((*path, name) for name in sorted(own))
