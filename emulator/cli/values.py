"""Printing of a profile's values, in words and in columns."""

from collections.abc import Iterable, Mapping
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
    """Print columns, two blanks apart; nothing is cut or wrapped, so that other programs can read them."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
