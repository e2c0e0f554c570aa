"""Discovery of the declared commands, and the table of those that a firmware has.

A command belongs to the catalogue because its file stands in the folder of a chapter; no list names it. The order is
that of the chapters, the files and the declarations in a file: the same on every machine.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache, partial
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

import emulator.commands
from emulator.at.table import CommandTable
from emulator.firmware.layers import overruled
from emulator.firmware.loader import Firmware
from emulator.later import later, spare_descriptor

if TYPE_CHECKING:
    import pkgutil

    from emulator.at import bound, command, device_commands
    from emulator.commands import fixed_answers
    from emulator.commands.basic import settings
    from emulator.firmware import keys
else:
    pkgutil = later("pkgutil")
    bound = later("emulator.at.bound")
    command = later("emulator.at.command")
    device_commands = later("emulator.at.device_commands")
    fixed_answers = later("emulator.commands.fixed_answers")
    settings = later("emulator.commands.basic.settings")
    keys = later("emulator.firmware.keys")


def chapters() -> list[str]:
    """Return the names of the chapters: the folders in `emulator/commands/`, in alphabetical order."""
    found = pkgutil.iter_modules(emulator.commands.__path__)
    return sorted(chapter.name for chapter in found if chapter.ispkg)


def chapter_commands(chapter: str) -> "list[command.Command]":
    """Return the commands of one chapter, file by file, in the order of their declarations."""
    return [found for file in files(chapter) for found in vars(file).values() if isinstance(found, command.Command)]


@lru_cache(maxsize=1)
def declared_commands() -> "Sequence[command.Command]":
    """Return all commands, chapter by chapter."""
    with spare_descriptor():
        return [found for chapter in chapters() for found in chapter_commands(chapter)]


def command_table(firmware: Firmware) -> CommandTable:
    """Return the commands of one firmware; modems with the same firmware share the table.

    What is shipped is right, so that its commands are looked for when somebody asks for one.

    Raises:
        UserError: the profile speaks of a command or a parameter that none declares, or answers one that is there.
    """
    return _table(firmware.common or firmware)


@lru_cache(maxsize=32)
def _table(firmware: Firmware) -> CommandTable:
    table = CommandTable(partial(_commands, firmware), firmware.profile)
    if not firmware.is_shipped:
        _ = table.commands  # what is wrong with them is told at the start
    return table


_BELOW_CHAPTERS = (
    "emulator.commands.kinds",
    "emulator.device.connection.socket",
    "emulator.device.ssl.socket",
    "emulator.device.email.client",
)
"""What several chapters load, the lowest first, so that none of them takes long by itself."""


def loading() -> Iterator[str]:
    """Load the commands, a chapter at each step, so that the first one of a host need not wait for them."""
    for name in _BELOW_CHAPTERS:
        with spare_descriptor():
            import_module(name)
        yield name
    for chapter in chapters():
        with spare_descriptor():
            chapter_commands(chapter)
        yield chapter


def _commands(firmware: Firmware) -> "device_commands.DeviceCommands":
    declared = declared_commands()
    names = {name for one in declared for name in (one.name, *one.aliases)}
    profile = firmware.profile
    try:
        commands = device_commands.DeviceCommands(
            [*declared, *settings.commands_of(profile, names)], profile, _presence(firmware)
        )
    except bound.PresenceError as error:
        raise firmware.mistake(("commands", *error.path), str(error), error.known) from error
    _add_fixed_answers(commands, firmware)
    _check_times(firmware, commands.declared)
    return commands


def _presence(firmware: Firmware) -> "device_commands.Presence":
    """Return what the profile says of commands, without what a later layer settled: it took away what they require."""
    said = firmware.profile.commands
    settled = {
        one.name
        for one in declared_commands()
        if one.name in said
        and one.requires
        and overruled(("commands", one.name), tuple(one.requires.split(".")), firmware.layers)
    }
    return {name: value for name, value in said.items() if name not in settled}


def _check_times(firmware: Firmware, names: Collection[str]) -> None:
    """Refuse a time of a command that nobody has."""
    for typed in firmware.profile.times.commands.own:
        if _NAME.split(typed, maxsplit=1)[0] not in names:
            message = "no command is typed so; write it as +CIMI, +CREG?, +COPS=?, +CPIN=, +CFUN=4 or +CMGS>"
            raise firmware.mistake(("times", "commands", "own", typed), message, names)


_NAME = re.compile(r"[=?>]")


def _add_fixed_answers(commands: "device_commands.DeviceCommands", firmware: Firmware) -> None:
    for name, answer in firmware.profile.answers.items():
        if not fixed_answers.is_name(name):
            message = 'it is no name of a command; write it in capitals and without AT, as in "#FOO"'
            raise firmware.mistake(("answers", name), message)
        if name in commands.by_name:
            key = keys.written(("commands", name))
            message = f"the emulator has this command; leave the answer out, or set {key} = false"
            raise firmware.mistake(("answers", name), message)
        commands.add(fixed_answers.FixedCommand(name, answer))


def files(chapter: str) -> Iterator[ModuleType]:
    """Import the files of a chapter, in alphabetical order."""
    package = import_module(f"{emulator.commands.__name__}.{chapter}")
    for file in sorted(file.name for file in pkgutil.iter_modules(package.__path__)):
        yield import_module(f"{package.__name__}.{file}")
