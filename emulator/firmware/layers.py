"""Tables laid over each other: the common facts, a line's, a model's, a user's. Later ones win, key by key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Tables = dict[str, Any]
KeyPath = tuple[str | int, ...]
"""Where a value stands: the keys that lead to it, and positions in lists."""

_EITHER = {"range": "choices", "choices": "range"}


@dataclass(frozen=True, slots=True)
class Layer:
    """Some of a profile's tables, and who gave them: a file, or a `--set` of the command line."""

    source: str
    tables: Tables


def merge(layers: Iterable[Layer]) -> Tables:
    """All layers in one. Tables are merged, anything else is replaced; a `range` replaces `choices` and the reverse."""
    merged: Tables = {}
    for layer in layers:
        merged = _over(merged, layer.tables)
    return merged


def _over(below: Tables, above: Tables) -> Tables:
    merged = {key: value for key, value in below.items() if _EITHER.get(key) not in above or key in above}
    for key, value in above.items():
        present = merged.get(key)
        merged[key] = _over(present, value) if isinstance(present, dict) and isinstance(value, dict) else value
    return merged


def source_of(path: KeyPath, layers: Sequence[Layer]) -> str:
    """Who gave the value at `path`; where none did, who gave the table that should hold it."""
    for length in range(len(path), 0, -1):
        for layer in reversed(layers):
            if _holds(layer.tables, path[:length]):
                return layer.source
    return layers[-1].source


def _holds(tables: Tables, path: KeyPath) -> bool:
    return value_at(tables, path) is not _ABSENT


_ABSENT = object()


def value_at(tables: Tables, path: KeyPath) -> Any:
    """The value at `path`; a value that equals nothing else where there is none."""
    value: Any = tables
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return _ABSENT
    return value
