"""Chooses among the places of a run, and writes their addresses."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from emulator.explore.steps.answer import Answer, parse
from emulator.faults.census import Census, Passed
from emulator.faults.fault import Place

TELLING, REST = 1, 2
"""Tiers: what is tried first, and the rest."""
_MOST = 6
"""Occurrences of one command that are tried: of a status that is polled for, one is like the other."""


@dataclass(frozen=True)
class At:
    """A place that is tried."""

    passed: Passed
    tier: int
    """1 for the first and the last occurrence of a command."""
    is_first: bool
    remaining: int
    """How often the run has passed it from here on, with this command."""
    several_terminals: bool

    @property
    def command(self) -> str:
        """Return the command in its form."""
        return self.passed.command

    @property
    def occurrence(self) -> int:
        """Return which one of them it is."""
        return self.passed.occurrence

    @cached_property
    def answer(self) -> Answer:
        """Return the parts of the answer."""
        return parse(self.passed.data)

    def fault(self, kind: str, **parameters: Any) -> dict[str, Any]:
        """Return a fault at this place, as a scenario has it."""
        return {"fault": kind, **self._address, **parameters}

    @property
    def _address(self) -> dict[str, Any]:
        passed = self.passed
        address: dict[str, Any] = {"command": passed.command} if passed.command else {}
        if passed.occurrence > 1:
            address["occurrence"] = passed.occurrence
        if self.several_terminals:
            address["terminal"] = passed.terminal
        return address


def places(census: Census, place: Place) -> Iterator[At]:
    """Yield what is tried of one kind of place, in the order of the run: of each command some occurrences."""
    groups: dict[tuple[str, str], list[Passed]] = defaultdict(list)
    for passed in census.at(place):
        groups[passed.terminal, passed.command].append(passed)
    several = len(census.terminals) > 1
    for passed in census.at(place):
        group = groups[passed.terminal, passed.command]
        ends = passed is group[0] or passed is group[-1]
        if ends or passed in group[: _MOST - 1]:
            remaining = len(group) - group.index(passed)
            yield At(passed, TELLING if ends else REST, passed is group[0], remaining, several)


def answers(census: Census) -> Iterator[At]:
    """Yield the answers that are tried and have a result."""
    return (at for at in places(census, Place.ANSWER) if at.passed.data)


ALWAYS = {"times": 0}
"""Of what a module does each time that it is asked, and not by chance: a host does not come round it by a retry."""


def chosen(positions: list[int], most: int) -> list[int]:
    """Return at most so many of the positions: the first and the last ones, and some between."""
    if len(positions) <= most:
        return positions
    ends = most // 3
    middle = positions[ends:-ends]
    step = len(middle) / (most - 2 * ends)
    return [*positions[:ends], *(middle[int(number * step)] for number in range(most - 2 * ends)), *positions[-ends:]]
