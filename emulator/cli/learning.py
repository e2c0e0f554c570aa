"""Shows on stderr how learning goes: a bar on a terminal, a line now and then elsewhere."""

import sys
from typing import TYPE_CHECKING, Any

import click

from emulator.dte.identity import Identity
from emulator.learning.observer import Observer

if TYPE_CHECKING:
    from rich.progress import Progress

_LINES = 10
"""Lines about the probes, where there is no terminal."""


def make_observer() -> Observer:
    """Return what suits stderr."""
    return Bar() if sys.stderr.isatty() else Lines()


class Lines(Observer):
    """Print a line for what a reader of a log wants to know."""

    def __init__(self) -> None:
        self._count, self._told = 1, 0

    def begins(self, identity: Identity, base: str, count: int, done: int) -> None:
        self._count, self._told = max(1, count), done * _LINES // max(1, count)
        self.says(f"{identity}: {count} probes, from {base}")
        if done:
            self.says(f"{done} probes are done already; it goes on with the others")

    def probes(self, number: int, name: str) -> None:
        part = (number - 1) * _LINES // self._count
        if part > self._told:
            self._told = part
            self.says(f"{number - 1} of {self._count} probes")

    def restores(self) -> None:
        self.says("the module is put back as it was")

    def verifies(self, count: int) -> None:
        self.says(f"{count} values that differ are tried on an emulated module")

    def says(self, line: str) -> None:
        """Print a line."""
        click.echo(line, err=True)


class Bar(Lines):
    """Draw a bar with the time that is left."""

    def __init__(self) -> None:
        super().__init__()
        self._progress: Progress | None = None
        self._task: Any = None

    def begins(self, identity: Identity, base: str, count: int, done: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        super().begins(identity, base, count, done)
        console = Console(stderr=True, highlight=False, markup=False)
        columns = (TextColumn("probes"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, TextColumn("{task.description}"), console=console, transient=True)
        self._progress.start()
        self._task = self._progress.add_task("", total=count, completed=done)

    def probes(self, number: int, name: str) -> None:
        if self._progress is not None:
            self._progress.update(self._task, completed=number - 1, description=name)

    def restores(self) -> None:
        self.stops()
        super().restores()

    def stops(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
