"""The dialogue on the screen of whoever runs the emulator: the lines of a transcript, in colour where there is any."""

import os
from collections.abc import Callable

import click

from emulator.trace.events import Event
from emulator.trace.transcript import Transcript

_COLOURS = {
    "host": "cyan",
    "module": "green",
    "tls": "magenta",
    "net": "blue",
    "ftp": "blue",
    "port": "yellow",
    "fault": "red",
}
_WHO = slice(14, 20)
"""Where a transcript's line says whose it is."""


class LiveView:
    """A reader of the trace that prints it by `say`, which takes the colours out where nobody can see them."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._coloured = not os.environ.get("NO_COLOR")  # the convention of no-color.org
        self._transcript = Transcript(self._line)

    def __call__(self, now: float, event: Event) -> None:
        self._transcript(now, event)

    def _line(self, line: str) -> None:
        self._say(click.style(line, fg=_COLOURS.get(line[_WHO].strip())) if self._coloured else line)
