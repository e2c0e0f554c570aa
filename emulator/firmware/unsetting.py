"""`unset = ["secure_socket", …]`: the keys of lower layers that a layer takes away."""

from collections.abc import Iterator
from typing import Any

from emulator.errors import UserError
from emulator.firmware import keys
from emulator.firmware.layers import UNSET, KeyPath, Tables
from emulator.firmware.lines import common

_OF_EVERY_MODULE = ("settings", "stored")
"""Tables of numbers; the code counts on those that are common to all lines."""


def keys_to_unset(listed: Any, source: str) -> tuple[KeyPath, ...]:
    """Read the list of a layer.

    Raises:
        UserError: it is no list of keys that the schema has, or a module cannot be without one of them.
    """
    if not isinstance(listed, list) or not all(isinstance(key, str) for key in listed):
        raise UserError(f'{source}: {UNSET} is no list of keys; one reads like {UNSET} = ["power.cpu_modes"]')
    where = f"{source}: {UNSET}"
    paths = tuple(keys.known(keys.parts(key, where), where) for key in listed)
    for path in paths:
        _refuse_common(path, where)
    return paths


def _refuse_common(path: KeyPath, where: str) -> None:
    if path[0] not in _OF_EVERY_MODULE:
        return
    if len(path) == 1 or path[1] in common().tables[path[0]]:
        instead = keys.written(("commands", *path[1:2])) + (" = false" if len(path) > 1 else "")
        raise UserError(f"{where}: every module has {keys.written(path)}; {instead} takes commands away")


def not_set(path: KeyPath, tables: Tables, source: str) -> UserError:
    """Make the error of a key that no layer gives."""
    near = keys.nearest(keys.written(path), (keys.written(given) for given in _given(tables, ())))
    return UserError(f"{source}: {UNSET}: nothing sets {keys.written(path)}{near}")


def _given(tables: Tables, above: KeyPath) -> Iterator[KeyPath]:
    for key, value in tables.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from _given(value, (*above, key))
