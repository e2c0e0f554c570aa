"""Keeps the rules of a plan by number, and by the place at which each applies."""

from collections.abc import Iterator

from emulator.faults.fault import LineFault, Place
from emulator.faults.triggers import Rule


class Rules:
    """Hold rules in the order in which they were added; a place finds its own without asking all."""

    def __init__(self) -> None:
        self._by_number: dict[int, Rule] = {}
        self._at: dict[Place, tuple[Rule, ...]] = {}
        self._of_each_byte: dict[Place, tuple[tuple[Rule, LineFault], ...]] = {}

    def __repr__(self) -> str:
        return f"<Rules {', '.join(map(str, self._by_number)) or 'none'}>"

    def __len__(self) -> int:
        return len(self._by_number)

    def __iter__(self) -> Iterator[Rule]:
        return iter(tuple(self._by_number.values()))

    def __contains__(self, rule: Rule) -> bool:
        return rule.number in self._by_number

    @property
    def numbers(self) -> list[int]:
        """Return the numbers of all rules."""
        return list(self._by_number)

    def add(self, rule: Rule) -> None:
        """Add a rule behind all others."""
        self._by_number[rule.number] = rule
        place, fault = rule.place, rule.fault
        if isinstance(fault, LineFault) and fault.matches_each_byte:
            self._of_each_byte[place] = (*self.of_each_byte(place), (rule, fault))
        else:
            self._at[place] = (*self.at(place), rule)

    def remove(self, number: int) -> Rule | None:
        """Take a rule out and return it; None when there is none of that number."""
        rule = self._by_number.pop(number, None)
        if rule is not None:
            self._at[rule.place] = tuple(one for one in self.at(rule.place) if one is not rule)
            each_byte = (pair for pair in self.of_each_byte(rule.place) if pair[0] is not rule)
            self._of_each_byte[rule.place] = tuple(each_byte)
        return rule

    def clear(self) -> None:
        """Take all rules out."""
        for kept in (self._by_number, self._at, self._of_each_byte):
            kept.clear()

    def at(self, place: Place) -> tuple[Rule, ...]:
        """Return the rules that are asked when the place is reached."""
        return self._at.get(place, ())

    def of_each_byte(self, place: Place) -> tuple[tuple[Rule, LineFault], ...]:
        """Return the rules that are asked for each byte at the place."""
        return self._of_each_byte.get(place, ())
