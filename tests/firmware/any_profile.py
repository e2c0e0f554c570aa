"""Profiles that differ from a shipped one in a single key, and what becomes of a module that has one."""

import asyncio
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
from emulator.trace.events import Defect
from tests.commands.test_forms import FORMS, lines

TURNS = 5
"""Turns of the event loop that are more than enough for an answer that needs no peer."""


_LEFT_OUT = {"#SSLD", "#SSLFASTD", "#SD", "#SL", "#SLUDP", "#PING", "#QDNS", "#FTPOPEN", "+CMUX", "Q", "V"}
"""Commands that wait for a peer, take the port away, or make the answers unreadable."""


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


_LINES = [line for name in FORMS if name not in _LEFT_OUT for line in lines(name)]


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
    settings = firmware.profile.settings
    end = chr(settings["S3"].default or 0)
    async with Bench(str(path), echo=True) as bench:
        for line in ("Q0V1E0", *_LINES):
            bench.send(f"AT{line}{end}")
            for _ in range(TURNS):
                await asyncio.sleep(0)
            if bench.read().endswith("> "):
                bench.send("\x1b")
        await bench.advance(1)
        defects = [event.text for event in bench.events if isinstance(event, Defect)]
    assert not defects, defects
