"""Every command there is, and the table of those that a firmware has."""

from collections.abc import Sequence
from functools import lru_cache
from types import ModuleType

from emulator.at.command import Command, CommandTable
from emulator.commands import (
    calendar,
    call,
    ftp_session,
    ftp_transfer,
    identity,
    line_settings,
    network,
    pdp,
    power,
    secure_socket,
    security_data,
    sim,
    user_profiles,
)
from emulator.firmware.loader import Firmware

_CHAPTERS: tuple[ModuleType, ...] = (
    call,
    line_settings,
    user_profiles,
    identity,
    sim,
    network,
    pdp,
    calendar,
    power,
    secure_socket,
    security_data,
    ftp_session,
    ftp_transfer,
)


def chapter_commands(chapter: ModuleType) -> Sequence[Command]:
    """The commands that a file declares, in their order."""
    return [value for value in vars(chapter).values() if isinstance(value, Command)]


def declared_commands() -> Sequence[Command]:
    """All commands, chapter by chapter."""
    return [command for chapter in _CHAPTERS for command in chapter_commands(chapter)]


@lru_cache(maxsize=32)
def command_table(firmware: Firmware) -> CommandTable:
    """The commands of one firmware; modems with the same firmware share it."""
    declared = declared_commands()
    names = {name for command in declared for name in (command.name, *command.aliases)}
    return CommandTable([*declared, *line_settings.commands_of(firmware.profile, names)], firmware.profile)
