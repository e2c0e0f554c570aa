"""Ring the alarm that the host has set, whether the module is on or off. 27.007 8.16, Software User Guide 3.8.5."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from emulator.clock import Clock, Timer
from emulator.device.calendar import Calendar
from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.device.power import Power, PowerState
from emulator.errors import Cause, DeviceError
from emulator.later import later
from emulator.trace.defect import reporting
from emulator.trace.trace import Trace

if TYPE_CHECKING:
    from emulator.device.needs import ssl as needs
else:
    needs = later("emulator.device.needs.ssl")

_FORMAT = "%y/%m/%d,%H:%M:%S"
_TIME_OF_DAY = "%H:%M:%S"
_EVERY = 3.0
"""Seconds between two URCs."""
_LONGEST = 90.0
"""Seconds after which the alarm ends by itself."""
EVERY_DAY = "0"
"""<recurr>: on each day of the week."""
_DAYS = "1,2,3,4,5,6,7"


class Kind(IntEnum):
    """<type> of +CALA; tone and pin are not emulated."""

    POWER_UP = 1
    REPORTED = 2
    TONE = 3
    REPORTED_TONE = 4
    PIN = 5
    REPORTED_PIN = 6
    TONE_PIN = 7


_REPORTED = (Kind.REPORTED, Kind.REPORTED_TONE, Kind.REPORTED_PIN)


class Alarm(Record, frozen=True):
    """An alarm as +CALA sets it."""

    time: str
    """As the host has written it: with a date or, where it recurs, without; local time."""
    type: int
    text: str = ""
    recurrence: str = ""
    """Days of the week, 1 for Monday, with commas between; 0 for all; empty for an alarm that rings once."""
    silent: int | None = None

    def due(self, now: datetime) -> datetime:
        """Return when it rings next, in local time.

        Raises:
            ValueError: there is no such time.
        """
        if not self.recurrence:
            return datetime.strptime(self.time[:-3], _FORMAT)
        clock = datetime.strptime(self.time[:-3], _TIME_OF_DAY).time()
        days = _DAYS if self.recurrence == EVERY_DAY else self.recurrence
        coming = (datetime.combine(now.date() + timedelta(days=ahead), clock) for ahead in range(8))
        return next(one for one in coming if one > now and str(one.isoweekday()) in days)


class AlarmClock:
    """The alarm, which is kept and rings at its time; it goes on while the module is off."""

    def __init__(self, store: NvmStore, calendar: Calendar, power: Power, clock: Clock, trace: Trace) -> None:
        self._store = store
        self._calendar = calendar
        self._power = power
        self._clock = clock
        self._trace = trace
        self._due: Timer | None = None
        self._ringing: Alarm | None = None
        self._since = 0.0
        self._next: Timer | None = None
        self.alarm_mode = False
        """Whether the alarm has started the module, which does nothing else until it is woken."""
        self.on_ring: list[Callable[[str], None]] = []
        """Called with the text of an alarm that is reported; each start begins a new list."""
        calendar.on_set.append(self.arm)
        power.on_stop.append(self._stop)
        power.on_start.append(self._begin)
        self.arm()

    def __repr__(self) -> str:
        return f"<AlarmClock {self.alarm}>"

    @property
    def alarm(self) -> Alarm | None:
        """Return the alarm that is set."""
        return self._store.content.alarm

    def set(self, alarm: Alarm | None) -> None:
        """Keep an alarm, or delete it with None.

        Raises:
            DeviceError: it has passed, or there is no such time, or the memory fails.
        """
        if alarm is not None:
            self._check(alarm)
        with self._store.change() as nvm:
            nvm.alarm = alarm
        self.arm()

    def _check(self, alarm: Alarm) -> None:
        try:
            due = alarm.due(self._calendar.local())
        except ValueError as error:
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"there is no such time: {alarm.time}") from error
        if due <= self._calendar.local():
            now = self._calendar.local()
            reason = f"the time {alarm.time} has passed: by the module's clock it is {now:%y/%m/%d,%H:%M:%S}"
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, reason, needs.RightClock())

    def arm(self) -> None:
        """Wait for the time of the alarm: after a change of it, or of the calendar."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        if self.alarm is not None:
            now = self._calendar.local()
            left = (self.alarm.due(now) - now).total_seconds()
            ring = reporting(self._trace, "an alarm", self._ring)
            self._due = self._clock.call_later(max(0.0, left), ring)

    def _ring(self) -> None:
        alarm = self.alarm
        if alarm is None:
            return
        if not alarm.recurrence:
            self._forget()
        else:
            self.arm()
        is_off = self._power.state is PowerState.OFF
        if alarm.type != Kind.POWER_UP:
            self._ringing = alarm
            self.alarm_mode = is_off
        if is_off:
            self._power.on()
        elif self._power.running:
            self._begin()

    def _forget(self) -> None:
        self._due = None
        try:
            with self._store.change() as nvm:
                nvm.alarm = None
        except DeviceError:  # the memory fails: it rings, and will be taken for one that has passed
            pass

    def _begin(self) -> None:
        if self._ringing is not None:
            self._since = self._clock.now()
            self._report_after(0.0)  # behind those who begin to listen at this start

    def _report_after(self, delay: float) -> None:
        self._next = self._clock.call_later(delay, reporting(self._trace, "an alarm", self._report))

    def _report(self) -> None:
        self._next = None
        alarm = self._ringing
        if alarm is None:
            return
        if self._clock.now() >= self._since + _LONGEST:
            self._end()
            return
        if alarm.type in _REPORTED:
            for listener in self.on_ring:
                listener(alarm.text)
        self._report_after(_EVERY)

    def _end(self) -> None:
        """Power off, where nobody has woken the module that the alarm has started."""
        in_alarm_mode = self.alarm_mode
        self._quiet()
        if in_alarm_mode:
            self._power.off()

    def wake(self) -> None:
        """End the alarm, and let the module work as usual."""
        self._quiet()

    def _stop(self) -> None:
        self._quiet()
        self.on_ring = []

    def _quiet(self) -> None:
        self._ringing, self.alarm_mode = None, False
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def close(self) -> None:
        """Wait for no alarm any more."""
        self._quiet()
        if self._due is not None:
            self._due.cancel()
