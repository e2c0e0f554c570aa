"""Write NMEA 0183 sentences of a report; pynmeagps frames them and adds their checksums."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from pynmeagps import GET, NMEAMessage

from emulator.device.gnss.report import GnssReport, knots, latitude, longitude
from emulator.firmware.schema.gnss import Place

_TALKER = "GP"
_SATELLITES = (2, 4, 5, 9, 10, 17, 24, 28, 29, 12, 15, 20)
"""Numbers of the satellites; those in use are the first ones."""
_PLACES = 12
"""Satellites that GSA has fields for."""
_IN_A_SENTENCE = 4
"""Satellites that GSV has fields for."""
_VERTICAL = 1.44
"""Ratio of the vertical dilution to the horizontal one."""

Fields = Sequence[str]


def sentences(report: GnssReport, kinds: Sequence[str]) -> Iterator[str]:
    """Return the sentences of these kinds, each without its line end; GSV is several."""
    for kind in kinds:
        for fields in _WRITERS[kind](report):
            message = NMEAMessage(_TALKER, kind, GET, payload=list(fields))
            yield message.serialize().decode("ascii").removesuffix("\r\n")


def _gga(report: GnssReport) -> Iterator[Fields]:
    place = report.place
    if place is None:
        yield report.time, "", "", "", "", "0", "", "", "", "M", "", "M", "", ""
        return
    used, dilution, altitude = f"{place.satellites:02d}", f"{place.dilution:.2f}", f"{place.altitude:.1f}"
    yield report.time, *_position(place), "1", used, dilution, altitude, "M", "", "M", "", "0000"


def _gll(report: GnssReport) -> Iterator[Fields]:
    place = report.place
    if place is None:
        yield "", "", "", "", report.time, "V", "N"
    else:
        yield *_position(place), report.time, "A", "A"


def _gsa(report: GnssReport) -> Iterator[Fields]:
    place = report.place
    if place is None:
        yield "A", "1", *[""] * (_PLACES + 3)
        return
    used = [f"{number:02d}" for number in _SATELLITES[: place.satellites]]
    vertical = place.dilution * _VERTICAL
    whole = (place.dilution**2 + vertical**2) ** 0.5
    dilutions = [f"{value:.1f}" for value in (whole, place.dilution, vertical)]
    yield "A", str(place.fix), *used, *[""] * (_PLACES - len(used)), *dilutions


def _gsv(report: GnssReport) -> Iterator[Fields]:
    count = report.place.satellites if report.place is not None else 0
    seen = list(_in_view(count))
    parts = [seen[start : start + _IN_A_SENTENCE] for start in range(0, count, _IN_A_SENTENCE)] or [[]]
    for number, part in enumerate(parts, 1):
        yield str(len(parts)), str(number), f"{count:02d}", *(field for one in part for field in one)


def _in_view(count: int) -> Iterator[Fields]:
    """Return number, elevation, azimuth and signal of each satellite: as good as any."""
    for place, number in enumerate(_SATELLITES[:count]):
        yield f"{number:02d}", f"{80 - 6 * place:02d}", f"{number * 37 % 360:03d}", f"{46 - 2 * place:02d}"


def _rmc(report: GnssReport) -> Iterator[Fields]:
    place = report.place
    if place is None:
        yield report.time, "V", "", "", "", "", "", "", report.date, "", "", "N"
        return
    speed, course = f"{knots(place):.2f}", f"{place.course:.2f}"
    yield report.time, "A", *_position(place), speed, course, report.date, "", "", "A"


def _vtg(report: GnssReport) -> Iterator[Fields]:
    place = report.place
    if place is None:
        yield "", "T", "", "M", "", "N", "", "K", "N"
        return
    yield f"{place.course:.2f}", "T", "", "M", f"{knots(place):.2f}", "N", f"{place.speed:.1f}", "K", "A"


def _position(place: Place) -> Fields:
    return *latitude(place), *longitude(place)


_WRITERS: Mapping[str, Callable[[GnssReport], Iterator[Fields]]] = {
    "GGA": _gga,
    "GLL": _gll,
    "GSA": _gsa,
    "GSV": _gsv,
    "RMC": _rmc,
    "VTG": _vtg,
}
"""By kind: the fields of its sentences."""

KINDS = tuple(_WRITERS)
"""The kinds, in the order in which a receiver sends them."""
