"""The schema of the module's real-time clock."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from emulator.firmware.limits import Default, Section

_LAST_CENTURY = 69
"""The first year of two digits that is one of the last century, as POSIX has it."""


class Calendar(Section, frozen=True, kw_only=True):
    """The module's real-time clock."""

    network_time: Default
    """<val> of #NITZ; bit 0 lets the network set the clock."""
    zone: Annotated[int, Meta(ge=-96, le=96)]
    """The network's time zone in quarters of an hour."""
    clock_modes: Default | None = None
    """#CCLKMODE: 0 lets +CCLK? and #CCLK? show the local time, 1 UTC. Absent where there is no such command."""
    zone_printed: bool
    """Whether +CCLK? prints the zone."""
    power_up: Literal["right", "factory"]
    """The clock at the start: `right`, as with a battery; `factory`: `factory_date`, until network or host set it."""
    factory_date: Annotated[
        str, Meta(pattern=r"^\d\d/\d\d/\d\d,\d\d:\d\d:\d\d$", description="yy/MM/dd,hh:mm:ss in quotes")
    ]
    """The local date and time of a clock without a battery."""

    def __post_init__(self) -> None:
        try:
            _ = self.factory_time
        except ValueError:
            raise ValueError(f"there is no such `factory_date` as {self.factory_date}") from None

    @property
    def factory_time(self) -> datetime:
        """Return `factory_date`; `strptime` would load a module of its own at each start."""
        numbers = (int(self.factory_date[at : at + 2]) for at in range(0, len(self.factory_date), 3))
        year, month, day, hour, minute, second = numbers
        return datetime(year + (1900 if year >= _LAST_CENTURY else 2000), month, day, hour, minute, second)
