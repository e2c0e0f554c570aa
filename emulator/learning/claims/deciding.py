"""Decides what several commands that take their values from one key say of it."""

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.firmware.limits import Numeric
from emulator.learning.answers.ranges import Span, limits_of, spans_in, spans_of, words_of
from emulator.learning.answers.sources import Source
from emulator.learning.asking.roster import Use
from emulator.learning.claims.claim import Claim

_BETWEEN = re.compile(r"\((-\d{1,9})-(-?\d{1,9})\)")
"""From a number with a sign to another."""


@dataclass(frozen=True)
class Reading:
    """What one command says of a key."""

    use: Use
    value: Hashable
    """Spans of numbers, words, or a length."""
    shown_by: Sequence[Exchange]
    despite: Sequence[Exchange] = ()


def read_field(source: Source, text: str) -> Hashable | None:
    """Return the value that a field of an answer to `=?` shows; None where it is not of the key's form."""
    if isinstance(source.value, Numeric):
        spans = spans_of(text)
        if spans and source.zero_besides:
            return tuple(spans[1:]) or None if spans[0] == (0, 0) else None
        return tuple(spans) if spans else None
    if isinstance(source.value, int):
        return int(text) if text.isdigit() else None
    if between := _BETWEEN.fullmatch(text):
        return int(between[1]), int(between[2])
    words = words_of(text)
    return tuple(words) if words else None


def claims_of(path: KeyPath, readings: Sequence[Reading]) -> Iterator[Claim]:
    """Claim the value of a key: what most commands say. One that says something else has limits of its own."""
    if not readings:
        return
    value = _most(readings)
    agreeing = [reading for reading in readings if reading.value == value]
    if path[0] != "commands" or value != _as_read(agreeing[0].use.source.value):
        yield from _written(path, value, agreeing)
    for reading in readings:
        own = ("commands", reading.use.bound.command.name, reading.use.parameter.name)
        if reading.value != value and isinstance(reading.use.source.value, Numeric):
            yield from _written(own, reading.value, [reading])


def _most(readings: Sequence[Reading]) -> Hashable:
    """Return the value that most have; of several, that of the base, if it is one of them."""
    counts = Counter(reading.value for reading in readings)
    base = _as_read(readings[0].use.source.value)
    return max(counts, key=lambda value: (counts[value], value == base))


def _as_read(value: Any) -> Hashable:
    return tuple(spans_in(value)) if isinstance(value, Numeric) else value


def _written(path: KeyPath, value: Any, readings: Sequence[Reading]) -> Iterator[Claim]:
    like = readings[0].use.source.value
    shown_by = [exchange for reading in readings for exchange in reading.shown_by]
    despite = [exchange for reading in readings for exchange in reading.despite]
    if not isinstance(like, Numeric):
        yield Claim(path, [*value] if isinstance(value, tuple) else value, shown_by, despite)
        return
    for name, limits in (_limits(value, like) or {}).items():
        yield Claim((*path, name), limits, shown_by, despite)


def _limits(spans: Sequence[Span], like: Numeric) -> Mapping[str, Any] | None:
    """Write spans; a base that has 0 besides its range must be told where the module has not."""
    limits = limits_of(spans, like)
    return {**limits, "zero": False} if limits and like.zero and "zero" not in limits else limits
