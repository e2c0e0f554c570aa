"""Steps of the port between host and module."""

from collections.abc import Iterator

from emulator.explore.steps.kind import Kind
from emulator.explore.steps.places import REST, TELLING, places
from emulator.explore.steps.step import Nature, Step
from emulator.faults.census import Census
from emulator.faults.fault import Place

_VANISHED = Kind(
    "port vanished",
    Nature.FAULT,
    "gammu issue 552: a USB modem that restarts takes its port with it, and comes back as another one",
)
KINDS = (_VANISHED,)

_ABSENCE = 3.0
"""Seconds."""


def steps(census: Census) -> Iterator[Step]:
    """Yield a port that vanishes at each command, and is there again some seconds later."""
    for number, at in enumerate(places(census, Place.COMMAND)):
        gone = at.fault("port-vanished", duration=_ABSENCE)
        tier = REST if number else TELLING
        yield _VANISHED.step(at.command, at.occurrence, gone, lasts=_ABSENCE, tier=tier, detail=f"{_ABSENCE:g} s")
