"""Holds what came of one run, and says it in words that all reports share."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from emulator.firmware.selection import Choice
from emulator.matrix.difference import Difference, first_difference
from emulator.matrix.story import Story
from emulator.trace.missing import MissingCommands
from emulator.trace.printable import printable


class Outcome(StrEnum):
    """Outcome of a run."""

    PASSED = "passed"
    FAILED = "failed"
    TIMED_OUT = "timed out"


@dataclass(frozen=True)
class Ending:
    """How a host program ended."""

    outcome: Outcome
    exit_code: int | None
    """None when the time limit ended it; negative: the signal that did."""
    seconds: float
    output: str
    errors: str

    @property
    def in_words(self) -> str:
        """Return the outcome in one line."""
        if self.outcome is not Outcome.FAILED or self.exit_code is None:
            return str(self.outcome)
        return f"failed, {_signal(-self.exit_code)}" if self.exit_code < 0 else f"failed, exit code {self.exit_code}"


_NO_LINE = "(no command yet)"
"""What stands in the place of the host's line before the first one is heard."""


@dataclass(frozen=True)
class Clue:
    """An exchange that tells why a run failed."""

    label: str
    """What it is: the last one, or the last refused one; empty for the first difference to the passing runs."""
    said: str
    answer: str
    reason: str
    passing: str = ""
    """What the passing runs had in its place."""

    @property
    def in_words(self) -> str:
        """Return all of it in one line."""
        label = f"{self.label}: " if self.label else ""
        reason = f" [{self.reason}]" if self.reason else ""
        passing = f" (passing: {self.passing})" if self.passing else ""
        return f"{label}{printable(self.said)} -> {self.answer}{reason}{passing}"


@dataclass
class Run:
    """Result of the program with one firmware."""

    firmware: Choice
    ending: Ending
    story: Story = field(default_factory=Story, repr=False)
    missing: MissingCommands = field(default_factory=MissingCommands, repr=False)
    """The commands that the host used and the module lacks."""
    difference: Difference | None = None
    """To the runs that passed."""

    @property
    def passed(self) -> bool:
        """Whether the program ended with exit code 0."""
        return self.ending.outcome is Outcome.PASSED

    @property
    def clues(self) -> list[Clue]:
        """Return where it failed: where it parted from the passing runs, or else what was said and refused last."""
        if self.passed:
            return []
        if self.difference is not None:
            parted = self.difference
            return [Clue("", parted.said, parted.answer, parted.reason, parted.passing)]
        last, refused = self.story.last, self.story.last_refused
        found = [("last", last)] if refused is last else [("last", last), ("refused before", refused)]
        return [Clue(label, one.said or _NO_LINE, one.words, one.reason) for label, one in found if one is not None]

    @property
    def why(self) -> str:
        """Return where it failed, in one line."""
        if self.passed:
            return ""
        return "; ".join(clue.in_words for clue in self.clues) or "the host has said nothing to the module"

    @property
    def last_error(self) -> str:
        """Return the last line that the program wrote to stderr; empty where there is none."""
        lines = [line.strip() for line in self.ending.errors.splitlines() if line.strip()]
        return printable(lines[-1]) if lines else ""

    def remarks(self) -> Iterator[str]:
        """Yield what else is to be said, a line each: stderr, faults, commands that are missing."""
        if not self.passed and self.last_error:
            yield f"stderr ends with: {self.last_error}"
        yield from (fault.in_words for fault in self.story.faults)
        yield from self.missing.in_words().splitlines()


def compare(runs: Sequence[Run]) -> None:
    """Note in each failing run where it parted from the passing ones."""
    passed = [run.story.exchanges for run in runs if run.passed]
    for run in runs:
        if not run.passed:
            run.difference = first_difference(run.story.exchanges, passed)


def _signal(number: int) -> str:
    with suppress(ValueError):
        return f"ended by {signal.Signals(number).name}"
    return f"ended by signal {number}"
