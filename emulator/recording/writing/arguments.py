"""Finds the arguments of a command line where they stand, so that some can be replaced and the rest stays."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from emulator.at.syntax import Call, Malformed, parse_line

_PREFIX = re.compile(r"[^\r\n]*?AT", re.IGNORECASE)


class Placed(NamedTuple):
    """An argument, and where it stands in the line."""

    call: Call
    place: int
    text: str
    start: int
    end: int


def calls_of(line: str) -> list[Call | Malformed]:
    """Return the commands of a line with its AT; none where it has no AT."""
    prefix = _PREFIX.match(line)
    return list(parse_line(line[prefix.end() :])) if prefix else []


def arguments_of(line: str) -> Iterator[Placed]:
    """Return the arguments of a line with its AT, in order, with the blanks that the host has typed inside."""
    prefix = _PREFIX.match(line)
    position = prefix.end() if prefix else 0
    for call in calls_of(line):
        if isinstance(call, Malformed):
            continue
        position = _after(line.upper(), call.name, position)
        for index, argument in enumerate(call.arguments):
            found = _find(argument.text, line, position) if argument.text else None
            if found is not None:
                position = found.end()
                yield Placed(call, index, argument.text, found.start(), position)


def _find(text: str, line: str, position: int) -> re.Match[str] | None:
    whole = re.compile(re.escape(text)).search(line, position)
    return whole or re.compile(" *".join(map(re.escape, text))).search(line, position)


def _after(line: str, name: str, position: int) -> int:
    found = line.find(name, position)
    return found + len(name) if found >= 0 else position
