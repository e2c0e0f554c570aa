"""A draft: the firmware from which learning began, and the claims in which the module differs from it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emulator.firmware.layers import KeyPath, Tables, merge, value_at
from emulator.firmware.loader import Firmware
from emulator.learning.claims.claim import ABSENT, Claim
from emulator.learning.reports.scope import LIMITS, unit_of

_NOTHING = value_at({}, ("nothing",))


@dataclass(frozen=True)
class Draft:
    """A base, and what is claimed besides."""

    base: Firmware
    claims: tuple[Claim, ...]

    @classmethod
    def of(cls, base: Firmware, claims: Iterable[Claim]) -> "Draft":
        """Make the draft of those claims that differ from the base."""
        tables = merge(base.layers)
        units = by_unit(claims)
        kept = (claim for unit, group in units.items() if not agrees(tables, unit, group) for claim in group)
        return cls(base, tuple(kept))

    def without(self, units: Iterable[KeyPath]) -> "Draft":
        """Return the draft without the claims of these keys."""
        left_out = set(units)
        return Draft(self.base, tuple(claim for claim in self.claims if unit_of(claim.path) not in left_out))

    @property
    def units(self) -> Mapping[KeyPath, list[Claim]]:
        """Return the claims by key."""
        return by_unit(self.claims)

    @property
    def unset(self) -> list[KeyPath]:
        """Return the keys that it takes away."""
        return [claim.path for claim in self.claims if claim.value is ABSENT]

    @property
    def values(self) -> dict[KeyPath, Any]:
        """Return the values that it gives, by key."""
        found = {claim.path: claim.value for claim in self.claims if claim.value is not ABSENT}
        base = merge(self.base.layers)
        for path in [path for path in found if path[-1] in LIMITS[:2]]:
            if value_at(base, (*path[:-1], "zero")) is True:
                found.setdefault((*path[:-1], "zero"), False)
        return {**found, **self.fillers}

    @property
    def fillers(self) -> dict[KeyPath, int]:
        """Return defaults that nobody claims: where those of the base are outside the limits that are claimed."""
        base, fillers = merge(self.base.layers), {}
        for unit, claims in self.units.items():
            claimed = {str(claim.path[-1]): claim.value for claim in claims}
            allowed = spans(claimed) if unit[-1] == LIMITS[0] and ABSENT not in claimed.values() else None
            default = value_at(base, (*unit[:-1], "default"))
            is_claimed = (*unit[:-1], "default") in self.units
            if allowed and not is_claimed and isinstance(default, int) and not _is_within(default, allowed):
                fillers[*unit[:-1], "default"] = min(low for low, _ in allowed)
        return fillers


def by_unit(claims: Iterable[Claim]) -> dict[KeyPath, list[Claim]]:
    """Group claims by the key that they count for."""
    units: dict[KeyPath, list[Claim]] = {}
    for claim in claims:
        units.setdefault(unit_of(claim.path), []).append(claim)
    return units


def agrees(tables: Tables, unit: KeyPath, claims: Sequence[Claim]) -> bool:
    """Return whether tables say the same as the claims of a key."""
    if unit[-1] == LIMITS[0] and claims[-1].value is not ABSENT:
        present = value_at(tables, unit[:-1])
        claimed = {str(claim.path[-1]): claim.value for claim in claims}
        return isinstance(present, dict) and _shape(present) == _shape(claimed)
    present = value_at(tables, unit)
    if claims[-1].value is ABSENT:
        return present is _NOTHING
    return bool(_plain(present) == _plain(claims[-1].value))


def contradictions(claims: Iterable[Claim]) -> Iterator[KeyPath]:
    """Return the keys for which claims differ."""
    for unit, group in by_unit(claims).items():
        tables: list[Tables] = []
        for claim in group:
            if claim.path[-1] in LIMITS[:2] or not (tables and claim.path[-1] in LIMITS):
                tables.append({})
            tables[-1][str(claim.path[-1])] = claim.value
        if any(_meaning(table) != _meaning(tables[0]) for table in tables):
            yield unit


def _meaning(table: Tables) -> Any:
    if table.keys() & set(LIMITS[:2]) and ABSENT not in table.values():
        return spans(table)
    return _plain(table)


def spans(limits: Tables) -> frozenset[tuple[int, int]] | None:
    """Return the values that limits allow, as spans that neither touch nor overlap; None where they are none."""
    allowed = [(value, value) for value in limits.get("choices", ())]
    if "range" in limits:
        allowed.append((limits["range"][0], limits["range"][1]))
        allowed += [(0, 0)] if limits.get("zero") else []
    merged: list[tuple[int, int]] = []
    for low, high in sorted(allowed):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(high, merged[-1][1])
        else:
            merged.append((low, high))
    return frozenset(merged) or None


def _shape(limits: Tables) -> tuple[Any, bool]:
    """Return what limits allow, and whether `=?` shows them as a range, as in `(0-1)`, or as `(0,1)`."""
    allowed = spans(limits)
    return allowed, "range" in limits and any(low + 1 == high for low, high in allowed or ())


def _is_within(value: int, allowed: Iterable[tuple[int, int]]) -> bool:
    return any(low <= value <= high for low, high in allowed)


def _plain(value: Any) -> Any:
    """Return a value with its tuples as lists, as TOML has them."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
