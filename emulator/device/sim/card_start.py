"""The time that a card takes from its supply until it answers, and until its records can be read."""

from collections.abc import Callable

from emulator.clock import Clock, Timer
from emulator.device.pace import Pace
from emulator.firmware.schema.times import Spread, Times
from emulator.trace.defect import reporting
from emulator.trace.trace import Trace


class CardStart:
    """Timers of one start of a card, be it with the module or as it is inserted."""

    def __init__(self, pace: Pace, clock: Clock, trace: Trace) -> None:
        self._pace = pace
        self._clock = clock
        self._trace = trace
        self._timer: Timer | None = None
        self._reading = 0.0
        """Seconds that the records take once the card is unlocked."""
        self.powered = False
        """Whether the module is on."""
        self.records_ready = not self.takes_time

    def __repr__(self) -> str:
        return f"<CardStart, records {'ready' if self.records_ready else 'to be read'}>"

    @property
    def takes_time(self) -> bool:
        """Whether a card is busy after its start."""
        return self._pace.times is not None

    def power_up(self) -> None:
        """Note that the module is on."""
        self.powered = True

    def power_down(self) -> None:
        """Note that the module is off: nothing more happens."""
        self.powered = False
        self.forget()

    def forget(self) -> None:
        """Begin again: nothing of the card has been read."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.records_ready = not self.takes_time

    def answer_later(self, answer: Callable[[], None]) -> None:
        """Call back when the card answers."""
        ready, records = (self._pace.seconds(choose) for choose in (_ready, _records))
        self._reading = max(0.0, records - ready)
        self._after(ready, answer)

    def read_records(self, told: Callable[[], None]) -> None:
        """Call back when the records of the unlocked card have been read: at once where that takes no time."""
        if self.records_ready:
            told()
        else:
            self._after(self._reading, lambda: self._have_read(told))

    def _have_read(self, told: Callable[[], None]) -> None:
        self.records_ready = True
        told()

    def _after(self, seconds: float, then: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_later(seconds, reporting(self._trace, "the start of the card", then))


def _ready(times: Times) -> Spread:
    return times.card.ready


def _records(times: Times) -> Spread:
    return times.card.records
