"""One direction of a serial line: what is put in comes out in order, as fast as the line carries it."""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final

from emulator.clock import Clock, Timer

_SLICE: Final = 0.01
"""Seconds of line time that arrive as one piece, where more than one byte fits in: a timer for each would be dear."""


class PacedQueue:
    """Bytes on their way, and news that must not overtake them."""

    def __init__(self, clock: Clock, arrive: Callable[[bytes], None]) -> None:
        """`arrive` is called with what has reached the other end."""
        self._clock = clock
        self._arrive = arrive
        self._queue: deque[tuple[bytes, float] | Callable[[], None]] = deque()
        self._under_way: Timer | None = None
        self._held = False
        self._moving = False
        self.waiting = 0
        """Bytes that have not arrived."""

    def __repr__(self) -> str:
        return f"<Lane {self.waiting} bytes wait{', held' if self._held else ''}>"

    def put(self, data: bytes, seconds_a_byte: float) -> None:
        """Send bytes; they arrive within this call where they take no time and nothing is before them."""
        if not (seconds_a_byte or self._held or self._moving or self._queue or self._under_way):
            self._arrive(data)  # on a line without a speed, that is nearly always
            return
        self.waiting += len(data)
        self._queue.append((data, seconds_a_byte))
        self._move(self._clock.now())

    def then(self, news: Callable[[], None]) -> None:
        """Call `news` when all that is before it has arrived."""
        self._queue.append(news)
        self._move(self._clock.now())

    def hold(self, held: bool) -> None:
        """Let nothing arrive, or go on."""
        if held is self._held:
            return
        self._held = held
        self._move(self._clock.now())

    def clear(self) -> None:
        """Forget all that has not arrived."""
        self._queue.clear()
        self.waiting = 0
        if self._under_way is not None:
            self._under_way.cancel()
            self._under_way = None

    def _move(self, start: float) -> None:
        # What arrives may put more in, hold or clear the lane: the outermost call goes on for all.
        if self._moving:
            return
        self._moving = True
        try:
            while self._queue and not self._held and self._under_way is None:
                item = self._queue.popleft()
                if isinstance(item, tuple):
                    self._carry(*item, start)
                else:
                    item()
        finally:
            self._moving = False

    def _carry(self, data: bytes, seconds_a_byte: float, start: float) -> None:
        if not seconds_a_byte:
            self.waiting -= len(data)
            self._arrive(data)
            return
        size = max(1, int(_SLICE / seconds_a_byte))
        if rest := data[size:]:
            self._queue.appendleft((rest, seconds_a_byte))
        piece = data[:size]
        due = start + len(piece) * seconds_a_byte
        self._under_way = self._clock.call_at(due, partial(self._arrived, piece, due))

    def _arrived(self, piece: bytes, due: float) -> None:
        self._under_way = None
        self._queue.appendleft((piece, 0.0))
        self._move(due)  # the next one began then, however late the timer was
