"""The module's date and time: set by the host (+CCLK) or the network (#NITZ), asked when a certificate is judged."""

from datetime import UTC, datetime, timedelta

from emulator.clock import Clock
from emulator.firmware.schema.profile import Calendar as CalendarProfile

_FORMAT = "%y/%m/%d,%H:%M:%S"


class Calendar:
    """Runs on the emulator's clock, at an offset that the host or the network has set."""

    def __init__(self, profile: CalendarProfile, clock: Clock) -> None:
        self._profile = profile
        self._clock = clock
        self._offset = timedelta()
        self.zone = profile.zone
        """Quarters of an hour ahead of UTC."""
        if profile.factory_date is not None:
            self.set_local(datetime.strptime(profile.factory_date, _FORMAT), profile.zone)

    def __repr__(self) -> str:
        return f"<Calendar {self.local():%Y-%m-%d %H:%M:%S}, zone {self.zone:+d}>"

    def utc(self) -> datetime:
        """What the module takes for the present, in UTC."""
        return self._clock.utc() + self._offset

    def local(self) -> datetime:
        """The local date and time, without a zone."""
        return (self.utc() + timedelta(minutes=15 * self.zone)).replace(tzinfo=None)

    def of_network(self) -> tuple[datetime, int]:
        """The network's own local date and time, and its zone in quarters of an hour, whatever the module's are."""
        zone = self._profile.zone
        return (self._clock.utc() + timedelta(minutes=15 * zone)).replace(tzinfo=None), zone

    def set_local(self, local: datetime, zone: int) -> None:
        """The host sets the clock; `zone` in quarters of an hour."""
        self.zone = zone
        self._offset = local.replace(tzinfo=UTC) - timedelta(minutes=15 * zone) - self._clock.utc()

    def set_from_network(self) -> None:
        """The network tells the time."""
        self.zone = self._profile.zone
        self._offset = timedelta()
