"""Flaws of merged tables: the first one, as an error of one line that names key and source."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import msgspec

from emulator.decoding import convert
from emulator.errors import UserError
from emulator.firmware import keys
from emulator.firmware.layers import KeyPath, Layer, Tables, source_of, taken_away_below, taken_away_by

_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Flaw:
    path: KeyPath
    message: str
    missing: KeyPath | None = None
    """The key that no layer gives."""


def first_flaw(layers: Sequence[Layer], tables: Tables, struct: type[msgspec.Struct], otherwise: str) -> UserError:
    """Make the error of the first flaw of the layers' tables; where none is found, it says `otherwise`."""
    flaw = _flaw(tables, struct, ()) or _Flaw((), otherwise)
    source = taken_away_by(flaw.missing, layers) or taken_away_below(flaw.path, layers) or source_of(flaw.path, layers)
    return UserError(f"{source}: {flaw.message}")


def _flaw(value: Any, kind: Any, path: KeyPath) -> _Flaw | None:
    """Find the first flaw of a value, from the inside out; None where it fits."""
    inner = keys.plain(kind)
    found: _Flaw | None = None
    if keys.is_table(inner) and isinstance(value, dict):
        found = _flaw_in_table(value, inner, path)
    elif keys.origin(inner) is dict and isinstance(value, dict):
        found = _flaw_in_entries(value, inner, path)
    elif keys.origin(inner) is tuple and keys.is_table(get_args(inner)[0]) and isinstance(value, list):
        members = (_flaw(member, get_args(inner)[0], (*path, number)) for number, member in enumerate(value))
        found = next((flaw for flaw in members if flaw), None)
    return found or _flaw_of_itself(value, kind, path)


def _flaw_in_table(table: dict[str, Any], struct: type[msgspec.Struct], path: KeyPath) -> _Flaw | None:
    known = keys.kinds(struct)
    for key in table:
        if key not in known:
            return _Flaw((*path, key), keys.unknown((*path, key), known))
    for field in msgspec.structs.fields(struct):
        if field.required and field.name not in table:
            wanted = keys.allowed(known[field.name])
            here = (*path, field.name)
            return _Flaw(path, f"{keys.written(here)} is missing; give {wanted}", missing=here)
    flaws = (_flaw(table[key], known[key], (*path, key)) for key in table)
    return next((flaw for flaw in flaws if flaw), None)


def _flaw_in_entries(entries: dict[str, Any], kind: Any, path: KeyPath) -> _Flaw | None:
    key_kind, value_kind = get_args(kind)
    for key, value in entries.items():
        here = (*path, key)
        try:
            convert(key, key_kind)
        except msgspec.ValidationError:
            near = keys.nearest(key, (member.value for member in key_kind))
            return _Flaw(here, f"unknown key {keys.written(here)}{near or '; ' + keys.allowed(key_kind)}")
        if flaw := _flaw(value, value_kind, here):
            return flaw
    return None


def _flaw_of_itself(value: Any, kind: Any, path: KeyPath) -> _Flaw | None:
    try:
        convert(value, kind)
    except msgspec.ValidationError as error:
        inner = keys.plain(kind)
        if keys.is_table(inner) and isinstance(value, dict):
            where = keys.written(path)
            return _Flaw(path, f"{where}: {error}" if where else str(error))
        return _Flaw(path, f"{keys.written(path)} is {_shown(value)}; give {keys.allowed(kind)}")
    return None


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a table"
    text = json.dumps(value, ensure_ascii=False, default=str)
    if not text.isprintable():
        text = json.dumps(value, default=str)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
