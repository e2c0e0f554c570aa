"""What came of every step aside: the cells of the map, place by kind."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from emulator.explore.exploration import Exploration
from emulator.explore.findings.whereabouts import shown
from emulator.explore.schedule.tried import State, Tried
from emulator.explore.steps.step import Nature, Step, place_name
from emulator.explore.trials.trial import Result
from emulator.explore.trials.verdict import Outcome


class Fate(StrEnum):
    """What came of one step aside: the outcome of its run, or why there is none. The first is the worst."""

    CRASH = "crash"
    HANG = "hang"
    FALSE_SUCCESS = "false-success"
    LOST_DATA = "lost-data"
    DUPLICATE_DATA = "duplicate-data"
    NEEDLESS_FAILURE = "needless-failure"
    FAILED = "failed honestly"
    PASSED = "passed"
    NOT_REACHED = "not reached"
    """The run took another way, and it never came to the place."""
    PUT_OFF = "put off"
    """Another step of its kind has broken the host there."""
    NOT_TRIED = "not tried"
    """The budget ended before."""

    @property
    def is_finding(self) -> bool:
        """Return whether the host should be mended."""
        return self.value in {outcome for outcome in Outcome if outcome.is_finding}


_RANKS = {fate: rank for rank, fate in enumerate(Fate)}


def worst(fates: Iterable[Fate]) -> Fate:
    """Return the worst one; `NOT_TRIED` of none."""
    return min(fates, key=_RANKS.__getitem__, default=Fate.NOT_TRIED)


class Row(NamedTuple):
    """A place: a command of the healthy run."""

    command: str
    occurrence: int

    @property
    def name(self) -> str:
        """Return the place in words."""
        return place_name(shown(self.command), self.occurrence) if self.command else "(the whole run)"


@dataclass
class Cell:
    """All steps of one kind at one place."""

    fates: list[tuple[Step, Fate, Result | None]] = field(default_factory=list)
    """Each step, what came of it, and the run that tells it."""

    @property
    def worst(self) -> Fate:
        """Return what came of the worst one."""
        return worst(fate for _, fate, _ in self.fates)

    @property
    def result(self) -> Result | None:
        """Return the run of the worst one."""
        return next(result for _, fate, result in self.fates if fate is self.worst)


class Column(NamedTuple):
    """A kind of steps."""

    kind: str
    nature: Nature


class Survey:
    """The cells of one exploration."""

    def __init__(self, exploration: Exploration) -> None:
        self._exploration = exploration

    def __repr__(self) -> str:
        return f"<Survey of {self.firmware}, {len(self._exploration.tried)} steps>"

    @property
    def firmware(self) -> str:
        """Return what was explored."""
        return self._exploration.firmware

    @cached_property
    def cells(self) -> Mapping[Row, Mapping[str, Cell]]:
        """Return the cells by place and kind; places are in the order of the healthy run."""
        cells: dict[Row, dict[str, Cell]] = {row: {} for row in self._places()}
        for one in self._exploration.tried:
            kinds = cells.setdefault(Row(one.step.command, one.step.occurrence), {})
            kinds.setdefault(one.step.kind, Cell()).fates.append((one.step, fate_of(one), one.result))
        return {row: kinds for row, kinds in cells.items() if kinds}

    @cached_property
    def columns(self) -> Sequence[Column]:
        """Return the kinds, by nature."""
        found = dict.fromkeys(Column(one.step.kind, one.step.nature) for one in self._exploration.tried)
        natures = list(Nature)
        return sorted(found, key=lambda column: natures.index(column.nature))

    def counts(self, kind: str) -> "Counter[Fate]":
        """Return how many steps of a kind had which fate."""
        cells = (kinds[kind] for kinds in self.cells.values() if kind in kinds)
        return Counter(fate for cell in cells for _, fate, _ in cell.fates)

    def steps_with(self, fate: Fate) -> Iterator[Step]:
        """Yield the steps of which this came."""
        for kinds in self.cells.values():
            for cell in kinds.values():
                yield from (step for step, each, _ in cell.fates if each is fate)

    def _places(self) -> Iterator[Row]:
        yield Row("", 1)
        census = self._exploration.healthy.census
        for passed in census.passed if census is not None else ():
            yield Row(passed.command, passed.occurrence)


def fate_of(one: Tried) -> Fate:
    """Return what came of a step."""
    if one.state in _UNTOLD:
        return _UNTOLD[one.state]
    assert one.result is not None, one
    return Fate.FAILED if one.result.outcome is Outcome.FAILED else Fate(one.result.outcome.value)


_UNTOLD = {State.UNTRIED: Fate.NOT_TRIED, State.PUT_OFF: Fate.PUT_OFF, State.NOT_REACHED: Fate.NOT_REACHED}
"""What came of a step whose run has no outcome for it."""
