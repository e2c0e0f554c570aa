"""Gathers the events of a trace: to write each line by itself takes longer than to answer a command."""

import asyncio
from collections.abc import Callable
from typing import Final

from emulator.guard import guarded
from emulator.trace.events import Event
from emulator.trace.json_lines import json_lines

_LATEST: Final = 0.05
"""Seconds after which an event is written at the latest."""


class EventBatch:
    """Keep the events of a trace, and pass them to `write` together, as lines of JSON, soon after the first of them."""

    def __init__(self, write: Callable[[bytes], None], failed: Callable[[Exception], None]) -> None:
        """Begin empty; `failed` is called with what `write` raises when its time has come."""
        self.fail = failed
        """See `guard.Failing`."""
        self._write = write
        self._events: list[tuple[float, Event]] = []
        self._timer: asyncio.TimerHandle | None = None

    def __repr__(self) -> str:
        return f"<EventBatch {len(self._events)} events>"

    def keep(self, now: float, event: Event) -> None:
        """Keep an event until it is time: the `Reader` of the trace."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_LATEST, self._time_has_come)
        self._events.append((now, event))

    @guarded
    def _time_has_come(self) -> None:
        self.flush()

    def flush(self) -> None:
        """Write what has been gathered."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            events, self._events = self._events, []
            self._write(json_lines(events))
