"""What the command prints: a line at a time, to somebody who may go away, or stop reading, at any moment."""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

import click

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals that end the command in order; the last one, a terminal that was closed, unless the user said `nohup`."""


class _GivenUp(Exception):
    """The program is to end while a line waits for a reader who does not read."""


class Output:
    """Prints lines to stdout, and lets a signal end the program even while one is stuck there.

    asyncio's own signal handlers come when the event loop goes on; it does not while a write to a full pipe blocks.
    """

    def __init__(self) -> None:
        self._printing = False
        self._end: Callable[[], object] = _leave
        for number in _ENDING:
            if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._ended)

    def at_end(self, end: Callable[[], object]) -> None:
        """Call `end` when a signal ends the program, instead of leaving by exit code 0 at once."""
        self._end = end

    def say(self, text: str) -> None:
        """Print a line at once; a reader that has gone away is no reason to stop the modem."""
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
        """What the stream still holds would be tried again when Python ends."""
        descriptor = os.open(os.devnull, os.O_WRONLY)
        os.dup2(descriptor, sys.stdout.fileno())
        os.close(descriptor)


def _leave() -> None:
    raise SystemExit(0)
