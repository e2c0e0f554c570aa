"""Gathers the lines of a trace: to write each one by itself takes longer than to answer a command."""

import asyncio
from collections.abc import Callable
from typing import Final

from emulator.guard import guarded

_LATEST: Final = 0.05
"""Seconds after which a line is written at the latest."""


class LineBatch:
    """Pass lines on to `write` together, soon after the first of them, from the running event loop."""

    def __init__(self, write: Callable[[str], None], failed: Callable[[Exception], None]) -> None:
        """Begin empty; `failed` is called with what `write` raises when its time has come."""
        self.fail = failed
        """See `guard.Failing`."""
        self._write = write
        self._lines: list[str] = []
        self._timer: asyncio.TimerHandle | None = None

    def __repr__(self) -> str:
        return f"<LineBatch {len(self._lines)} lines>"

    def add(self, line: str) -> None:
        """Keep a line until it is time."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_LATEST, self._time_has_come)
        self._lines.append(line)

    @guarded
    def _time_has_come(self) -> None:
        self.flush()

    def flush(self) -> None:
        """Write what has been gathered."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            lines, self._lines = self._lines, []
            self._write("\n".join(lines))
