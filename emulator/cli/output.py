"""Prints the command's output, to a reader that may go away or stop reading at any moment."""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

import click

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals that end the command in order; the last one, a terminal that was closed, unless the user said `nohup`."""


class _GivenUp(Exception):
    """Raised when a signal ends the program while a write to stdout blocks."""


class Output:
    """Print lines to stdout; a signal ends the program even while a write blocks.

    asyncio's own signal handlers come when the event loop goes on; it does not while a write to a full pipe blocks.
    """

    def __init__(self) -> None:
        self._printing = False
        self._end: Callable[[], object] = _leave
        for number in _ENDING:
            if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._ended)

    def at_end(self, end: Callable[[], object]) -> None:
        """Call `end` when a signal ends the program, in place of an exit with code 0."""
        self._end = end

    def say(self, text: str) -> None:
        """Print a line at once; the modem goes on without a reader."""
        try:
            self._print(text)
        except _GivenUp:
            self._fall_silent()
        except OSError as error:
            self._fall_silent()
            if not isinstance(error, BrokenPipeError):
                click.echo(f"telit-emulator: stdout: {error.strerror}; nothing more is printed", err=True)

    def _print(self, text: str) -> None:
        self._printing = True
        try:
            click.echo(text)
        finally:
            self._printing = False

    def _ended(self, number: int, frame: FrameType | None) -> None:
        for ending in _ENDING:
            signal.signal(ending, signal.SIG_IGN)  # a second Ctrl-C must not tear what the first one tidies up
        self._end()
        if self._printing:
            raise _GivenUp

    @staticmethod
    def _fall_silent() -> None:
        """Discard further output; Python would write the rest of the buffer again at its end."""
        descriptor = os.open(os.devnull, os.O_WRONLY)
        os.dup2(descriptor, sys.stdout.fileno())
        os.close(descriptor)


def _leave() -> None:
    raise SystemExit(0)
