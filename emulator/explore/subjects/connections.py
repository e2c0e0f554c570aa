"""Steps on open connections: they break, end, fall silent, or come in other portions."""

from collections.abc import Iterator

from emulator.explore.steps.kind import Kind
from emulator.explore.steps.places import REST, TELLING, At, places
from emulator.explore.steps.step import Nature, Step
from emulator.faults.census import Census
from emulator.faults.fault import Place

_RESET = Kind("connection reset", Nature.FAULT, "RFC 9293 3.5.2; #SLASTCLOSURE tells it as cause 2")
_CLOSED = Kind("connection closed", Nature.FAULT, "RFC 9293 3.6; IP Easy User Guide 3.2: the remote closes, NO CARRIER")
_SILENT = Kind(
    "server falls silent", Nature.FAULT, "RFC 1122 4.2.3.5: nothing comes back, as behind a NAT that has forgotten"
)
_LATE = Kind(
    "data in other portions",
    Nature.VARIATION,
    "RFC 9293 3.8: TCP keeps no boundaries of what was sent; on GPRS a change of cells takes 1 to 5 s",
)
KINDS = (_RESET, _CLOSED, _SILENT, _LATE)

_UNNOTICED = 90.0
"""Seconds until the module gives up a connection on which nothing passes: the usual <maxTo> of #SCFG and #SSLCFG."""
_STALL = 2.0
"""Seconds."""
_LATE_END = 6.0
"""Seconds for which a server keeps a connection when all has been said."""


def steps(census: Census) -> Iterator[Step]:
    """Yield what happens to each connection, at several bytes each way."""
    for way in (Place.SENT, Place.RECEIVED):
        for at in places(census, way):
            yield from _ended(at)
    for at in places(census, Place.RECEIVED):
        for byte in _positions(at.passed.size):
            seconds = _LATE_END if byte == at.passed.size else _STALL
            late = at.fault("data-late", byte=byte, duration=seconds)
            tier = at.tier if byte else REST
            yield _LATE.step(at.command, at.occurrence, late, lasts=seconds, tier=tier, detail=_after(at, byte))


def _ended(at: At) -> Iterator[Step]:
    size = at.passed.size
    for byte in _positions(size):
        middle = byte == size // 2 and size > 1
        for kind, fault, lasts, is_telling in (
            (_RESET, "connection-reset", 0.0, at.passed.place is Place.SENT),
            (_CLOSED, "connection-closed", 0.0, at.passed.place is Place.RECEIVED),
            (_SILENT, "peer-silent", _UNNOTICED, at.passed.place is Place.RECEIVED),
        ):
            yield kind.step(
                at.command,
                at.occurrence,
                at.fault(fault, at=at.passed.place.value, byte=byte),
                lasts=lasts,
                tier=TELLING if middle and is_telling and at.is_first else REST,
                detail=_after(at, byte),
            )


def _positions(size: int) -> list[int]:
    """Return the bytes before which something happens: the first, one in the middle, behind the last."""
    return sorted({0, size // 2, size}) if size else []


def _after(at: At, byte: int) -> str:
    return f"after {byte} bytes {at.passed.place.value}"
