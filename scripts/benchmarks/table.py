"""Rows of the benchmarks, and their table."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Self, TypeVar

Report = Callable[[str], None]
"""Tells whoever waits what is being measured."""

_TITLES = ("what", "measured", "reference", "ratio", "goal", "verdict")


@dataclass(frozen=True)
class Goal:
    """A limit for one figure."""

    text: str
    limit: float
    is_least: bool = False
    """Whether the limit is the least that is wanted, not the most."""

    def verdict(self, value: float) -> str:
        """Return whether `value` keeps to the limit, in one word."""
        met = value >= self.limit if self.is_least else value <= self.limit
        return "met" if met else "MISSED"


@dataclass(frozen=True)
class Row:
    """One figure; what has no goal is stated."""

    what: str
    measured: str
    reference: str = "-"
    ratio: str = "-"
    goal: str = "-"
    verdict: str = "stated"

    @classmethod
    def skipped(cls, what: str, reason: object) -> Self:
        """Make the row of a figure that could not be measured here."""
        return cls(what, "-", verdict=f"skipped: {reason}")

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.what, self.measured, self.reference, self.ratio, self.goal, self.verdict)


Figure = TypeVar("Figure")


class Effort(Enum):
    """Amount of measuring: for a figure, for a first idea of it, or only to see that the benchmark runs."""

    FULL = 0
    QUICK = 1
    BRIEF = 2

    def of(self, full: Figure, quick: Figure, brief: Figure) -> Figure:
        """Return the one of the three that belongs to this effort."""
        return (full, quick, brief)[self.value]


Benchmark = Callable[[Effort, Report], Iterator[Row]]
"""Measures, with an effort."""


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that `percent` of all do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def render(rows: Sequence[Row]) -> str:
    """Write the rows in columns."""
    lines = [_TITLES, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
