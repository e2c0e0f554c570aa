"""Steps of the SIM card."""

from collections.abc import Iterator

from emulator.explore.steps.kind import Kind
from emulator.explore.steps.places import REST, TELLING, places
from emulator.explore.steps.step import Nature, Step
from emulator.faults.census import Census
from emulator.faults.fault import Place

_MISSING = Kind(
    "SIM missing for a while",
    Nature.FAULT,
    "Software User Guide 2.10.5: #SIMDET and #QSS tell of a card that loses its contacts, as by vibration",
)
_BUSY = Kind(
    "SIM busy for a while",
    Nature.FAULT,
    "27.007 9.2.1: error 14, while the card is read for some seconds after a start",
)
KINDS = (_MISSING, _BUSY)

_ABSENCE = 3.0
"""Seconds."""
_ASK_IT = (
    "+CPIN?",
    "#CCID",
    "+CCID",
    "+CIMI",
    "+CNUM",
    "+CSCA?",
    "+CPBS=",
    "+CPBR=",
    "+CPBW=",
    "+CPBF=",
    "+CMGL",
    "+CMGL=",
    "+CMGR=",
    "+CMGD=",
    "+CRSM=",
)
"""Commands that the module asks the card for."""


def steps(census: Census) -> Iterator[Step]:
    """Yield a card that is missing for some seconds, from each command on, or busy, where the command needs it."""
    for at in places(census, Place.COMMAND):
        missing = at.fault("sim-missing", duration=_ABSENCE)
        yield _MISSING.step(
            at.command,
            at.occurrence,
            missing,
            lasts=_ABSENCE + census.device.card,
            tier=TELLING if at.is_first else REST,
            detail=f"{_ABSENCE:g} s",
        )
        if at.command in _ASK_IT and at.is_first:
            busy = at.fault("sim-busy", duration=_ABSENCE)
            yield _BUSY.step(at.command, at.occurrence, busy, lasts=_ABSENCE, detail=f"{_ABSENCE:g} s")
