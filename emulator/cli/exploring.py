"""Shows on stderr how an exploration goes: a bar on a terminal, a line now and then elsewhere."""

import sys
from typing import TYPE_CHECKING, Any

import click

from emulator.explore.findings.finding import Finding
from emulator.explore.findings.whereabouts import shown
from emulator.explore.observer import Observer
from emulator.explore.trials.trial import Result

if TYPE_CHECKING:
    from rich.progress import Progress

_LINES = 10
"""Lines about the runs of one firmware, where there is no terminal."""


def make_observer() -> Observer:
    """Return what suits stderr."""
    return Bar() if sys.stderr.isatty() else Lines()


class Lines(Observer):
    """Print a line for what a reader of a log wants to know."""

    def __init__(self) -> None:
        self._firmware = ""
        self._told = _LINES
        self._seen: dict[str, None] = {}

    def begins(self, firmware: str) -> None:
        self._firmware, self._told = firmware, _LINES
        self._seen.clear()

    def is_healthy(self, result: Result, steps: int) -> None:
        self._told, seconds = 0, result.ending.seconds
        self.says(f"{self._firmware}: the healthy run has passed in {seconds:.1f} s; {steps} steps aside to try")

    def ended(self, result: Result, runs: int, waiting: int) -> None:
        self._see(result)
        part = runs * _LINES // max(1, runs + waiting)
        if part > self._told:
            self._told = part
            self.says(f"{self._firmware}: {runs} of about {runs + waiting} runs, {self._so_far}")

    def found(self, finding: Finding) -> None:
        self.says(f"{self._firmware}: reduced: {finding.outcome} at {finding.place}")

    def notes(self, text: str) -> None:
        self.says(f"{self._firmware}: {text}")

    def _see(self, result: Result) -> None:
        """Tell what breaks the host, when it is seen first."""
        seen = broken_by(result)
        if seen and seen not in self._seen:
            self._seen[seen] = None
            self.says(f"{self._firmware}: {seen}")

    @property
    def _so_far(self) -> str:
        return f"{len(self._seen)} found" if self._seen else "nothing found yet"

    def says(self, line: str) -> None:
        """Print a line."""
        click.echo(line, err=True)


class Bar(Lines):
    """Draw a bar for each firmware, and print above it what is found."""

    def __init__(self) -> None:
        super().__init__()
        self._progress: Progress | None = None
        self._task: Any = None

    def begins(self, firmware: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        if self._progress is None:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("runs"))
            found = TextColumn("{task.fields[found]}")
            console = Console(stderr=True, highlight=False, markup=False)
            self._progress = Progress(*columns, TimeElapsedColumn(), found, console=console)
            self._progress.start()
        self._firmware = firmware
        self._seen.clear()
        self._task = self._progress.add_task(firmware, total=None, found="healthy run")

    def is_healthy(self, result: Result, steps: int) -> None:
        self._show(found=self._so_far)

    def ended(self, result: Result, runs: int, waiting: int) -> None:
        self._see(result)
        self._show(completed=runs, total=runs + waiting, found=self._so_far)

    def is_over(self) -> None:
        if self._progress is not None:
            self._progress.stop()

    def says(self, line: str) -> None:
        if self._progress is not None:
            self._progress.console.print(line, soft_wrap=True)

    def _show(self, **what: Any) -> None:
        if self._progress is not None:
            self._progress.update(self._task, **what)


def broken_by(result: Result) -> str:
    """Return what one step has made of the host; empty where a run says nothing for sure."""
    if not result.outcome.is_finding or len(result.trial.steps) != 1:
        return ""
    (step,) = result.trial.steps
    return f"{result.outcome}: {step.kind} at {shown(step.command) or 'no command'}"
