"""Steps in the time that answers take."""

from collections.abc import Iterator

from emulator.explore.steps.kind import Kind
from emulator.explore.steps.places import ALWAYS, REST, At, answers
from emulator.explore.steps.step import Nature, Step
from emulator.explore.steps.times import PROMPT, times_of
from emulator.faults.census import Census

_SLOW = Kind(
    "slow answer",
    Nature.VARIATION,
    "the vendor's command timeouts, as in akkoyun/Telit_xE910; on a slow day, times of --realistic",
)
_LATE_PROMPT = Kind(
    "slow prompt",
    Nature.VARIATION,
    "the vendor's command timeouts, as in akkoyun/Telit_xE910: 1 s for the prompt of +CMGS",
)
KINDS = (_SLOW, _LATE_PROMPT)


def steps(census: Census) -> Iterator[Step]:
    """Yield slow answers: as on a slow day, then as late as the documents allow."""
    for at in answers(census):
        times, begin = times_of(at.command), at.answer.prompt
        if begin is not None:
            late = at.fault("bytes-late", byte=0, duration=PROMPT, **ALWAYS)
            yield _LATE_PROMPT.step(at.command, at.occurrence, late, lasts=PROMPT * at.remaining, tier=at.tier)
        yield _slow(at, begin or 0, times.slow, at.tier)
        if at.is_first:
            yield _slow(at, begin or 0, times.longest, REST)


def _slow(at: At, byte: int, seconds: float, tier: int) -> Step:
    late = at.fault("bytes-late", byte=byte, duration=seconds, **ALWAYS)
    return _SLOW.step(at.command, at.occurrence, late, lasts=seconds * at.remaining, tier=tier, detail=f"{seconds:g} s")
