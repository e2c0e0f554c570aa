"""Finds the key of the profile that a parameter's values come from, so that no table has to say so.

The declaration of a parameter reads the profile; it is watched while it does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from emulator.at.bound import BoundCommand
from emulator.at.command import Parameter
from emulator.at.parameters import Kind, Number, NumberOrZero, Reader, Repeated, Signed, Text, Word
from emulator.firmware.layers import KeyPath
from emulator.firmware.limits import Numeric
from emulator.firmware.loader import Firmware
from emulator.firmware.schema.profile import Profile
from emulator.learning.answers.ranges import words_of


class _Watched:
    """A table of a profile; the values that are read from it are noted, and so are tables that are asked for more."""

    def __init__(self, table: Any, path: KeyPath, read: list[tuple[KeyPath, Any]]) -> None:
        self._table = table
        self._path = path
        self._read = read

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._table, name)
        if name not in getattr(self._table, "__struct_fields__", ()):
            return self._opaque(value)
        return self._inner(name, value)

    def __getitem__(self, key: str) -> Any:
        return self._inner(key, self._table[key])

    def get(self, key: str, default: Any = None) -> Any:
        """Read a value of a table by names, as dict does."""
        return self._inner(key, self._table[key]) if key in self._table else default

    def _inner(self, name: str, value: Any) -> Any:
        path = (*self._path, name)
        if isinstance(value, Mapping) or (isinstance(value, msgspec.Struct) and not isinstance(value, Numeric)):
            return _Watched(value, path, self._read)
        self._read.append((path, value))
        return value

    def _opaque(self, value: Any) -> Any:
        """Note that something was read whose key is not known: a property, or a method."""
        self._read.append(((), value))
        return value


def key_read(read: Callable[[Profile], object], profile: Profile) -> tuple[KeyPath, Any] | None:
    """Return the only key that a function reads from a profile, and its value; None where there is not exactly one."""
    found: list[tuple[KeyPath, Any]] = []
    try:
        read(cast(Profile, _Watched(profile, (), found)))
    except (AttributeError, KeyError, TypeError):
        return None
    return found[0] if len(found) == 1 and found[0][0] else None


@dataclass(frozen=True)
class Source:
    """The key of a parameter's values, and what the base has there."""

    path: KeyPath
    value: Any
    """Limits of a number, words, the lowest and highest number, or the length of a text."""
    zero_besides: bool = False
    """Whether `=?` shows a 0 that is not among the limits."""


def source_of(bound: BoundCommand[Profile], parameter: Parameter[Profile], firmware: Firmware) -> Source | None:
    """Return where the values of a parameter come from; None where they are computed, or no number, word or length.

    What the declaration has itself, a profile overrules under `commands`.
    """
    kind = parameter.kind.single if isinstance(parameter.kind, Repeated) else parameter.kind
    name, profile = bound.command.name, firmware.profile
    zero = isinstance(kind, NumberOrZero)
    said = profile.commands.get(name)
    if isinstance(said, dict) and isinstance(own := said.get(parameter.name), Numeric):
        return Source(("commands", name, parameter.name), own, zero)
    if isinstance(kind, Number):
        limits = kind.limits(profile)
        if limits is None:
            return None
        if limits == profile.settings.get(name):  # equal ones of two profiles may be one object
            return Source(("settings", name), limits)
        if kind.is_fixed:
            return Source(("commands", name, parameter.name), limits, zero)
        path = _key_of(kind.limits, profile, limits)
        return Source(path, limits, zero) if path else None
    found = key_read(kind.bind, profile)
    is_known = found is not None and _is_shown(kind, found[1], kind.bind(profile))
    return Source(*found) if found is not None and is_known else None


def _key_of(read: Callable[[Profile], object], profile: Profile, value: object) -> KeyPath | None:
    found = key_read(read, profile)
    return found[0] if found is not None and found[1] is value else None


def _is_shown(kind: Kind[Any, Profile], value: Any, reader: Reader[Any] | None) -> bool:
    """Return whether the value of a key is what `=?` shows, and no part of it."""
    if reader is None:
        return False
    if isinstance(kind, Word):
        return isinstance(value, tuple) and list(value) == list(words_of(reader.described) or ())
    if isinstance(kind, Signed):
        return isinstance(value, tuple) and reader.described == f"({value[0]}-{value[1]})"
    return isinstance(kind, Text) and isinstance(value, int) and reader.described == str(value)
