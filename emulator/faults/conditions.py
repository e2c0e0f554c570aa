"""Conditions: faults that last. Ending one takes only itself away, whatever else has begun meanwhile."""

from collections.abc import Callable

from emulator.clock import Clock, Timer


class Condition:
    """Keep what ends a fault that has begun to last."""

    def __init__(self, clock: Clock, duration: float | None, end: Callable[[], None]) -> None:
        """End after `duration` seconds, or when `end` is called; the argument `end` takes away what has begun."""
        self._end: Callable[[], None] | None = end
        self._timer: Timer | None = None if duration is None else clock.call_later(duration, self.end)

    def __repr__(self) -> str:
        return f"<Condition {'over' if self._end is None else 'in force'}>"

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
