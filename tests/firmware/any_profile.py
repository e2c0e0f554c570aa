"""Profiles that differ from a shipped one in a single key, and what becomes of a module that has one."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from emulator.commands.catalogue import command_table
from emulator.errors import UserError
from emulator.firmware.layers import KeyPath, merge
from emulator.firmware.lines import common, line_named
from emulator.firmware.loader import Firmware, load_firmware
from emulator.testing import Bench
from tests.commands.everything import ask_everything


@cache
def leaves(extends: str) -> tuple[KeyPath, ...]:
    """Each key of a firmware, a line or the common facts that holds a value or a table."""
    line = line_named(extends)
    layers = [common()] if extends == "common" else [common(), line.facts] if line else load_firmware(extends).layers
    return tuple(_leaves(merge(layers), ()))


def _leaves(tables: dict[str, Any], above: KeyPath) -> Iterator[KeyPath]:
    for key, value in tables.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))


def toml(value: Any) -> str:
    """Write a value as TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def loaded(path: Path) -> Firmware | None:
    """What `profiles --check` does: the firmware, or None where it is refused in one line."""
    try:
        firmware = load_firmware(str(path))
        command_table(firmware)
    except UserError as error:
        assert [str(error)] == str(error).splitlines(), str(error)
        return None
    return firmware


async def serves(path: Path, firmware: Firmware) -> None:
    """Start a module with the profile and ask it for everything; nothing may fail inside."""
    async with Bench(str(path), echo=True) as bench:
        await ask_everything(bench, end=chr(firmware.profile.settings["S3"].default or 0))
