"""Makes the manual of the faults from their declarations."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from emulator.docstrings import meaning
from emulator.faults.catalogue import FAULTS, allowed, quantity_of
from emulator.faults.fault import Fault
from emulator.firmware import keys


@dataclass(frozen=True)
class Key:
    """Describe a key of a fault."""

    name: str
    allowed: str
    """Values that it may have, in words."""
    default: str
    """Empty where it must be given, `-` where it may be left out without standing for a value."""
    meaning: str


def summary(kind: type[Fault]) -> str:
    """Return the docstring of a kind in one line."""
    return " ".join((inspect.getdoc(kind) or "").split())


def keys_of(kind: type[Fault], less: type[Fault] | None = None) -> list[Key]:
    """Return the keys of a kind, its own first, without those that `less` has in the same form."""
    known = list(_keys(less)) if less is not None else []
    return [key for key in _keys(kind) if key not in known]


def families() -> dict[type[Fault], list[str]]:
    """Return the names of the faults by family."""
    found: dict[type[Fault], list[str]] = {}
    for name, kind in FAULTS.items():
        found.setdefault(kind.__bases__[0], []).append(name)
    return found


def _keys(kind: type[Fault]) -> Iterator[Key]:
    kinds = keys.kinds(kind)
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    in_order = dict.fromkeys(name for owner in kind.__mro__ for name in vars(owner).get("__annotations__", {}))
    for field in (fields[name] for name in in_order if name in fields):
        default = "" if field.required else "-" if field.default is None else str(field.default)
        quantity = quantity_of(kinds[field.name])
        words = allowed(kinds[field.name]) if quantity is None else f'a {quantity.what}, as in "{quantity.example}"'
        yield Key(field.name, words, default.lower(), meaning(kind, field.name))
