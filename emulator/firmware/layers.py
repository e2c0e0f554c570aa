"""Layers: the common facts, those of a line, a model and a user. Later ones win, key by key."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec

from emulator.decoding import convert

Tables = dict[str, Any]
KeyPath = tuple[str | int, ...]
"""The place of a value: the keys that lead to it, and positions in lists."""

UNSET = "unset"
"""In a layer, the list of the keys that it takes away."""

_Struct = TypeVar("_Struct", bound=msgspec.Struct)
_EITHER = {"range": "choices", "choices": "range"}


class Layer(msgspec.Struct, frozen=True):
    """Tables of a profile and their source: a file, or a `--set` of the command line."""

    source: str
    tables: Tables
    unset: tuple[KeyPath, ...] = ()
    """The keys of the layers below that it takes away."""
    at: KeyPath = ()
    """The place of the tables in the file; empty where they are all of it."""

    @classmethod
    def of(cls, source: str, tables: Tables, at: KeyPath = ()) -> "Layer":
        """Make the layer of tables as a file has them, where `unset` lists keys.

        Raises:
            UserError: `unset` is no list of keys that the schema has.
        """
        if UNSET not in tables:
            return cls(source, tables, at=at)
        from emulator.firmware.unsetting import keys_to_unset

        rest = {key: value for key, value in tables.items() if key != UNSET}
        return cls(source, rest, keys_to_unset(tables[UNSET], source), at)


def merge(layers: Iterable[Layer]) -> Tables:
    """Merge layers. Tables are merged, anything else is replaced; a `range` replaces `choices` and the reverse.

    Raises:
        UserError: a layer takes a key away that none below it gives.
    """
    merged: Tables = {}
    for layer in layers:
        for path in layer.unset:
            merged = _without(merged, path, layer.source)
        merged = _over(merged, layer.tables)
    return merged


def decode(layers: Sequence[Layer], struct: type[_Struct]) -> _Struct:
    """Merge layers and decode them into a struct: a `Profile`, or the head of a file.

    Raises:
        UserError: a key is unknown or missing, or a value is not allowed; it names key and source in one line.
    """
    tables = merge(layers)
    try:
        return convert(tables, struct)
    except msgspec.ValidationError as error:
        from emulator.firmware.validation import first_flaw

        raise first_flaw(layers, tables, struct, str(error)) from error


def _without(tables: Tables, path: KeyPath, source: str) -> Tables:
    """Return the tables without the key at `path`; the tables on the way are copied, not changed."""
    if value_at(tables, path) is _ABSENT:
        from emulator.firmware.unsetting import not_set

        raise not_set(path, tables, source)
    key, *rest = path
    kept = {name: value for name, value in tables.items() if name != key}
    return {**kept, str(key): _without(tables[str(key)], tuple(rest), source)} if rest else kept


def _over(below: Tables, above: Tables) -> Tables:
    merged = {key: value for key, value in below.items() if _EITHER.get(key) not in above or key in above}
    for key, value in above.items():
        present = merged.get(key)
        merged[key] = _over(present, value) if isinstance(present, dict) and isinstance(value, dict) else value
    return merged


def gives(layer: Layer, path: KeyPath) -> bool:
    """Return whether a layer gives the value at `path`."""
    return value_at(layer.tables, path) is not _ABSENT


def source_of(path: KeyPath, layers: Sequence[Layer]) -> str:
    """Return the source of the value at `path`; where there is none, that of the table that should hold it."""
    for length in range(len(path), 0, -1):
        for layer in reversed(layers):
            if gives(layer, path[:length]):
                return layer.source
    return layers[-1].source


def taken_away_by(path: KeyPath | None, layers: Iterable[Layer]) -> str | None:
    """Return the source of the layer that took the key at `path` away; None where none did."""
    return next((layer.source for layer in layers if path in layer.unset), None)


def taken_away_below(path: KeyPath, layers: Sequence[Layer]) -> str | None:
    """Return the source of the last layer that took a key below `path` away; None where none did, and for the root."""
    for layer in reversed(layers):
        if path and any(taken[: len(path)] == path for taken in layer.unset):
            return layer.source
    return None


def overruled(path: KeyPath, part: KeyPath, layers: Sequence[Layer]) -> bool:
    """Return whether a layer above the last one that gives the key at `path` took the table `part` away."""
    taken = [number for number, layer in enumerate(layers) if any(key == part[: len(key)] for key in layer.unset)]
    given = [number for number, layer in enumerate(layers) if gives(layer, path)]
    return bool(taken and given) and taken[-1] > given[-1]


_ABSENT = object()


def value_at(tables: Tables, path: KeyPath) -> Any:
    """Return the value at `path`; where there is none, a value that equals no other."""
    value: Any = tables
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return _ABSENT
    return value
