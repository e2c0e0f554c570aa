"""Reads the lines of a read form's answer: each line a row of values."""

import re
from collections.abc import Sequence

from emulator.dte.exchange import Exchange

Row = tuple[str, ...]
"""The values of a line, in order; a text keeps its quotation marks."""
Rows = Sequence[Row]

_UP_TO_COMMA = re.compile(r'(?:[^",]|"[^"]*(?:"|$))*')
_BARE = re.compile(r"\d+")
"""What a basic command and an S-register show."""


def rows_of(exchange: Exchange, name: str) -> Rows:
    """Return the rows that a command of that name has shown.

    Lines of another name are left out: a URC may come between.
    """
    begin = f"{name}:"
    named = [line[len(begin) :] for line in exchange.lines if line.upper().startswith(begin)]
    bare = [line for line in exchange.lines if _BARE.fullmatch(line.strip())]
    return [values_of(line) for line in named or bare]


def values_of(text: str) -> Row:
    """Split a text at its commas, but for those between quotation marks."""
    values, position = [], 0
    while position <= len(text):
        match = _UP_TO_COMMA.match(text, position)
        assert match is not None, "it matches nothing, too"
        values.append(match[0].strip())
        position = match.end() + 1
    return tuple(values)
