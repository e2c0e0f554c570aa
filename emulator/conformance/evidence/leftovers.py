"""Finds what evidence must not hold: values that tell of one module, its owner, its card or its place."""

import re
from collections.abc import Iterable, Iterator

from emulator.conformance.evidence.facts import Evidence, EvidentItem

_KINDS = {
    "the number of a module, a card or a subscriber": re.compile(r"(?<![\w.])\d{14,22}(?![\w.])"),
    "a telephone number": re.compile(r"(?<![\w+])\+\d{6,15}(?!\w)|\"\d{7,13}\""),
    "an address": re.compile(r"(?<![\w.])(?!0\.0\.0\.0|255\.)\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "a position": re.compile(r"(?<!\d)\d{4,5}\.\d{2,}[NSEW]"),
    "a certificate or a key": re.compile(r"-----BEGIN|(?<!\w)MII[\w+/]{20,}"),
}


def leftovers(evidence: Evidence) -> Iterator[str]:
    """Yield in words what must be removed, each with the command whose answer holds it."""
    for item in evidence.items:
        for kind in leftovers_in(item):
            yield f"the answer of the module to {item.command} holds {kind}; remove the item"


def leftovers_in(item: EvidentItem) -> list[str]:
    """Return the kinds of such values that the module says; what the host has sent itself is none."""
    sent = " ".join([*item.before, *(exchange.sent for exchange in item.exchanges)])
    said = [line for exchange in item.exchanges for line in exchange.said]
    return [kind for kind, pattern in _KINDS.items() if _is_told(pattern, said, sent)]


def _is_told(pattern: re.Pattern[str], said: Iterable[str], sent: str) -> bool:
    return any(found[0] not in sent for line in said for found in pattern.finditer(line))
