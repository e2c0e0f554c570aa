"""The values of a profile in words, and columns of them."""

from collections.abc import Iterable, Mapping
from typing import Any

import click

from emulator.firmware.keys import written


def leaves(tables: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterable[list[str]]:
    """Each key of a profile as TOML has it, and its value; a number with its limits in one row."""
    for key, value in tables.items():
        path = (*above, key)
        if is_table(value):
            yield from leaves(value, path)
        elif value is not None:
            yield [written(path), in_words(value)]


def is_table(value: Any) -> bool:
    """Whether it holds keys of its own that are worth a row each."""
    return isinstance(value, dict) and not value.keys() & {"range", "choices", "code", "text"}


def in_words(value: Any) -> str:
    """One value of a profile, for a reader."""
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
    """Columns with two blanks between them, nothing cut or wrapped: for files and pipes."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
