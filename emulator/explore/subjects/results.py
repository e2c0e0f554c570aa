"""Steps in the results of commands: errors in other forms, CONNECT with a rate."""

from collections.abc import Iterator

from emulator.explore.steps.kind import Kind
from emulator.explore.steps.places import ALWAYS, REST, At, answers
from emulator.explore.steps.step import Nature, Step
from emulator.faults.census import Census

_FORM = Kind(
    "refusal in another form",
    Nature.VARIATION,
    "Software User Guide 2.11: ERROR, or CME error 3 or 4 for what is not there; firmwares differ in which",
)
_RATE = Kind("CONNECT with a rate", Nature.VARIATION, "V.250 6.2.7: ATX1 to ATX4 show the rate behind CONNECT")
KINDS = (_FORM, _RATE)

_REFUSALS = {3: "operation not allowed", 4: "operation not supported"}
"""Of 27.007 9.2.1."""
_RATES = ("115200", "7200000")


def steps(census: Census) -> Iterator[Step]:
    """Yield other forms of what was answered; a refusal in another form only where there was one."""
    for at in answers(census):
        yield from _forms(at)
        yield from _rates(at)


def _forms(at: At) -> Iterator[Step]:
    said = at.answer.final.removeprefix("+CME ERROR: ")
    if said not in (*map(str, _REFUSALS), *_REFUSALS.values()):
        return
    others = [(code, text) for code, text in _REFUSALS.items() if said not in (str(code), text)]
    for code, text in others:
        yield _FORM.step(
            at.command, at.occurrence, at.fault("error-form", code=code, text=text, **ALWAYS), tier=at.tier, detail=text
        )
    yield _FORM.step(at.command, at.occurrence, at.fault("error-form", **ALWAYS), tier=REST, detail="ERROR")


def _rates(at: At) -> Iterator[Step]:
    before = at.passed.before
    dials = at.command in ("D", "D=", "+CGDATA=") and at.answer.opens_data_mode
    if dials and before is not None and before.settings.get("X", 0):
        for number, rate in enumerate(_RATES):
            yield _RATE.step(
                at.command,
                at.occurrence,
                at.fault("connect-rate", text=rate, **ALWAYS),
                tier=REST if number else at.tier,
                detail=rate,
            )
