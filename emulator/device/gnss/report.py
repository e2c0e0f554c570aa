"""Describe what the receiver knows at one moment, and write its parts as positions are written."""

from datetime import datetime

import msgspec

from emulator.firmware.schema.gnss import Place

_PARTS = 10_000
"""Of a minute of arc: four decimals."""
_DEGREE = 60 * _PARTS
_KNOT = 1.852
"""Kilometres an hour."""


class GnssReport(msgspec.Struct, frozen=True):
    """What the receiver knows."""

    moment: datetime | None
    """Date and time in UTC; None while they are unknown."""
    place: Place | None
    """None without a fix."""

    @property
    def time(self) -> str:
        """Return hhmmss.sss, or nothing."""
        if self.moment is None:
            return ""
        return f"{self.moment:%H%M%S}.{self.moment.microsecond // 1000:03d}"

    @property
    def date(self) -> str:
        """Return ddmmyy, or nothing."""
        return f"{self.moment:%d%m%y}" if self.moment is not None else ""


def latitude(place: Place) -> tuple[str, str]:
    """Return ddmm.mmmm, and N or S."""
    return _angle(place.latitude, 2), "S" if place.latitude < 0 else "N"


def longitude(place: Place) -> tuple[str, str]:
    """Return dddmm.mmmm, and E or W."""
    return _angle(place.longitude, 3), "W" if place.longitude < 0 else "E"


def knots(place: Place) -> float:
    """Return the speed in knots."""
    return place.speed / _KNOT


def _angle(degrees: float, digits: int) -> str:
    whole, rest = divmod(round(abs(degrees) * _DEGREE), _DEGREE)
    return f"{whole:0{digits}d}{rest / _PARTS:07.4f}"
