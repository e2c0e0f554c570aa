"""Shows on stderr how far a comparison is: a bar on a terminal, a line now and then elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from emulator.conformance.items import Item
from emulator.conformance.session import Progress


@contextmanager
def make_progress() -> Iterator[Progress]:
    """Yield what suits stderr; the bar ends with the block."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    look = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*look, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(number: int, count: int, item: Item) -> None:
            bar.update(task, description=f"{item.chapter} {item.command}", completed=number - 1, total=count)

        yield show


_LINES = 10
"""Lines, where there is no terminal."""


class _Lines:
    """Print a line now and then."""

    def __init__(self) -> None:
        self._told = -1

    def __call__(self, number: int, count: int, item: Item) -> None:
        part = (number - 1) * _LINES // count
        if part > self._told:
            self._told = part
            click.echo(f"{number} of {count}: {item.chapter} {item.command}", err=True)
