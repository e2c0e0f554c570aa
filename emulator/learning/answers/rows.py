"""Reads tables, one row a line, as #SCFG? shows them."""

import re
from collections.abc import Sequence

from emulator.dte.exchange import Exchange
from emulator.learning.answers.ranges import fields_of

_ENOUGH = 3
"""Rows that tell what the factory has set: a host changes those that it uses, and hardly as many in the same way."""

Row = tuple[int, ...]


def text_rows_of(exchange: Exchange, name: str) -> Sequence[Sequence[str]]:
    """Return the rows of an answer, all with as many fields; none where they differ in that."""
    lines = [line[len(name) + 1 :] for line in exchange.lines if line.startswith(f"{name}:")]
    rows = [fields_of(line) for line in lines] if exchange.is_ok else []
    return rows if len({len(row) for row in rows}) == 1 else []


def rows_of(exchange: Exchange, name: str) -> Sequence[Row]:
    """Return the rows of an answer, all of the same length; none where something in them is no number."""
    rows = text_rows_of(exchange, name)
    if not all(re.fullmatch(r"\d{1,10}", field) for row in rows for field in row):
        return []
    return [tuple(map(int, row)) for row in rows]


def alike(rows: Sequence[Row]) -> Row | None:
    """Return what all of several rows are; None where they differ, or are too few to tell the factory's values."""
    return rows[0] if len(rows) >= _ENOUGH and len(set(rows)) == 1 else None
