"""Conditions: faults that last. Ending one takes only itself away, whatever else has begun meanwhile."""

from collections.abc import Callable
from typing import Protocol

from emulator.clock import Clock, Timer
from emulator.guard import guarded


class ConditionTarget(Protocol):
    """What a condition needs to know of the modem."""

    clock: Clock

    def fail(self, error: Exception) -> None:
        """Report a defect of the emulator."""


class Condition:
    """Keep what ends a fault that has begun to last."""

    def __init__(self, target: ConditionTarget, duration: float | None, end: Callable[[], None]) -> None:
        """End after `duration` seconds, or when `end` is called; the argument `end` takes away what has begun."""
        self._end: Callable[[], None] | None = end
        self.fail = target.fail
        """See `guard.Failing`."""
        clock = target.clock
        self._timer: Timer | None = None if duration is None else clock.call_later(duration, self._time_over)

    def __repr__(self) -> str:
        return f"<Condition {'over' if self._end is None else 'in force'}>"

    @guarded
    def _time_over(self) -> None:
        self.end()

    def end(self) -> None:
        """End the condition; harmless when it is over."""
        end, self._end = self._end, None
        self.forget()
        if end is not None:
            end()

    def forget(self) -> None:
        """Leave the condition as it is: the modem is going away."""
        self._end = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
