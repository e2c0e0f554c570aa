"""Keep the device's date and time, which the host (+CCLK) or the network (#NITZ) sets."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from emulator.clock import Clock
from emulator.firmware.schema.calendar import Calendar as CalendarProfile


class Calendar:
    """The emulator's clock, at the offset that the host or the network has set."""

    def __init__(self, profile: CalendarProfile, clock: Clock) -> None:
        self._profile = profile
        self._clock = clock
        self._offset = timedelta()
        self.zone = profile.zone
        """Quarters of an hour ahead of UTC."""
        self.on_set: list[Callable[[], None]] = []
        """Called when it goes by another time."""
        self.was_lost = profile.power_up == "factory"
        """Whether it has lost its time, and no host has taken note of that (#RTCSTAT)."""
        if profile.power_up == "factory":
            self.set_local(profile.factory_time, profile.zone)

    def __repr__(self) -> str:
        return f"<Calendar {self.local():%Y-%m-%d %H:%M:%S}, zone {self.zone:+d}>"

    def utc(self) -> datetime:
        """Return the device's date and time in UTC; certificates are verified at it."""
        return self._clock.utc() + self._offset

    def local(self) -> datetime:
        """Return the local date and time, without a zone."""
        return (self.utc() + timedelta(minutes=15 * self.zone)).replace(tzinfo=None)

    def of_network(self) -> tuple[datetime, int]:
        """Return the network's local date and time, and its zone in quarters of an hour."""
        zone = self._profile.zone
        return (self._clock.utc() + timedelta(minutes=15 * zone)).replace(tzinfo=None), zone

    def set_local(self, local: datetime, zone: int) -> None:
        """Set the calendar as the host asks; `zone` in quarters of an hour."""
        self.zone = zone
        self._change(local.replace(tzinfo=UTC) - timedelta(minutes=15 * zone) - self._clock.utc())

    def set_utc(self, utc: datetime, zone: int) -> None:
        """Set the calendar to a moment, and to a zone in quarters of an hour."""
        self.zone = zone
        self._offset = utc - self._clock.utc()

    def set_from_network(self) -> None:
        """Set the calendar to the network's time."""
        self.zone = self._profile.zone
        self._change(timedelta())

    def _change(self, offset: timedelta) -> None:
        self._offset = offset
        for listener in self.on_set:
            listener()
