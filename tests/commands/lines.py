"""A model of each software line, and what every command answers to what it does not take."""

import pytest

from emulator.testing import Bench
from tests.commands.ssl_bench import ERROR, GSM, UMTS, cme, succeed

GE910 = "GE910-QUAD"
GL865 = "GL865-QUAD-V3"
LINES = (GSM, UMTS, GE910, GL865)
LATER_LINES = ("HE920", "LE910", "LE910-V2", "LE910C1", "ME910C1", "ME310G1")
"""A model of each line after the SSL/TLS User Guide."""
EVERY_LINE = pytest.mark.parametrize("firmware", LINES)
GSM_LINES = (GSM, GE910, GL865)


async def refused(bench: Bench, *lines: str, code: int = 4) -> None:
    """Each line is refused with this code, or with a plain ERROR while +CMEE is 0."""
    for line in lines:
        await succeed(bench, "AT+CMEE=0")
        assert ERROR == await bench.command(line), line
        await succeed(bench, "AT+CMEE=1")
        assert cme(code) == await bench.command(line), line
