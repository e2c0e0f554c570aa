"""Completes what the user has begun to type in a shell: firmwares, commands, faults, keys of a profile."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_PREFIX = "AT"


def complete_firmware(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Complete a model, or a file where it is a path."""
    from emulator.firmware.loader import list_models

    if "/" in incomplete:
        return [_item(incomplete, "file")]
    return _items((entry.name for entry in list_models()), incomplete)


def complete_firmwares(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Complete a model, `all` or `every`."""
    return [*_items(("all", "every"), incomplete), *complete_firmware(context, parameter, incomplete)]


def complete_command(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Complete the name of a command as it was begun: with AT, with its sign, or without either."""
    from emulator.at.syntax import EXTENDED
    from emulator.manual.overview import all_names

    names = all_names()
    if incomplete.upper().startswith(_PREFIX):
        return _items((f"{_PREFIX}{name}" for name in names), incomplete)
    if incomplete[:1] and not incomplete[0].isalpha():
        return _items(names, incomplete)
    return _items(sorted({name.lstrip(EXTENDED) for name in names if name[0] in EXTENDED}), incomplete)


def complete_fault(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Complete the name of a fault."""
    from emulator.modem import load_faults

    _, rows = load_faults().manual(None)
    return _items((name for name, *_ in rows), incomplete)


def complete_setting(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Complete the key of a profile up to its `=`, by its beginning or by that of its last part."""
    from emulator.firmware.keys import all_keys, written

    begun = incomplete.lower()
    paths = [path for path in all_keys() if written(path).startswith(begun) or str(path[-1]).startswith(begun)]
    return [_item(f"{written(path)}=") for path in paths]


def complete_kinds(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Complete the last of the words of `--kinds`, with the sign that takes it away."""
    from emulator.explore.steps.selection import words

    before, comma, begun = incomplete.rpartition(",")
    sign = "-" if begun.startswith("-") else ""
    return _items((f"{before}{comma}{sign}{word}" for word in words()), incomplete)


def _items(words: Iterable[str], incomplete: str) -> "list[CompletionItem]":
    return [_item(word) for word in words if word.lower().startswith(incomplete.lower())]


def _item(word: str, kind: str = "plain") -> "CompletionItem":
    from click.shell_completion import CompletionItem  # no command needs it before somebody completes

    return CompletionItem(word, kind)
