"""The schema of satellite positioning."""

from typing import Annotated, Literal

from msgspec import Meta

from emulator.errors import Cause
from emulator.firmware.limits import Default, Numeric, Section, Text

Seconds = Annotated[float, Meta(ge=0, le=86400)]


class Place(Section, frozen=True, kw_only=True):
    """The module's place, and what its receiver can see there."""

    fix: Literal[0, 2, 3]
    """The fix that the satellites in view allow: 0 none, 2 in two dimensions, 3 in three."""
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    """Degrees, north of the equator."""
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    """Degrees, east of Greenwich."""
    altitude: Annotated[float, Meta(ge=-1000, le=18000)]
    """Metres above sea level."""
    speed: Annotated[float, Meta(ge=0, le=1850)]
    """Kilometres an hour over ground."""
    course: Annotated[float, Meta(ge=0, lt=360)]
    """Degrees, clockwise from north."""
    satellites: Annotated[int, Meta(ge=0, le=12)]
    """Satellites in use while there is a fix."""
    dilution: Annotated[float, Meta(ge=0.5, le=99)]
    """Horizontal dilution of precision."""


class StartTimes(Section, frozen=True, kw_only=True):
    """Seconds until the first fix, by the start of the receiver."""

    cold: Seconds
    """Nothing is known."""
    warm: Seconds
    """The satellites' orbits are known roughly."""
    hot: Seconds
    """They are known."""


class GnssRefusals(Section, frozen=True, kw_only=True):
    """The cause of each refusal of the GNSS commands."""

    off: Cause
    """$GPSR, $GPSWK and, where `off` is an error, $GPSACP while the receiver is off."""
    same_power: Cause
    """$GPSP that changes nothing, where that is refused."""
    not_controlled: Cause
    """$GPSR with 1 to 3 while $GPSD is not 2."""


class Gnss(Section, frozen=True, kw_only=True):
    """The satellite receiver."""

    software: Text | None = None
    """$GPSSW; absent: the module has no receiver and no such commands."""
    power: Default
    """$GPSP."""
    refuses_same_power: bool
    """Whether $GPSP is refused that switches on what is on, or off what is off."""
    resets: Numeric
    """$GPSR: 0 hardware, 1 cold, 2 warm, 3 hot."""
    control: Default
    """$GPSD: 2 by the module."""
    antenna: Default
    """$GPSAT."""
    saving: Default
    """<mode> of $GPSPS."""
    saving_period: Default
    """<period> of $GPSPS, seconds."""
    output: Default
    """<enable> of $GPSNMUN."""
    sentence: Default
    """Each of the six sentences of $GPSNMUN."""
    off: Literal["error", "fields"]
    """The answer of $GPSACP while the receiver is off: an error, or empty fields with <fix> 0."""
    searching: Literal[0, 1]
    """<fix> of $GPSACP while there is no fix."""
    time_without_fix: bool
    """Whether $GPSACP shows time and date before the fix."""
    decimals: Literal[1, 2]
    """Decimals of course and speed in $GPSACP."""
    antenna_voltage: Annotated[int, Meta(ge=0, le=10000)]
    """$GPSAV, millivolts."""
    antenna_current: Annotated[int, Meta(ge=0, le=1000)]
    """$GPSAI, milliamperes."""
    start: StartTimes
    time_after: Seconds
    """Seconds after a cold start until time and date are known."""
    orbits_last: Seconds
    """Seconds without a fix after which a start is warm, not hot."""
    place: Place
    refusals: GnssRefusals
