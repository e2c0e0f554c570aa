"""Delays the bytes of one direction by latency, jitter and rate, and keeps their order."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from emulator.clock import Clock, Timer
from emulator.guard import guarded
from emulator.later import later

if TYPE_CHECKING:
    import random
else:
    random = later("random")

HIGH_MARK = 64 * 1024
"""Bytes on the way at which the sender has to wait."""
LOW_MARK = 16 * 1024
"""Bytes on the way at which it may go on."""
SEGMENT = 1400
"""Size of the pieces that are delayed, in bytes."""


class Delays(msgspec.Struct, frozen=True):
    """Latency, jitter and rates of a network."""

    latency: float = 0.0
    """Seconds, one way."""
    jitter: float = 0.0
    """Most seconds that chance adds to the latency."""
    rate_out: float | None = None
    """Bits a second from the module; None for as fast as it goes."""
    rate_in: float | None = None
    """Bits a second to the module."""

    def __add__(self, other: "Delays") -> "Delays":
        """Combine two networks in a row: times add up, the lower rate counts."""
        return Delays(
            self.latency + other.latency,
            self.jitter + other.jitter,
            min(filter(None, (self.rate_out, other.rate_out)), default=None),
            min(filter(None, (self.rate_in, other.rate_in)), default=None),
        )


class DelayedStream:
    """Deliver bytes when they arrive; at once where there is no delay."""

    def __init__(
        self, clock: Clock, seed: float, relieved: Callable[[], None], failed: Callable[[Exception], None]
    ) -> None:
        """Call `relieved` when the stream is no longer full or has run empty, `failed` with what a delivery raises.

        `seed` decides on the jitter.
        """
        self.fail = failed
        """See `guard.Failing`."""
        self._clock = clock
        self._seed = seed
        self._random: random.Random | None = None
        """Made for the first jitter: most streams have none, and making it takes long."""
        self._relieved = relieved
        self._queue: deque[tuple[float, int, Callable[[], None]]] = deque()
        self._timer: Timer | None = None
        self._free_at = 0.0
        self._latest = 0.0
        self._stopped = False
        self.full = False
        """Whether the sender must wait."""
        self.latency = self.jitter = 0.0
        self.rate: float | None = None
        self.waiting = 0
        """Bytes on the way."""

    def __repr__(self) -> str:
        return f"<DelayedStream {self.waiting} bytes under way>"

    def carry(self, data: bytes, deliver: Callable[[bytes], None]) -> None:
        """Deliver the bytes when they arrive."""
        if self._is_ideal():
            deliver(data)
            return
        for start in range(0, len(data), SEGMENT):
            segment = data[start : start + SEGMENT]
            self._add(len(segment), lambda segment=segment: deliver(segment))  # type: ignore[misc]  # bound early
        self.full = self.full or self.waiting > HIGH_MARK
        self._arm()

    def follow(self, action: Callable[[], None]) -> None:
        """Call `action` after all bytes on the way have arrived."""
        if self._is_ideal():
            action()
            return
        self._add(0, action)
        self._arm()

    def hold(self, seconds: float) -> None:
        """Delay the bytes that follow by `seconds` more."""
        self._free_at = max(self._free_at, self._clock.now()) + seconds

    def rush(self) -> None:
        """Deliver all bytes on the way at once."""
        self._disarm()
        self._free_at = self._latest = self._clock.now()
        while self._queue:
            _, size, action = self._queue.popleft()
            self.waiting -= size
            action()
        self.full = False

    def stop(self) -> None:
        """Deliver nothing until `go`."""
        self._stopped = True
        self._disarm()

    def go(self) -> None:
        """Deliver again."""
        self._stopped = False
        self._arm()

    def clear(self) -> None:
        """Drop all bytes on the way."""
        self._queue.clear()
        self._free_at = self._latest = 0.0
        self.waiting = 0
        self.full = False
        self._disarm()

    def _is_ideal(self) -> bool:
        quick = not self.latency and not self.jitter and self.rate is None
        return quick and not self._queue and not self._stopped and self._clock.now() >= self._free_at

    def _add(self, size: int, action: Callable[[], None]) -> None:
        self._free_at = max(self._free_at, self._clock.now()) + (8 * size / self.rate if self.rate else 0.0)
        late = self.latency + (self._drawn_jitter() if self.jitter else 0.0)
        self._latest = max(self._latest, self._free_at + late)
        self._queue.append((self._latest, size, action))
        self.waiting += size

    def _drawn_jitter(self) -> float:
        if self._random is None:
            self._random = random.Random(self._seed)
        return self._random.uniform(0, self.jitter)

    def _arm(self) -> None:
        if self._timer is None and self._queue and not self._stopped:
            due = self._queue[0][0]
            if due <= self._clock.now():
                self._timer = asyncio.get_running_loop().call_soon(self._arrive)
            else:
                self._timer = self._clock.call_at(due, self._arrive)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @guarded
    def _arrive(self) -> None:
        self._timer = None
        now = self._clock.now()
        while self._queue and self._queue[0][0] <= now and not self._stopped:
            _, size, action = self._queue.popleft()
            self.waiting -= size
            action()
        if self.waiting <= LOW_MARK and (self.full or not self._queue):
            self.full = False
            self._relieved()
        self._arm()
