"""Printing of a profile's values, in words and in columns."""

import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from emulator.firmware.keys import written


def leaves(tables: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterable[list[str]]:
    """List each key of a profile as TOML writes it, with its value; a number and its limits make one row."""
    for key, value in tables.items():
        path = (*above, key)
        if is_table(value):
            yield from leaves(value, path)
        elif value is not None:
            yield [written(path), in_words(value)]


def is_table(value: Any) -> bool:
    """Return whether a value is a table whose keys get a row each."""
    return isinstance(value, dict) and not value.keys() & {"range", "choices", "code", "text"}


def in_words(value: Any) -> str:
    """Write one value of a profile in words."""
    match value:
        case None | []:
            return "-"
        case bool():
            return "yes" if value else "no"
        case {"range": limits, "choices": choices, "default": default}:
            allowed = f"{limits[0]}-{limits[1]}" if limits else ", ".join(map(str, choices))
            return allowed if default is None else f"{allowed} (default {default})"
        case {"code": code, "text": text}:
            return f"{code} {text}"
        case [int(first), _, *_, int(last)] if value == list(range(first, last + 1)):
            return f"{first}-{last}"
        case dict():
            return " ".join(in_words(member) for member in value.values() if member is not None)
        case list() | tuple():
            return ", ".join(map(in_words, value))
    return str(value)


def print_columns(rows: list[list[str]]) -> None:
    """Print columns, two blanks apart; on a narrow terminal the last one is wrapped."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in columns(rows, width):
        click.echo(line)


_GAP = 2
_NARROWEST = 20
"""Characters in which the last column can still be read."""


def columns(rows: list[list[str]], width: int | None = None) -> Iterator[str]:
    """Yield the lines of columns; with a `width`, the last column is wrapped under itself where it has the room."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    before = sum(widths[:-1]) + _GAP * len(widths[:-1])
    wraps = width is not None and width - before >= _NARROWEST
    for row in rows:
        cells = [cell.ljust(size) for cell, size in zip(row[:-1], widths, strict=False)]
        texts = textwrap.wrap(row[-1], (width or 0) - before) if wraps else [row[-1]]
        yield "  ".join([*cells, texts[0] if texts else ""]).rstrip()
        yield from (" " * before + text for text in texts[1:])
