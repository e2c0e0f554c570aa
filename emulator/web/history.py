"""Keeps the last events of a modem, so that a page that is opened later shows them, and a session can be saved."""

from collections import deque
from collections.abc import Sequence

from emulator.trace.events import Event

MOST_KEPT = 16 * 1024 * 1024
"""Bytes of events that are kept, as far as they are counted; the oldest ones go first."""
_OF_EVENT = 300
"""Bytes that an event is counted for, beside its text."""

Timed = tuple[float, Event]


class EventHistory:
    """Read the trace, and keep its end."""

    def __init__(self, count: int = 1) -> None:
        """Keep what is left to each of `count` histories."""
        self._count = count
        self._events: deque[Timed] = deque()
        self._size = 0
        self.forgotten = 0
        """Number of events that are kept no longer."""

    def __repr__(self) -> str:
        return f"<EventHistory of {len(self._events)} events, {self.forgotten} forgotten>"

    def __call__(self, now: float, event: Event) -> None:
        self._events.append((now, event))
        self._size += _size(event)
        while self._size > MOST_KEPT // self._count:
            self._size -= _size(self._events.popleft()[1])
            self.forgotten += 1

    @property
    def events(self) -> Sequence[Timed]:
        """All events that are kept, with their times."""
        return self._events

    def last(self, count: int, size: int) -> list[Timed]:
        """Return the last events: at most `count`, of at most `size` bytes together."""
        found: list[Timed] = []
        for timed in reversed(self._events):
            size -= _size(timed[1])
            if size < 0 or len(found) == count:
                break
            found.append(timed)
        return found[::-1]


def _size(event: Event) -> int:
    return _OF_EVENT + len(getattr(event, "text", ""))
