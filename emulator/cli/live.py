"""Prints the dialogue live: the lines of a transcript, in colour on a terminal."""

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
    "gateway": "blue",
    "ftp": "blue",
    "http": "blue",
    "mqtt": "blue",
    "smtp": "blue",
    "port": "yellow",
    "differs": "red",
    "compare": "yellow",
    "refused": "red",
    "ended": "yellow",
    "fault": "red",
}
_WHO = slice(14, 22)
"""Position of the sender in a transcript's line."""


class LiveView:
    """Read the trace, and print it by `say`, which removes colours where stdout is no terminal."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._coloured = not os.environ.get("NO_COLOR")  # the convention of no-color.org
        self._transcript = Transcript(self._line)

    def __call__(self, now: float, event: Event) -> None:
        self._transcript(now, event)

    def _line(self, line: str) -> None:
        self._say(click.style(line, fg=_COLOURS.get(line[_WHO].strip())) if self._coloured else line)
