"""Which of the declared commands a device has."""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, Generic

from emulator.at.bound import BoundCommand, Limits, PresenceError
from emulator.at.command import Command
from emulator.at.profile import Profile

Presence = Mapping[str, bool | Limits]
"""Presence of commands, by name: whether a device has one, or the limits of its parameters."""


class DeviceCommands(Generic[Profile]):
    """The commands of one device and, by name, those of all others."""

    def __init__(
        self, declared: Iterable[Command[Profile]], profile: Profile, presence: Presence | None = None
    ) -> None:
        """Find the commands that the device has.

        Args:
            declared: every declared command.
            profile: the device's profile.
            presence: the commands that it has or lacks; one that is not named is there if the profile has the key
                that it requires.

        Raises:
            PresenceError: `presence` names what no command declares, or gives a command what it cannot have.
        """
        presence, self._all = presence or {}, list(declared)
        _refuse_unknown(self._all, presence)
        self.declared = {name for command in self._all for name in command.names}
        """Names of the commands that some device has."""
        self.by_name: dict[str, Command[Profile]] = {}
        """The commands of this one, by all their names."""
        self.limited: dict[str, BoundCommand[Profile]] = {}
        """Those whose parameters `presence` limits, which may not fit: they are bound at once."""
        for command in self._all:
            limits = _limits(command, profile, presence)
            if limits is None:
                continue
            for name in command.names:
                if name in self.by_name:
                    raise ValueError(f"{name} is declared twice")
                if presence.get(name) is not False:
                    self.by_name[name] = command
            if limits:
                self.limited[command.name] = BoundCommand(command, profile, limits)

    def __repr__(self) -> str:
        return f"<DeviceCommands, {len(self.by_name)} names of {len(self.declared)}>"

    def add(self, command: Command[Profile]) -> None:
        """Add one more command, whose name must be free."""
        if command.name in self.by_name:
            raise ValueError(f"{command.name} is declared twice")
        self.declared.add(command.name)
        self.by_name[command.name] = command

    @cached_property
    def open(self) -> Collection[str]:
        """Names of commands none of whose values is ever a secret."""
        return {name for command in self._all if not command.may_hide for name in command.names}


def _refuse_unknown(declared: Collection[Command[Profile]], presence: Presence) -> None:
    known = {name: command.name for command in declared for name in command.names}
    for name, said in presence.items():
        if name not in known:
            raise PresenceError((name,), "no command declares it", known)
        if name != known[name] and not isinstance(said, bool):
            raise PresenceError((name,), f"it is another name of {known[name]}; give the limits there")


def _limits(command: Command[Profile], profile: Profile, presence: Presence) -> Limits | None:
    """Return the limits of the command's parameters; None where the device lacks the command."""
    said = presence.get(command.name)
    if command.requires and lacks(profile, command.requires):
        if said:
            raise PresenceError((command.name,), f"it needs {command.requires}, which the profile lacks")
        return None
    if said is False:
        return None
    return {} if said is None or said is True else said


def lacks(profile: Any, key: str) -> bool:
    """Return whether a part of the profile that the key leads to is None."""
    part = profile
    for name in key.split("."):
        part = getattr(part, name)
        if part is None:
            return True
    return False
