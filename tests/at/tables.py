"""A table of commands, for a device of a test."""

from collections.abc import Sequence
from typing import Any

from emulator.at.command import Command
from emulator.at.device_commands import DeviceCommands, Presence
from emulator.at.table import CommandTable


def table_of(commands: Sequence[Command[Any]], profile: Any, presence: Presence | None = None) -> CommandTable[Any]:
    """The table of a device that may have these commands."""
    return CommandTable(lambda: DeviceCommands(commands, profile, presence), profile)
