"""Steps in TLS handshakes, at each message of the server."""

from collections import Counter
from collections.abc import Iterator

from emulator.explore.steps.kind import Kind
from emulator.explore.steps.places import REST, TELLING, At, places
from emulator.explore.steps.step import Nature, Step
from emulator.faults.census import Census
from emulator.faults.fault import Place
from emulator.faults.records import PROTECTED

_STALLED = Kind(
    "handshake stalled", Nature.FAULT, "AT Commands Reference Guide: #SSLD, <Timeout>: no message comes for so long"
)
_CUT = Kind("handshake cut", Nature.FAULT, "RFC 5246 7.2.1, RFC 9293 3.5.2: a server that is overloaded breaks it off")
_SLOW = Kind(
    "slow processor", Nature.FAULT, "SSL guide 4.1: large certificates take long on 10.00 and 16.00 with #CPUMODE=0"
)
KINDS = (_STALLED, _CUT, _SLOW)

_GIVEN_UP = 10.0
"""Seconds until the module gives up: the usual <Timeout> of #SSLD."""
_COMPUTING = 8.0
"""Seconds."""


def steps(census: Census) -> Iterator[Step]:
    """Yield a handshake that stops or breaks at each message."""
    for at in places(census, Place.HANDSHAKE):
        counts = Counter(at.passed.messages)
        for number, name in enumerate(at.passed.messages, 1):
            is_named = counts[name] == 1 and name != PROTECTED
            yield from _at_message(at, name if is_named else number, number == 1 and at.is_first)
        if census.device.cpu_modes and "certificate" in counts:
            slow = at.fault("slow-processor", duration=_COMPUTING, times=1)
            yield _SLOW.step(at.command, at.occurrence, slow, lasts=_COMPUTING, tier=TELLING if at.is_first else REST)


def _at_message(at: At, message: str | int, is_telling: bool) -> Iterator[Step]:
    where = f"before {message}" if isinstance(message, str) else f"before message {message}"
    for kind, fault, lasts in ((_STALLED, "handshake-stalled", _GIVEN_UP), (_CUT, "handshake-cut", 0.0)):
        yield kind.step(
            at.command,
            at.occurrence,
            at.fault(fault, message=message),
            lasts=lasts,
            tier=TELLING if is_telling else REST,
            detail=where,
        )
