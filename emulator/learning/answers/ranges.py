"""Reads the answer to `=?`: the values of each parameter."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from emulator.at import allowed
from emulator.at.limits import Numeric

Span = tuple[int, int]
"""The first and the last of several numbers in a row."""

_UP_TO_COMMA = re.compile(r'(?:[^(",]|"[^"]*"|\((?:[^()"]|"[^"]*")*\))*')
_ITEM = re.compile(r"(\d{1,10})(?:\s*-\s*(\d{1,10}))?")
_WORD = re.compile(r'"([^"]*)"')
_MOST = 256
"""Most values that are written one by one."""


def fields_of(described: str) -> list[str]:
    """Split the answer to `=?` at the commas outside parentheses and quotation marks; blanks around are dropped."""
    fields, position = [], 0
    while position <= len(described):
        match = _UP_TO_COMMA.match(described, position)
        assert match is not None, "it matches nothing, too"
        end = match.end() if match.end() in (len(described),) or described[match.end()] == "," else len(described)
        fields.append(described[position:end].strip())
        position = end + 1
    return fields


def spans_of(field: str) -> Sequence[Span] | None:
    """Return the spans of `(0,4-7)` as they are written; None where it is no list of numbers."""
    if not (field.startswith("(") and field.endswith(")")):
        return None
    items = [_ITEM.fullmatch(item.strip()) for item in field[1:-1].split(",")]
    if not all(items):
        return None
    return [(int(item[1]), int(item[2] or item[1])) for item in items if item]


def words_of(field: str) -> Sequence[str] | None:
    """Return the words of `("SM","ME")`; None where it is no list of words."""
    if not (field.startswith("(") and field.endswith(")")):
        return None
    words = [_WORD.fullmatch(word) for word in fields_of(field[1:-1])]
    return [word[1] for word in words if word] if all(words) else None


def joined(values: Iterable[int]) -> list[Span]:
    """Return numbers as spans, in order."""
    spans: list[Span] = []
    for value in sorted(set(values)):
        if spans and value == spans[-1][1] + 1:
            spans[-1] = spans[-1][0], value
        else:
            spans.append((value, value))
    return spans


def allows(spans: Iterable[Span], value: int) -> bool:
    """Return whether a number is in one of the spans."""
    return any(low <= value <= high for low, high in spans)


def another(spans: Sequence[Span], value: int) -> int | None:
    """Return an allowed number that is not `value`: the next one, if it can be."""
    if allows(spans, value + 1):
        return value + 1
    return next((edge for span in spans for edge in span if edge != value), None)


def spans_in(limits: Numeric) -> Sequence[Span]:
    """Return the spans that limits allow, as `=?` shows them."""
    if limits.choices is not None:
        return list(allowed.spans(limits.choices))
    assert limits.range is not None
    return [(0, 0), limits.range] if limits.zero else [limits.range]


def as_shown(spans: Sequence[Span], like: Numeric) -> Sequence[Span]:
    """Return spans as `=?` shows them where the profile has choices, as `like` has."""
    if like.choices is None or not _is_short(spans):
        return spans
    return list(allowed.spans([value for low, high in spans for value in range(low, high + 1)]))


def limits_of(spans: Sequence[Span], like: Numeric) -> dict[str, Any] | None:
    """Write spans as the profile does: a `range`, with `zero` or not, or `choices`; as `like` has them if it can.

    None where there are too many values for `choices`.
    """
    if len(spans) == 1 and not (like.choices is not None and _are_choices(spans)):
        return {"range": [*spans[0]]}
    if len(spans) == 2 and spans[0] == (0, 0) and not (_are_choices(spans) and not like.zero):
        return {"range": [*spans[1]], "zero": True}
    if _is_short(spans):
        return {"choices": [value for low, high in spans for value in range(low, high + 1)]}
    return None


def _are_choices(spans: Sequence[Span]) -> bool:
    """Return whether choices are shown as these spans: many in a row as a range, others one by one."""
    shown = allowed.spans([value for low, high in spans for value in range(low, high + 1)]) if _is_short(spans) else ()
    return list(shown) == list(spans)


def _is_short(spans: Sequence[Span]) -> bool:
    return sum(high - low + 1 for low, high in spans) <= _MOST
