"""Steps of dials: nobody answers, the port is closed, the name is unknown, the network is slow."""

import ipaddress
from collections.abc import Iterator

from emulator.explore.steps.kind import Kind
from emulator.explore.steps.places import REST, TELLING, places
from emulator.explore.steps.step import Nature, Step
from emulator.faults.census import Census
from emulator.faults.fault import Place

_REFUSED = Kind("dial refused", Nature.FAULT, "RFC 9293 3.5.2: nobody listens; `can not open socket`")
_UNANSWERED = Kind(
    "dial unanswered", Nature.FAULT, "IP Easy User Guide 3.2: <connTo> of #SCFG; `timeout in opening socket`"
)
_UNKNOWN = Kind(
    "name unknown", Nature.FAULT, "RFC 1035 4.1.1: a name server fails or is not reached; `can not resolve DN`"
)
_SLOW = Kind(
    "slow network", Nature.VARIATION, "what users see of GPRS and EDGE: a round trip of 0.4 to 1 s, 20 to 130 kbit/s"
)
KINDS = (_REFUSED, _UNANSWERED, _UNKNOWN, _SLOW)

_GIVEN_UP = 60.0
"""Seconds until the module gives up: the usual <connTo>."""
_PRESETS = ("GPRS", "EDGE")
_ROUND_TRIPS = 10.0
"""Seconds that a slow network costs: some round trips for a name, a connection, a handshake and data."""


def steps(census: Census) -> Iterator[Step]:
    """Yield each dial and each name that fails once, and slow networks for the whole run."""
    for at in places(census, Place.DIAL):
        for kind, fault, lasts in (
            (_REFUSED, "connection-refused", 0.0),
            (_UNANSWERED, "connection-unanswered", _GIVEN_UP),
        ):
            tier = TELLING if at.is_first else REST
            yield kind.step(at.command, at.occurrence, at.fault(fault), lasts=lasts, tier=tier, detail=at.passed.host)
    for at in places(census, Place.NAME):
        if not _is_address(at.passed.host):
            tier = TELLING if at.is_first else REST
            yield _UNKNOWN.step(at.command, at.occurrence, at.fault("name-unknown"), tier=tier, detail=at.passed.host)
    yield from _networks(census)


def _networks(census: Census) -> Iterator[Step]:
    first = next(places(census, Place.DIAL), None)
    if first is not None:
        for number, preset in enumerate(_PRESETS):
            slow = {"fault": "slow-network", "preset": preset}
            yield _SLOW.step(
                first.command,
                first.occurrence,
                slow,
                lasts=_ROUND_TRIPS,
                tier=REST if number else TELLING,
                detail=preset,
            )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
