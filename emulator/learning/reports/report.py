"""The report of a session: what was found, what the emulator cannot say, and what is not as it was."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from emulator.dte.exchange import Exchange
from emulator.firmware.keys import written
from emulator.learning.answers.exchange_text import in_a_line, without_numbers
from emulator.learning.claims.claim import ABSENT
from emulator.learning.session import Learned


def in_words(learned: Learned, out: Path, seconds: float) -> Iterator[str]:
    """Return the lines of the report."""
    assert learned.draft is not None
    for one in learned.withdrawn:
        if one.exchange is not None:
            yield f"{one}: {in_a_line(one.exchange)}"
    yield from (f"not asked: {one}" for one in learned.passed_over)
    yield from (f"an answer was not understood: {one}" for one in learned.misread)
    yield from (f"not as it was found: {one}" for one in learned.left)
    count = len(learned.draft.units)
    differ = "1 value differs" if count == 1 else f"{count} values differ"
    yield f"{out}: {learned.identity}: {differ} from {learned.base.name}; {_asked(learned)} in {seconds:.0f} s"


def _asked(learned: Learned) -> str:
    exchanges = sum(len(segment.steps) for segment in learned.segments)
    return f"{len(learned.segments)} probes, {exchanges} exchanges"


def as_facts(learned: Learned, out: Path, seconds: float) -> dict[str, Any]:
    """Return the report for programs."""
    assert learned.draft is not None
    values = [
        {
            "key": written(claim.path),
            "value": None if claim.value is ABSENT else claim.value,
            "unset": claim.value is ABSENT,
            "shown_by": [_exchange(exchange) for exchange in claim.shown_by],
        }
        for claim in learned.draft.claims
    ]
    withdrawn = [
        {"key": written(one.key), "reason": one.reason, "exchange": _exchange(one.exchange) if one.exchange else None}
        for one in learned.withdrawn
    ]
    return {
        "model": learned.identity.model,
        "revision": learned.identity.revision,
        "base": learned.base.name,
        "profile": str(out),
        "seconds": round(seconds, 1),
        "probes": len(learned.segments),
        "exchanges": sum(len(segment.steps) for segment in learned.segments),
        "values": values,
        "withdrawn": withdrawn,
        "not_asked": learned.passed_over,
        "not_understood": learned.misread,
        "not_as_found": learned.left,
    }


def _exchange(exchange: Exchange) -> dict[str, str]:
    return {"sent": exchange.sent, "said": without_numbers(exchange.said)}
