"""Steps of the network: it is lost, denies, answers late, refuses, drops the context."""

from collections.abc import Iterator

from emulator.explore.steps.kind import Kind
from emulator.explore.steps.places import REST, TELLING, At, places
from emulator.explore.steps.step import Nature, Step
from emulator.faults.census import Census
from emulator.faults.fault import Place

_START = Kind(
    "registration takes its time",
    Nature.VARIATION,
    "akkoyun/Telit_xE910: a GE910 is registered 12 s after its start; 27.007 7.2: +CREG shows 2 meanwhile",
)
_LOST = Kind("registration lost", Nature.FAULT, "27.007 7.2: <stat> 2; a tunnel, a lift, a change of cells")
_DENIED = Kind("registration denied", Nature.FAULT, "27.007 7.2: <stat> 3; 24.008 4.4.4.7, tried again later")
_SIGNAL = Kind("no signal shown", Nature.VARIATION, "27.007 8.5: <rssi> 99, not known or not detectable")
_DROPPED = Kind("context dropped", Nature.FAULT, "24.008 6.1.3.4.2: the network deactivates the context")
_REFUSED = Kind(
    "activation refused once",
    Nature.FAULT,
    "24.008 6.1.3.1.1, cause 34; a UL865's log shows refusals that pass when they are repeated",
)
_LATE = Kind(
    "activation takes its time",
    Nature.VARIATION,
    "a UL865's log: #SGACT takes 2.1 to 5.4 s, 12.7 s at the slowest; the vendor allows 150 s",
)
_DETACHED = Kind(
    "packet service refused for a while",
    Nature.FAULT,
    "24.008 4.7.3.1.4: the network rejects the attach, as by congestion",
)
_NAMED = Kind(
    "operator with another name",
    Nature.VARIATION,
    "27.007 7.3: up to 16 characters, blanks among them, as in `Chunghwa Telecom`",
)
KINDS = (_START, _LOST, _DENIED, _SIGNAL, _DROPPED, _REFUSED, _LATE, _DETACHED, _NAMED)

_ABSENCE = 5.0
"""Seconds without a network."""
_REGISTERING = 8.0
"""Seconds from the start of the host."""
_ACTIVATING, _SLOWLY_ACTIVATING = 5.0, 12.7
_REFUSING = 2.0
"""Seconds until the network would have refused."""
_CAUSES = ("service_option_out_of_order", "requested_service_option_not_subscribed", "unspecified_gprs_error")


def steps(census: Census) -> Iterator[Step]:
    """Yield what the network does at each command, and at each activation."""
    first = next(places(census, Place.COMMAND), None)
    if first is not None:
        lost = {"fault": "registration-lost", "time": 0, "duration": _REGISTERING}
        lasts = _REGISTERING + census.device.register
        yield _START.step(first.command, first.occurrence, lost, lasts=lasts, detail=f"{_REGISTERING:g} s")
    for at in places(census, Place.COMMAND):
        yield from _at_command(at, census.device.register)
        yield from _names(at)
    for at in places(census, Place.ACTIVATION):
        yield from _activations(at, census.device.register)


def _at_command(at: At, register: float) -> Iterator[Step]:
    before = at.passed.before
    if before is None or not before.registered:
        return
    tier = TELLING if at.is_first else REST
    for kind, fault, telling in ((_LOST, "registration-lost", tier), (_DENIED, "registration-denied", REST)):
        absent = at.fault(fault, duration=_ABSENCE)
        yield kind.step(
            at.command, at.occurrence, absent, lasts=_ABSENCE + register, tier=telling, detail=f"{_ABSENCE:g} s"
        )
    if at.command in ("+CSQ", "#MONI", "+COPS?"):
        silent = at.fault("signal", rssi=99, duration=_ABSENCE)
        yield _SIGNAL.step(at.command, at.occurrence, silent, lasts=_ABSENCE, tier=at.tier, detail="+CSQ: 99")
    for cid in before.contexts:
        drop = at.fault("context-dropped", **({"cid": cid} if cid != 1 else {}))
        yield _DROPPED.step(at.command, at.occurrence, drop, tier=tier, detail=f"context {cid}")


def _names(at: At) -> Iterator[Step]:
    if at.command in ("+COPS?", "#MONI", "#SERVINFO", "#RFSTS"):
        for number, name in enumerate(("Chunghwa Telecom", "3", "Orange B, Ltd")):
            named = at.fault("operator-named", operator=name)
            yield _NAMED.step(at.command, at.occurrence, named, tier=REST if number else at.tier, detail=name)


def _activations(at: At, register: float) -> Iterator[Step]:
    refused = at.fault("attachment-refused", duration=_ABSENCE)
    yield _DETACHED.step(
        at.command, at.occurrence, refused, lasts=_ABSENCE + register, tier=TELLING, detail=f"{_ABSENCE:g} s"
    )
    for number, cause in enumerate(_CAUSES):
        refused = at.fault("activation-refused", cause=cause)
        tier = REST if number else TELLING
        yield _REFUSED.step(at.command, at.occurrence, refused, lasts=_REFUSING, tier=tier, detail=_words(cause))
    for seconds, tier in ((_ACTIVATING, TELLING), (_SLOWLY_ACTIVATING, REST)):
        late = at.fault("activation-late", duration=seconds)
        yield _LATE.step(at.command, at.occurrence, late, lasts=seconds, tier=tier, detail=f"{seconds:g} s")


def _words(cause: str) -> str:
    return cause.replace("_", " ")
