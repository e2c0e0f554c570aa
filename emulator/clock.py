"""Clocks: guard times, timeouts, delays and the module's calendar take all time from a `Clock`.

Units are seconds everywhere. Code that waits says `async with clock.timeout(9.0)` or `clock.call_at(...)`; nothing else
in the emulator sleeps, so a test that holds a `ManualClock` decides when anything happens.
"""

import asyncio
import heapq
import itertools
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Protocol

from emulator.errors import UserError


class Timer(Protocol):
    """A call that is due later."""

    def cancel(self) -> None:
        """Cancel the call; do nothing once it has come."""


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class Clock(ABC):
    """Monotonic seconds since the clock was made, and the network's idea of the date."""

    @abstractmethod
    def now(self) -> float:
        """Return the seconds since the clock was made; they never go back."""

    @abstractmethod
    def utc(self) -> datetime:
        """Return the network's date and time, in UTC."""

    @abstractmethod
    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Call back in the running event loop once `now()` has reached `when`."""

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass on a manual clock.

        Raises:
            RuntimeError: this clock goes by itself.
        """
        raise RuntimeError("this clock goes by itself; give the modem clock=ManualClock()")

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Call back after `delay` seconds."""
        return self.call_at(self.now() + delay, callback)

    async def sleep(self, delay: float) -> None:
        """Wait `delay` seconds of this clock."""
        passed = asyncio.Event()
        timer = self.call_later(delay, passed.set)
        try:
            await passed.wait()
        finally:
            timer.cancel()

    def timeout(self, delay: float | None) -> "Timeout":
        """Raise TimeoutError in the body when it takes longer than `delay` seconds; None waits for ever."""
        return Timeout(self, delay)


class Timeout:
    """See `Clock.timeout`. A class, as a generator would take longer than what most bodies wait for."""

    def __init__(self, clock: Clock, delay: float | None) -> None:
        self._clock = clock
        self._delay = delay
        self._scope = asyncio.timeout(None)
        self._timer: Timer | None = None

    async def __aenter__(self) -> None:
        """Begin to count."""
        await self._scope.__aenter__()
        if self._delay is not None:
            loop, scope = asyncio.get_running_loop(), self._scope
            self._timer = self._clock.call_later(self._delay, lambda: scope.reschedule(loop.time()))

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop counting.

        Raises:
            TimeoutError: the time was over.
        """
        if self._timer is not None:
            self._timer.cancel()
        await self._scope.__aexit__(kind, error, traceback)


class WallClock(Clock):
    """Real time, `scale` times as fast: at scale 20, 90 seconds pass in 4.5.

    Raises:
        UserError: `scale` is not a finite number above 0.
    """

    def __init__(self, scale: float = 1.0) -> None:
        if not (math.isfinite(scale) and scale > 0):
            raise UserError(f"time scale {scale:g}: give a number above 0, as in 20 for 90 seconds in 4.5")
        self.scale = scale
        """Seconds of this clock that pass in one real second."""
        self._start = time.monotonic()
        self._start_utc = datetime.now(UTC)

    def __repr__(self) -> str:
        return f"<WallClock {self.now():.3f} s, scale {self.scale:g}>"

    def now(self) -> float:
        return (time.monotonic() - self._start) * self.scale

    def utc(self) -> datetime:
        return self._start_utc + timedelta(seconds=self.now())

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(max(0.0, when - self.now()) / self.scale, callback)


class _ManualTimer:
    __slots__ = ("callback",)

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


_CARRIED_OVER = 0.005
"""Seconds of real time in which the kernel carries bytes to the other end of a pseudo-terminal."""


class ManualClock(Clock):
    """Time that passes only when `advance` is called, so that ninety seconds take no time and every run is the same.

    It belongs to the event loop in which timers are set: there `await clock.advance_in_loop(90)`, and from any other
    thread `clock.advance(90)`.
    """

    def __init__(self, utc: datetime = datetime(2014, 6, 1, 12, 0, tzinfo=UTC)) -> None:
        self._now = 0.0
        self._start_utc = utc
        self._timers: list[tuple[float, int, _ManualTimer]] = []
        self._order = itertools.count()
        self._loop: asyncio.AbstractEventLoop | None = None

    def __repr__(self) -> str:
        return f"<ManualClock {self._now:.3f} s, {len(self._timers)} timers>"

    def now(self) -> float:
        return self._now

    def utc(self) -> datetime:
        return self._start_utc + timedelta(seconds=self._now)

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        self._loop = asyncio.get_running_loop()
        timer = _ManualTimer(callback)
        heapq.heappush(self._timers, (when, next(self._order), timer))
        return timer

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass, from a thread other than the modem's: every due timer is called in its order.

        Raises:
            RuntimeError: called in the modem's own event loop, where nothing could go on meanwhile.
        """
        if self._loop is None or self._loop.is_closed():
            self._now += seconds
        elif self._loop is _running_loop():
            raise RuntimeError("within the modem's event loop, await advance_in_loop()")
        else:
            time.sleep(_CARRIED_OVER)
            asyncio.run_coroutine_threadsafe(self.advance_in_loop(seconds), self._loop).result()

    async def advance_in_loop(self, seconds: float) -> None:
        """Let `seconds` pass, from within the modem's event loop; what each timer wakes runs before the next one."""
        target = self._now + seconds
        await self._settle()
        while self._timers and self._timers[0][0] <= target:
            when, _, timer = heapq.heappop(self._timers)
            self._now = max(self._now, when)
            if timer.callback is not None:
                timer.callback()
                await self._settle()
        self._now = max(self._now, target)  # somebody else may have advanced it further meanwhile
        await self._settle()

    @staticmethod
    async def _settle(rounds: int = 20) -> None:
        for _ in range(rounds):
            await asyncio.sleep(0)
