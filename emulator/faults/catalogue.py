"""Finds all kinds of faults, and makes a fault of what a user wrote."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, get_args

import msgspec

from emulator.decoding import convert
from emulator.errors import UserError
from emulator.faults import kinds
from emulator.faults.fault import Fault
from emulator.faults.quantities import Quantity, decode_quantity


def _declared() -> Iterator[type[Fault]]:
    """Find the kinds of faults: files in the order of their names, kinds in the order of their declaration."""
    for file in iter_modules(kinds.__path__):
        module = import_module(f"{kinds.__name__}.{file.name}")
        for known in vars(module).values():
            if isinstance(known, type) and issubclass(known, Fault) and known.__module__ == module.__name__:
                yield known


FAULTS: Mapping[str, type[Fault]] = {str(kind.__struct_config__.tag): kind for kind in _declared()}
"""Kinds by name, in the order of the manual."""


def make(name: str, parameters: Mapping[str, Any]) -> Fault:
    """Make the fault called `name`.

    Raises:
        UserError: there is no such fault or parameter, or a value is not allowed.
    """
    from emulator.firmware import keys

    if name not in FAULTS:
        raise UserError(f"there is no fault {name!r}{keys.nearest(name, FAULTS) or '; ' + keys.one_of(FAULTS)}")
    kind = FAULTS[name]
    known = keys.kinds(kind)
    for key in parameters:
        if key not in known:
            raise UserError(f"{name}: unknown key {key!r}{keys.nearest(key, known) or '; ' + keys.one_of(known)}")
    for needed in _required(kind):
        if needed not in parameters:
            raise UserError(f"{name}: {needed} is missing; give {allowed(known[needed])}")
    parameters = {key: _as_text(value) if is_text(known[key]) else value for key, value in parameters.items()}
    for key, value in parameters.items():
        _check(name, key, value, known[key])
    try:
        return convert({"fault": name, **parameters}, kind, dec_hook=decode_quantity)
    except msgspec.ValidationError as error:  # two keys do not go together
        raise UserError(f"{name}: {error}") from error


@cache
def _required(kind: type[Fault]) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(kind) if field.required)


def _check(name: str, key: str, value: Any, kind: Any) -> None:
    try:
        convert(value, kind, dec_hook=decode_quantity)
    except msgspec.ValidationError as error:
        why = str(error) if quantity_of(kind) else f"{value!r} is not allowed; give {allowed(kind)}"
        raise UserError(f"{name}: {key}: {why}") from error


def allowed(kind: Any) -> str:
    """Describe the values of this kind."""
    from emulator.firmware import keys

    if _is_number_or_name(kind):
        return "a whole number or a name"
    quantity = quantity_of(kind)
    return quantity.form() if quantity is not None else keys.allowed(kind)


def quantity_of(kind: Any) -> type[Quantity] | None:
    """Return the quantity among the types of a key; None when there is none."""
    members = (member for member in (kind, *get_args(kind)) if isinstance(member, type))
    return next((member for member in members if issubclass(member, Quantity)), None)


def is_text(kind: Any) -> bool:
    """Return whether a key holds text, for which a whole number is taken, too."""
    members = {kind, *get_args(kind)}
    return str in members and int not in members


def _as_text(value: Any) -> Any:
    """Take a whole number for its digits, as in `terminal=2` or `pin=1234`."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _is_number_or_name(kind: Any) -> bool:
    return {int, str} <= set(get_args(kind))
