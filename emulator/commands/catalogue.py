"""Every command there is, and the table of those that a firmware has."""

from collections.abc import Sequence
from functools import lru_cache
from types import ModuleType

from emulator.at.command import Command, CommandTable
from emulator.commands import (
    bands,
    calendar,
    call,
    cell_monitor,
    firewall,
    ftp_session,
    ftp_transfer,
    hardware,
    identity,
    indicators,
    line_settings,
    message_settings,
    messages,
    multiplexing,
    name_service,
    network,
    network_survey,
    packet_service,
    pdp,
    phonebook,
    ping,
    plain_socket,
    plain_socket_data,
    plain_socket_listening,
    plain_socket_settings,
    power,
    secure_socket,
    security_data,
    sim,
    sim_lock,
    stored_settings,
    supplementary,
    user_profiles,
)
from emulator.firmware.loader import Firmware

_CHAPTERS: tuple[ModuleType, ...] = (
    call,
    line_settings,
    user_profiles,
    multiplexing,
    identity,
    sim,
    sim_lock,
    phonebook,
    network,
    bands,
    cell_monitor,
    network_survey,
    indicators,
    supplementary,
    pdp,
    packet_service,
    name_service,
    ping,
    firewall,
    calendar,
    power,
    hardware,
    message_settings,
    messages,
    plain_socket_settings,
    plain_socket,
    plain_socket_data,
    plain_socket_listening,
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
    profile = firmware.profile
    settings = (*line_settings.commands_of(profile, names), *stored_settings.commands_of(profile, names))
    return CommandTable([*declared, *settings], profile)
