"""Facts: the values of a firmware with the comments that say how well each is known, and their counts by grade."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from msgspec.structs import replace

from emulator.firmware.grades import UNGRADED, Grade, deciding, weakest
from emulator.firmware.layers import KeyPath, Layer, Tables, gives, merge
from emulator.firmware.lines import SoftwareLine, lines
from emulator.firmware.remarks import Remark, Remarks, Statement, remarks_of


@dataclass(frozen=True)
class Fact:
    """A statement of a profile's file, or a member of a list in it."""

    source: str
    line: int
    path: KeyPath
    """The key, as it stands in its layer."""
    grade: Grade | None
    """The weakest that the comments name: those behind it, else those above it, else that of its table."""


def facts_of(layers: Sequence[Layer]) -> list[Fact]:
    """Return the facts of merged layers: each statement of which at least one value is in force, once."""
    found: dict[tuple[str, int], Fact] = {}
    for path in _leaves(merge(layers)):
        facts = (_fact(layer, path) for layer in reversed(layers) if gives(layer, path))
        if fact := next(filter(None, facts), None):
            found.setdefault((fact.source, fact.line), fact)
    return list(found.values())


def facts_of_line(line: SoftwareLine) -> list[Fact]:
    """Return the facts of a software line: its own, those below it, and what its releases have brought."""
    news = [fact for _, layer in line.since for fact in facts_given_by(layer)]
    return [*facts_of([*line.below, line.facts]), *news]


def facts_given_by(layer: Layer) -> list[Fact]:
    """Return the facts of one layer, whatever stands below and above it."""
    return facts_of([replace(layer, unset=())])


def shipped_facts() -> list[Fact]:
    """Return the facts of all software lines; one that several lines share is there once."""
    found = {(fact.source, fact.line): fact for line in lines() for fact in facts_of_line(line)}
    return list(found.values())


def count_by_grade(facts: Sequence[Fact]) -> Mapping[str, int]:
    """Count facts by their grades, from the best to the least; those without one last, where there are any."""
    count = Counter(fact.grade for fact in facts)
    counted = {str(grade): count[grade] for grade in Grade}
    return counted | ({UNGRADED: count[None]} if count[None] else {})


def _leaves(tables: Tables, above: KeyPath = ()) -> Iterator[KeyPath]:
    for key, value in tables.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key)


def _fact(layer: Layer, path: KeyPath) -> Fact | None:
    """Return the fact that gives the value; None where the layer was made of other things than a file's statements."""
    covering = _remarks(layer.source).covering((*layer.at, *path))
    if covering is None:
        return None
    statement, rest = covering
    if rest and isinstance(rest[0], int):
        own = deciding(statement.of_item(rest[0]), statement.of_all)
        return Fact(layer.source, statement.items[rest[0]], path, _grade(statement, own))
    return Fact(layer.source, statement.line, statement.path[len(layer.at) :], _grade(statement, statement.own))


def _grade(statement: Statement, own: Sequence[Remark]) -> Grade | None:
    return weakest(deciding(own, statement.above, statement.of_table))


def _remarks(source: str) -> Remarks:
    try:
        return _parsed(Path(source).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # the value came from the command line
        return Remarks({}, ())


@lru_cache(maxsize=32)
def _parsed(text: str) -> Remarks:
    return remarks_of(text)
