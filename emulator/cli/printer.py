"""Prints lines in a thread of its own, so that nothing else waits for a reader of stdout that is slow or has gone."""

import os
import queue
import sys
import threading

import click

_MOST = 10_000
"""Lines that wait for a slow reader; further ones are left out."""
_LAST_WORDS = 1.0
"""Seconds that the reader has for what is left at the end."""


class Printer:
    """Print to stdout; `close` waits for what is left, but not for ever."""

    def __init__(self) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue(_MOST)
        self._left_out = 0
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)
        self._thread.start()

    def __repr__(self) -> str:
        return f"<Printer, {self._lines.qsize()} lines wait>"

    def say(self, text: str) -> None:
        """Print a line soon."""
        try:
            self._lines.put_nowait(text)
        except queue.Full:
            self._left_out += 1

    def close(self) -> None:
        """Print what is left."""
        if self._left_out:
            self.say(f"({self._left_out} lines were left out: the reader was too slow)")
        try:
            self._lines.put(None, timeout=_LAST_WORDS)
        except queue.Full:
            return
        self._thread.join(_LAST_WORDS)

    def _run(self) -> None:
        while (text := self._lines.get()) is not None:
            try:
                click.echo(text)
            except OSError as error:
                _fall_silent()
                if not isinstance(error, BrokenPipeError):
                    click.echo(f"telit-emulator: stdout: {error.strerror}; nothing more is printed", err=True)


def _fall_silent() -> None:
    """Discard further output; Python would write the rest of the buffer again at its end."""
    descriptor = os.open(os.devnull, os.O_WRONLY)
    os.dup2(descriptor, sys.stdout.fileno())
    os.close(descriptor)
