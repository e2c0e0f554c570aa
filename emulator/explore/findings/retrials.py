"""Runs steps again while a finding is reduced and confirmed, within a number of runs and a time."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from emulator.explore.steps.step import Step
from emulator.explore.trials.trial import Result


@dataclass(frozen=True)
class Effort:
    """How much is done for findings."""

    reduction: int = 25
    """Runs at most, for each finding, in which a simpler scenario is looked for."""
    confirmations: int = 5
    """Runs of what is left in the end."""
    runs: int | None = None
    """Runs for all findings together; None for as many as are needed."""
    until: float | None = None
    """Time of `time.monotonic` after which nothing simpler is looked for."""

    @property
    def is_over(self) -> bool:
        """Return whether there is no time left."""
        return self.until is not None and time.monotonic() >= self.until

    def share(self, findings: int) -> "Effort":
        """Return what one of so many findings may take: runs that confirm come before those that reduce."""
        runs = None if self.runs is None else self.runs // findings
        reduction = self.reduction if runs is None else max(0, min(self.reduction, runs - self.confirmations))
        now = time.monotonic()
        until = None if self.until is None else now + (self.until - now) / findings
        return replace(self, reduction=reduction, runs=runs, until=until)

    def affordable(self, seconds: float) -> "Effort":
        """Return less of a reduction where each run takes so many seconds: time is left for what confirms it."""
        until = None if self.until is None else self.until - self.confirmations * seconds
        return replace(self, reduction=min(self.reduction, int(_REDUCTION / max(seconds, 0.001))), until=until)

    def less(self, runs: int) -> "Effort":
        """Return what is left after some runs."""
        return self if self.runs is None else replace(self, runs=max(0, self.runs - runs))


_REDUCTION = 120.0
"""Seconds that all runs of a reduction may take."""
THOROUGH = Effort()
UNREDUCED = Effort(reduction=0, confirmations=0)
"""Tell what was found as it is, without another run."""


Runner = Callable[[Sequence[Sequence[Step]]], Iterable[Result]]
"""Runs scenarios side by side, as far as budget and time allow; the results come as they end."""


class Retrials:
    """Run steps for one finding; count the runs."""

    def __init__(self, run: Runner) -> None:
        """Begin without a run."""
        self._run = run
        self.runs = 0

    def __repr__(self) -> str:
        return f"<Retrials, {self.runs} runs>"

    def run(self, several: Sequence[tuple[Step, ...]]) -> list[Result]:
        """Run scenarios; return the results in the order of the scenarios, whichever ends first."""
        results = sorted(self._run(several), key=lambda result: result.trial.number) if several else []
        self.runs += len(results)
        return results
