"""URCs before, within and right after answers: only those that this host could get at that moment."""

from collections.abc import Iterator

from emulator.explore.steps.kind import Kind
from emulator.explore.steps.places import REST, TELLING, At, answers
from emulator.explore.steps.step import Nature, Step
from emulator.explore.steps.unsolicited import Moment, moments, possible
from emulator.faults.census import Census
from emulator.faults.situation import Situation

_BEFORE = Kind(
    "URC before an answer",
    Nature.VARIATION,
    "RIOT pull request 20062: a URC that the module was sending as the command came stands before its answer",
)
_WITHIN = Kind(
    "URC within an answer",
    Nature.VARIATION,
    "at-commander: +CGREG: before the OK of +CGATT=1 on a Telit; mbed-os pull request 10341: between the lines",
)
_AFTER = Kind(
    "URC right after an answer",
    Nature.VARIATION,
    "V.250 5.7: unsolicited result codes come when no command runs, thus also right behind the final result",
)
_MESSAGE = Kind(
    "message comes",
    Nature.VARIATION,
    "27.005 3.4.1: +CMTI or +CMT, as +CNMI has it",
)
KINDS = (_BEFORE, _WITHIN, _AFTER, _MESSAGE)

_ANNOUNCED = (1, 2, 3)
"""<mt> of +CNMI under which the host hears of a message."""


def steps(census: Census) -> Iterator[Step]:
    """Yield every URC that may come, at every line; first the one that is most like the answer."""
    moment = moments(census)
    for at in answers(census):
        if not at.answer.final and not at.answer.between:
            continue
        before, after = at.passed.before, at.passed.after
        if before is not None:
            yield from _at(at, _BEFORE, 0, moment(before, at.passed.terminal, at.passed.at))
            for byte in at.answer.between:
                yield from _at(at, _WITHIN, byte, moment(before, at.passed.terminal, at.passed.at))
        if after is not None and at.answer.final and not at.answer.opens_data_mode:
            yield from _at(at, _AFTER, at.answer.size, moment(after, at.passed.terminal, at.passed.ended))
            yield from _messages(at, after)


def _at(at: At, kind: Kind, byte: int, moment: Moment) -> Iterator[Step]:
    name = at.command.rstrip("=?")
    likely = sorted(possible(moment), key=lambda found: not found[1][0].startswith(name))
    last = kind is not _WITHIN or byte == at.answer.between[-1]
    for number, (urc, lines) in enumerate(likely):
        faults = [at.fault("unsolicited-line", at="answer", **at.answer.place(byte), text=line) for line in lines]
        yield kind.step(
            at.command,
            at.occurrence,
            *faults,
            source=f"{kind.source}; {urc.name}: {urc.source}; enabled by {urc.enabled}",
            tier=at.tier if number == 0 and last else REST,
            detail=" ".join([urc.name, f"at byte {byte}"] if kind is _WITHIN else [urc.name]),
        )


def _messages(at: At, situation: Situation) -> Iterator[Step]:
    """Yield a message that really comes, so that what its URC names can be read."""
    if situation.settings.get("+CNMI.mt", 0) in _ANNOUNCED and situation.registered:
        fault = at.fault("message-comes")
        tier = TELLING if at.is_first else REST
        yield _MESSAGE.step(at.command, at.occurrence, fault, tier=tier)
