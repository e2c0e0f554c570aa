"""Carries the bytes of one direction in order, as fast as the line does."""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec

from emulator.clock import Clock, Timer
from emulator.guard import guarded, log_defect
from emulator.line.serial.port import HIGH_MARK, LOW_MARK

_SLICE: Final = 0.01
"""Seconds of line time that arrive as one piece: a timer for each byte would be dear."""
_LARGEST: Final = 64 * 1024
"""Most bytes that are handed out at once."""


_LOGGED: Final = partial(log_defect, "a line")


class _Piece(msgspec.Struct):
    data: bytearray
    seconds_a_byte: float


class PacedQueue:
    """Carry bytes, and calls between them that must not overtake them.

    The queue is congested from more than HIGH_MARK waiting bytes on until no more than LOW_MARK wait.
    """

    def __init__(
        self,
        take: Callable[[bytes], int | None],
        clock: Clock | None = None,
        relieved: Callable[[], None] = lambda: None,
        failed: Callable[[Exception], None] = _LOGGED,
    ) -> None:
        """Begin empty.

        Args:
            take: takes what has arrived; returns how many bytes it took, None for all. After less than all, the
                queue is on hold.
            clock: the device's time, for a line that has a speed.
            relieved: called when the queue was congested and is no longer.
            failed: called with what `take` raises when bytes arrive later.
        """
        self.fail = failed
        """See `guard.Failing`."""
        self.take = take
        """Takes bytes that need not wait."""
        self.take_late = take
        """Takes bytes that have waited."""
        self._clock = clock
        self._relieved = relieved
        self._items: deque[_Piece | Callable[[], None]] = deque()
        self._under_way: Timer | None = None
        self._moving = False
        self.held = False
        """Whether the queue is on hold."""
        self.waiting = 0
        """Bytes that have not arrived."""
        self.congested = False

    def __repr__(self) -> str:
        return f"<PacedQueue {self.waiting} bytes wait{', held' if self.held else ''}>"

    @property
    def is_empty(self) -> bool:
        """Whether neither bytes nor calls wait."""
        return not self._items and self._under_way is None

    @property
    def next_byte(self) -> bytes:
        """Return the first byte that waits; empty where none does, or a call comes first."""
        first = self._items[0] if self._items else None
        return bytes(first.data[:1]) if isinstance(first, _Piece) else b""

    def put(self, data: bytes, seconds_a_byte: float = 0.0) -> None:
        """Send bytes; they arrive within this call if they take no time and nothing is before them."""
        if not (seconds_a_byte or self.held or self._moving or self._items or self._under_way):
            taken = self.take(data)  # on a line without a speed, that is nearly always
            if taken is None or taken == len(data):
                return
            self._stop()
            data = data[taken:]
        self.waiting += len(data)
        if self.waiting > HIGH_MARK:
            self.congested = True
        last = self._items[-1] if self._items else None
        if isinstance(last, _Piece) and last.seconds_a_byte == seconds_a_byte:
            last.data += data
        else:
            self._items.append(_Piece(bytearray(data), seconds_a_byte))
        if not self.held:
            self._move(self._now())

    def then(self, call: Callable[[], None]) -> None:
        """Call when all that is before it has arrived."""
        self._items.append(call)
        self._move(self._now())

    def hold(self, held: bool) -> None:
        """Put the queue on hold, or go on."""
        if held is not self.held:
            self.held = held
            self._move(self._now())

    def _stop(self) -> None:
        """Go on hold, because less was taken than there is."""
        self.held = True

    def clear(self) -> None:
        """Drop all that has not arrived; `relieve` may be due then."""
        self._items.clear()
        self._forget_bytes()

    def clear_bytes(self) -> None:
        """Drop the bytes that have not arrived, and keep the calls; `relieve` may be due then."""
        self._items = deque(item for item in self._items if not isinstance(item, _Piece))
        self._forget_bytes()

    def relieve(self) -> None:
        """Report the end of a congestion, if there was one and it is over."""
        if self.congested and self.waiting <= LOW_MARK:
            self.congested = False
            self._relieved()

    def _forget_bytes(self) -> None:
        self.waiting = 0
        if self._under_way is not None:
            self._under_way.cancel()
            self._under_way = None

    def _now(self) -> float:
        return self._clock.now() if self._clock is not None else 0.0

    def _move(self, start: float) -> None:
        # What arrives may put more in, hold or clear the queue: the outermost call goes on for all.
        if self._moving:
            return
        self._moving = True
        try:
            while self._items and not self.held and self._under_way is None:
                item = self._items[0]
                if not isinstance(item, _Piece):
                    self._items.popleft()
                    item()
                elif item.seconds_a_byte:
                    self._send_off(item, start)
                else:
                    self._hand_out(item)
        finally:
            self._moving = False
        self.relieve()

    def _cut(self, piece: _Piece, size: int) -> bytes:
        if size >= len(piece.data):
            self._items.popleft()
            return bytes(piece.data)
        data = bytes(piece.data[:size])
        del piece.data[:size]
        return data

    def _hand_out(self, piece: _Piece) -> None:
        data = self._cut(piece, _LARGEST)
        self.waiting -= len(data)
        taken = self.take_late(data)
        if taken is not None and taken < len(data):
            self._stop()
            self.waiting += len(data) - taken
            self._items.appendleft(_Piece(bytearray(memoryview(data)[taken:]), 0.0))

    def _send_off(self, piece: _Piece, start: float) -> None:
        assert self._clock is not None
        data = self._cut(piece, max(1, int(_SLICE / piece.seconds_a_byte)))
        due = start + len(data) * piece.seconds_a_byte
        self._under_way = self._clock.call_at(due, partial(self._arrived, data, due))

    @guarded
    def _arrived(self, data: bytes, due: float) -> None:
        self._under_way = None
        self._items.appendleft(_Piece(bytearray(data), 0.0))
        self._move(due)  # the next one began then, however late the timer was
