"""A model of each software line, and what every command answers to what it does not take."""

import pytest

from emulator.firmware.loader import list_models
from emulator.firmware.selection import distinct_firmwares
from emulator.firmware.status import ANY, Status
from emulator.testing import Bench
from tests.commands.ssl_bench import ERROR, GSM, UMTS, cme, succeed

GE910 = "GE910-QUAD"
GL865 = "GL865-QUAD-V3"
LINES = (GSM, UMTS, GE910, GL865)
LATER_LINES = ("HE920", "LE910", "LE910-V2", "LE910C1", "ME910C1", "ME310G1")
"""A model of each line after the SSL/TLS User Guide."""
EVERY_LINE = pytest.mark.parametrize("firmware", LINES)
_BEHAVIOURS = {choice.name.partition("@")[0] for choice in distinct_firmwares(ANY)}
MODELS = [one for one in list_models() if one.status is Status.DOCUMENTED or one.name in _BEHAVIOURS]
"""All that the guide names; of the later ones, whose profiles mostly differ in names, one of each behaviour."""
EVERY_MODEL = pytest.mark.parametrize("model", [one.name for one in MODELS])
GSM_LINES = (GSM, GE910, GL865)


async def refused(bench: Bench, *lines: str, code: int = 4) -> None:
    """Each line is refused with this code, or with a plain ERROR while +CMEE is 0."""
    for line in lines:
        await succeed(bench, "AT+CMEE=0")
        assert ERROR == await bench.command(line), line
        await succeed(bench, "AT+CMEE=1")
        assert cme(code) == await bench.command(line), line
