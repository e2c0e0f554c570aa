"""The commands that a module may have: all that the emulator declares, as the base has them or would have them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from emulator.at.bound import BoundCommand
from emulator.at.command import Command, Parameter
from emulator.at.device_commands import lacks
from emulator.commands.basic.settings import commands_of
from emulator.commands.catalogue import chapter_commands, chapters, command_table, declared_commands
from emulator.firmware.layers import KeyPath
from emulator.firmware.loader import Firmware
from emulator.firmware.schema.profile import Profile
from emulator.learning.answers.sources import Source, source_of

SETTINGS = "settings"
"""The group of the commands that no chapter declares: each sets a number of the profile."""


class Use(NamedTuple):
    """A parameter whose values come from a key."""

    bound: BoundCommand[Profile]
    parameter: Parameter[Profile]
    source: Source


def groups() -> list[str]:
    """Return the names of the groups: the chapters, and what no chapter declares."""
    return [*chapters(), SETTINGS]


@lru_cache(maxsize=8)
def commands_in(group: str, base: Firmware) -> Sequence[Command]:
    """Return the commands of a group."""
    if group != SETTINGS:
        return chapter_commands(group)
    names = {name for command in declared_commands() for name in command.names}
    return list(commands_of(base.profile, names))


@lru_cache(maxsize=8)
def bound_commands(base: Firmware) -> Mapping[str, BoundCommand[Profile]]:
    """Return by name each command as the base has it, or would have it if it did not take it away."""
    table = command_table(base)
    found: dict[str, BoundCommand[Profile]] = {}
    for group in groups():
        for command in commands_in(group, base):
            bound = table.find(command.name)
            if bound is None and not (command.requires and lacks(base.profile, command.requires)):
                bound = BoundCommand(command, base.profile)
            if bound is not None:
                found[command.name] = bound
    return found


@lru_cache(maxsize=8)
def users(base: Firmware) -> Mapping[KeyPath, Sequence[Use]]:
    """Return by key the parameters whose values come from it, in the order of the commands."""
    found: dict[KeyPath, list[Use]] = defaultdict(list)
    for bound in bound_commands(base).values():
        for use in _uses(bound, base):
            if all(other[:2] != use[:2] for other in found[use.source.path]):
                found[use.source.path].append(use)
    return found


def _uses(bound: BoundCommand[Profile], base: Firmware) -> Iterator[Use]:
    for parameter, _ in bound.parameters:
        source = source_of(bound, parameter, base)
        if source is not None:
            yield Use(bound, parameter, source)


def keys_of(group: str, base: Firmware) -> Iterator[tuple[KeyPath, Sequence[Use]]]:
    """Return the keys that a command of this group is the first one to use."""
    own = {command.name for command in commands_in(group, base)}
    for path, uses in users(base).items():
        if uses[0].bound.command.name in own:
            yield path, uses
