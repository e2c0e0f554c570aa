"""Values as the module describes them to `=?`, read from its text alone: `(0-3,5)`, `("SM","ME")`, `200`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_GROUP = re.compile(r'\(([^()]*)\)|"[^"]*"|[^,()]*')
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


@dataclass(frozen=True)
class Described:
    """What may stand in the place of one parameter."""

    ranges: tuple[tuple[int, int], ...] = ()
    """Of a number."""
    words: tuple[str, ...] = ()
    """One of these."""
    longest: int | None = None
    """Characters of a text."""

    def fits(self, argument: "Written") -> bool | None:
        """Return whether the value is one of those described; None where the description does not say."""
        if self.ranges:
            return argument.is_number and any(low <= int(argument.text) <= high for low, high in self.ranges)
        if self.words:
            return argument.text.upper() in (word.upper() for word in self.words)
        if self.longest is not None and len(argument.text) > self.longest:
            return False
        return None


@dataclass(frozen=True)
class Written:
    """An argument as the host has written it."""

    text: str
    quoted: bool = False

    @property
    def is_number(self) -> bool:
        """Return whether it is a decimal number: digits alone, not between quotes."""
        return not self.quoted and re.fullmatch("[0-9]+", self.text) is not None

    @property
    def is_omitted(self) -> bool:
        """Return whether nothing is written."""
        return not self.text and not self.quoted


def read_description(text: str) -> Described:
    """Read the description of one parameter."""
    text = text.strip()
    if text.isdigit():
        return Described(longest=int(text))
    inside = text.removeprefix("(").removesuffix(")")
    if inside.startswith('"'):
        return Described(words=tuple(re.findall('"([^"]*)"', inside)))
    if inside and all(_RANGE.fullmatch(part) for part in inside.split(",")):
        return Described(ranges=tuple(_ranges(inside)))
    return Described()


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for low, high in _RANGE.findall(text):
        yield int(low), int(high or low)


def split_groups(text: str) -> list[str]:
    """Split the answer to `=?`, behind its colon, at the commas outside brackets and quotes."""
    groups, position = [], 0
    while True:
        match = _GROUP.match(text, position)
        assert match is not None
        groups.append(match[0])
        position = match.end()
        if position >= len(text) or text[position] != ",":
            return groups
        position += 1
