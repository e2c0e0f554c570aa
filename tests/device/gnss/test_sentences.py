"""NMEA 0183 sentences of a receiver with a fix and without: as they were recorded, and as a parser reads them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pynmeagps import NMEAReader

from emulator.device.gnss.report import GnssReport, latitude, longitude
from emulator.device.gnss.sentences import KINDS, sentences
from emulator.firmware.schema.gnss import Place

MOMENT = datetime(2005, 7, 27, 8, 2, 20, 479_000, tzinfo=UTC)
PLACE = Place(
    fix=3,
    latitude=45.7137817,
    longitude=13.7378033,
    altitude=57.0,
    speed=0.0,
    course=2.1,
    satellites=9,
    dilution=0.9,
)
RECORDED = {
    "GLL": ["$GPGLL,4542.8269,N,01344.2682,E,080220.479,A,A*55"],
    "GSA": ["$GPGSA,A,3,02,04,05,09,10,17,24,28,29,,,,1.6,0.9,1.3*34"],
    "RMC": ["$GPRMC,080220.479,A,4542.8269,N,01344.2682,E,0.00,2.10,270705,,,A*66"],
    "VTG": ["$GPVTG,2.10,T,,M,0.00,N,0.0,K,A*0E"],
}
WITHOUT_FIX = {
    "GGA": ["$GPGGA,,,,,,0,,,,M,,M,,*66"],
    "GLL": ["$GPGLL,,,,,,V,N*64"],
    "GSA": ["$GPGSA,A,1,,,,,,,,,,,,,,,*1E"],
    "GSV": ["$GPGSV,1,1,00*79"],
    "RMC": ["$GPRMC,,V,,,,,,,,,,N*53"],
    "VTG": ["$GPVTG,,T,,M,,N,,K,N*2C"],
}


@pytest.mark.parametrize("kind", RECORDED)
def test_sentences_are_as_recorded(kind: str) -> None:
    """Byte for byte, at the place and the time of the recording."""
    assert RECORDED[kind] == list(sentences(GnssReport(MOMENT, PLACE), [kind]))


def test_gga_is_as_recorded() -> None:
    """At another place."""
    place = replace(PLACE, latitude=52.0805267, longitude=4.8579083, satellites=8, dilution=1.5)
    report = GnssReport(datetime(2014, 1, 1, 21, 4, 23, tzinfo=UTC), place)

    recorded = "$GPGGA,210423.000,5204.8316,N,00451.4745,E,1,08,1.50,57.0,M,,M,,0000*47"
    assert [recorded] == list(sentences(report, ["GGA"]))


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_fix_fields_are_empty(kind: str) -> None:
    """Those of GGA, GSA and RMC as recorded."""
    assert WITHOUT_FIX[kind] == list(sentences(GnssReport(None, None), [kind]))


def test_the_time_may_be_known_before_the_fix() -> None:
    """RMC then has the date, too."""
    report = GnssReport(MOMENT, None)

    assert ["$GPRMC,080220.479,V,,,,,,,270705,,,N*48"] == list(sentences(report, ["RMC"]))


def test_gsv_has_four_satellites_a_sentence() -> None:
    """And says how many sentences there are."""
    heads = [sentence[:14] for sentence in sentences(GnssReport(MOMENT, PLACE), ["GSV"])]

    assert ["$GPGSV,3,1,09,", "$GPGSV,3,2,09,", "$GPGSV,3,3,09,"] == heads


@given(
    st.floats(-90, 90), st.floats(-180, 180), st.integers(0, 12), st.floats(0, 1850), st.floats(0, 359.9),
    st.floats(-1000, 18000),
)  # fmt: skip
def test_a_parser_reads_the_place(
    north: float, east: float, satellites: int, speed: float, course: float, altitude: float
) -> None:
    """To the ten-thousandth of a minute, with right checksums; every minute is below 60."""
    place = replace(
        PLACE, latitude=north, longitude=east, satellites=satellites, speed=speed, course=course, altitude=altitude
    )
    for sentence in sentences(GnssReport(MOMENT, place), KINDS):
        parsed = NMEAReader.parse(f"{sentence}\r\n")
        if sentence[3:6] in ("GGA", "GLL", "RMC"):
            assert abs(parsed.lat - north) < 2e-6
            assert abs(parsed.lon - east) < 2e-6
    assert float(latitude(place)[0][2:]) < 60 > float(longitude(place)[0][3:])
