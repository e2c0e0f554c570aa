"""Define the records of NVM: read-only structs, with mappings that are read-only, too."""

from types import MappingProxyType
from typing import Any

import msgspec


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value in NVM. Its service declares it; another value is another record."""


def freeze(record: Record) -> None:
    """Make the mappings of a new record read-only."""
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if isinstance(value, dict):
            msgspec.structs.force_setattr(record, name, _frozen(value))


def _frozen(value: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    frozen = {key: _frozen(inner) if isinstance(inner, dict) else inner for key, inner in value.items()}
    return MappingProxyType(frozen)
