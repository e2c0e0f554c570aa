"""Writes a profile as the shipped ones are: a table a subject, a line a key, limits and lists within the line."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from emulator.firmware import keys
from emulator.firmware.keys import written
from emulator.firmware.layers import UNSET, KeyPath
from emulator.firmware.limits import Numeric
from emulator.learning.claims.draft import Draft

Remark = Callable[[KeyPath], str]
"""Returns what stands behind the value of a key."""


def as_toml(head: Mapping[str, str], draft: Draft, remark: Remark = lambda _: "") -> str:
    """Return the text of a profile's file: its head, and what the draft changes.

    Args:
        head: `extends` and the like.
        draft: the values.
        remark: what stands as a comment behind the value of a key; empty for none.
    """
    lines = [f"{key} = {_toml(value)}" for key, value in head.items()]
    lines += list(_taken_away(draft, remark))
    for table, rows in _tables(draft.values).items():
        lines += ["", f"[{written(table)}]"]
        for name, values in rows.items():
            remarks = dict.fromkeys(filter(None, (remark((*table, name, *rest)) for rest in values)))
            lines.append(_with_remark(f"{written((name,))} = {_toml(_nested(values))}", "; ".join(remarks)))
    return "\n".join([*lines, ""])


def _taken_away(draft: Draft, remark: Remark) -> Iterator[str]:
    if draft.unset:
        yield f"{UNSET} = ["
        yield from (_with_remark(f"    {_toml(written(path))},", remark(path)) for path in draft.unset)
        yield "]"


def _with_remark(line: str, remark: str) -> str:
    return f"{line}  # {remark}" if remark else line


def _tables(values: Mapping[KeyPath, Any]) -> dict[KeyPath, dict[str, dict[KeyPath, Any]]]:
    """Group values by table, and by the key that has a line of its own there."""
    tables: dict[KeyPath, dict[str, dict[KeyPath, Any]]] = {}
    for path in sorted(values, key=_order):
        depth = _depth(path)
        row = tables.setdefault(path[:depth], {}).setdefault(str(path[depth]), {})
        row[path[depth + 1 :]] = values[path]
    return tables


def _order(path: KeyPath) -> tuple[int, KeyPath]:
    """Return the place of a key in a file: that of its table in the schema, then that of its table's name."""
    subjects = [known[0] for known in keys.all_keys()]
    return subjects.index(path[0]), tuple(map(str, path[: _depth(path)]))


def _depth(path: KeyPath) -> int:
    """Return how many parts of a key name its table: the rest stands on one line."""
    depth = 1
    while depth < len(path) - 1 and _is_section(path[: depth + 1]):
        depth += 1
    return depth


def _is_section(path: KeyPath) -> bool:
    kind = keys.plain(keys.kind_at(path))
    of_names = keys.origin(keys.plain(keys.kind_at(path[:-1]))) is dict
    return keys.is_table(kind) and not issubclass(kind, Numeric) and not of_names


def _nested(values: Mapping[KeyPath, Any]) -> Any:
    if () in values:
        return values[()]
    nested: dict[str, Any] = {}
    for path, value in values.items():
        table = nested
        for key in path[:-1]:
            table = table.setdefault(str(key), {})
        table[str(path[-1])] = value
    return nested


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        pairs = ", ".join(f"{written((key,))} = {_toml(inner)}" for key, inner in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
