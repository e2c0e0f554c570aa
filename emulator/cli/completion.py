"""Completes what the user has begun to type in a shell: firmwares, commands, faults, keys of a profile."""

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem

_PREFIX = "AT"


def complete_firmware(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete a model; behind a comma the next one, and files where it is a path."""
    from emulator.firmware.loader import list_models

    before, comma, last = incomplete.rpartition(",")
    if "/" in last:
        return [CompletionItem(incomplete, type="file")]
    names = (entry.name for entry in list_models())
    return _items(names, last, f"{before}{comma}")


def complete_firmwares(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete a model, `all` or `every`."""
    return [*_items(("all", "every"), incomplete), *complete_firmware(context, parameter, incomplete)]


def complete_command(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the name of a command as it was begun: with AT, with its sign, or without either."""
    from emulator.at.syntax import EXTENDED
    from emulator.manual.overview import all_names

    names = all_names()
    if incomplete.upper().startswith(_PREFIX):
        return _items((f"{_PREFIX}{name}" for name in names), incomplete)
    if incomplete[:1] and not incomplete[0].isalpha():
        return _items(names, incomplete)
    return _items(sorted({name.lstrip(EXTENDED) for name in names if name[0] in EXTENDED}), incomplete)


def complete_fault(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the name of a fault."""
    from emulator.modem import load_faults

    return _items(load_faults().names(), incomplete)


def complete_setting(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the key of a profile, up to its `=`."""
    from emulator.firmware.keys import all_keys, written

    return _items((f"{written(path)}=" for path in all_keys()), incomplete)


def _items(words: Iterable[str], incomplete: str, before: str = "") -> list[CompletionItem]:
    return [CompletionItem(before + word) for word in words if word.lower().startswith(incomplete.lower())]
