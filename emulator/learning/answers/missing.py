"""Finds the parameters that a module's command has not, by the fields that its `=?` leaves out."""

import inspect
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any, get_args

from emulator.at.bound import BoundCommand
from emulator.firmware.keys import kind_at
from emulator.firmware.layers import KeyPath
from emulator.firmware.loader import Firmware
from emulator.firmware.schema.profile import Profile
from emulator.learning.answers.sources import source_of
from emulator.learning.claims.claim import ABSENT


@dataclass(frozen=True)
class Missing:
    """Parameters that a module has not, and what its profile says of that."""

    names: frozenset[str]
    path: KeyPath
    value: Any


def missing_of(
    bound: BoundCommand[Profile], expected: Sequence[str | None], fields: Sequence[str], base: Firmware
) -> Missing | None:
    """Return the parameters without which all others are described as the base does.

    Args:
        bound: the command as the base has it.
        expected: the parameter that each field describes there; None for a field that describes none.
        fields: what the module shows.
        base: where the learning began.

    None where there is not exactly one answer.
    """
    described = {parameter.name: reader.described for parameter, reader in bound.parameters}
    found = []
    for one in _candidates(bound, base):
        left = [name for name in expected if name not in one.names]
        pairs = zip(left, fields, strict=False)
        if len(left) == len(fields) and all(name is None or described[name] == text for name, text in pairs):
            found.append(one)
    return found[0] if len(found) == 1 else None


def _candidates(bound: BoundCommand[Profile], base: Firmware) -> Iterator[Missing]:
    """Return what may be missing: a parameter that may be left out, or all those of a table that may be."""
    name = bound.command.name
    counts = Counter(parameter.name for parameter, _ in bound.parameters)
    tables: Mapping[KeyPath, set[str]] = defaultdict(set)
    for parameter, _ in bound.parameters:
        source = source_of(bound, parameter, base)
        table = _optional(source.path, bound.command.requires) if source is not None else None
        if table is not None:
            tables[table].add(parameter.name)
        elif counts[parameter.name] == 1 and parameter.default is not inspect.Parameter.empty:
            yield Missing(frozenset({parameter.name}), ("commands", name, parameter.name), False)
    for path, names in tables.items():
        yield Missing(frozenset(names), path, ABSENT)


def _optional(path: KeyPath, required: str) -> KeyPath | None:
    """Return the longest part of a key that a profile may lack without lacking the command."""
    if path[0] in ("commands", "settings", "stored"):
        return None
    for length in range(len(path), 0, -1):
        if f"{required}.".startswith(f"{'.'.join(map(str, path[:length]))}."):
            return None
        if NoneType in get_args(kind_at(path[:length])):
            return path[:length]
    return None
