"""Steps of the module's power: it restarts, or is without supply for a while."""

from collections.abc import Iterator

from emulator.explore.steps.kind import Kind
from emulator.explore.steps.places import REST, TELLING, At, places
from emulator.explore.steps.step import Nature, Step
from emulator.faults.census import Census
from emulator.faults.fault import Place

_REBOOT = Kind(
    "reboot", Nature.FAULT, "AT Commands Reference Guide: #ENHRST restarts by itself; watchdogs of modules do the same"
)
_BROWN_OUT = Kind(
    "brown-out", Nature.FAULT, "GL865 Hardware User Guide: below its least supply voltage the module switches off"
)
KINDS = (_REBOOT, _BROWN_OUT)

_OFF = 2.0
"""Seconds without supply."""


def steps(census: Census) -> Iterator[Step]:
    """Yield a restart and a brown-out at each command, at each write to non-volatile memory, and within each entry."""
    restart = census.device.restart
    for at in places(census, Place.COMMAND):
        yield from _both(at, restart, {}, "", TELLING if at.is_first else REST)
    for at in places(census, Place.WRITE):
        if at.command:
            yield from _both(at, restart, {"at": "write"}, "as memory is written", REST)
    for at in places(census, Place.ENTRY):
        if byte := at.passed.size // 2:
            yield from _both(at, restart, {"at": "entry", "byte": byte}, f"after {byte} bytes of the entry", REST)


def _both(at: At, restart: float, where: dict[str, object], detail: str, tier: int) -> Iterator[Step]:
    yield _REBOOT.step(at.command, at.occurrence, at.fault("reboot", **where), lasts=restart, tier=tier, detail=detail)
    off = at.fault("brown-out", **where, duration=_OFF)
    yield _BROWN_OUT.step(at.command, at.occurrence, off, lasts=_OFF + restart, tier=REST, detail=detail)
