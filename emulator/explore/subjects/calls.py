"""Steps of voice calls: somebody calls while the host works."""

from collections.abc import Iterator

from emulator.explore.steps.kind import Kind
from emulator.explore.steps.places import REST, TELLING, places
from emulator.explore.steps.step import Nature, Step
from emulator.faults.census import Census
from emulator.faults.fault import Place

_CALL = Kind(
    "call comes",
    Nature.FAULT,
    "Software User Guide 3.4.1: RING each 5 s; V.250 6.3.5: NO CARRIER when who calls gives up",
)
KINDS = (_CALL,)

_RINGING = 12.0
"""Seconds until who calls gives up: three rings."""
_CALLER = "+390404192701"


def steps(census: Census) -> Iterator[Step]:
    """Yield a call at each command, where the firmware has voice calls and the module is registered."""
    if not census.device.voice:
        return
    for at in places(census, Place.COMMAND):
        if at.passed.before is None or not at.passed.before.registered or at.passed.before.calls:
            continue
        yield _CALL.step(
            at.command,
            at.occurrence,
            at.fault("call-comes", number=_CALLER),
            at.fault("call-ended", delay=_RINGING),
            lasts=_RINGING,
            tier=TELLING if at.is_first and at.passed.before.sockets else REST,
            detail="for three rings",
        )
