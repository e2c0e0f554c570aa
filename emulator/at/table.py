"""The commands of one device: those declarations that its profile says it has."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any, Generic

from emulator.at.bound import BoundCommand, Limits, PresenceError, typed
from emulator.at.command import Command
from emulator.at.profile import Profile
from emulator.at.reasons import STARS
from emulator.at.stray_lines import stray_lines
from emulator.at.syntax import EXTENDED, Call, Form, Malformed, parse_line

Presence = Mapping[str, bool | Limits]
"""Presence of commands, by name: whether a device has one, or the limits of its parameters."""

_LETTERS = re.compile(r"[^A-Z0-9]?[A-Z_]*")
_AT = "AT"
_PIN = re.compile(r"[0-9]{4,}")
_WITH_EQUALS = f"{EXTENDED}S"
"""The first characters of commands that take a value after `=`."""
_SIGNS = {Form.EXECUTE: "", Form.SET: "=", Form.READ: "?", Form.TEST: "=?"}


class CommandTable(Generic[Profile]):
    """The commands of one device, by all their names."""

    def __init__(
        self, commands: Iterable[Command[Profile]], profile: Profile, presence: Presence | None = None
    ) -> None:
        """Find the commands that the device has; each is bound when somebody first asks for it.

        Args:
            commands: every declared command.
            profile: the device's profile.
            presence: the commands that it has or lacks; one that is not named is there if the profile has the key
                that it requires.

        Raises:
            PresenceError: `presence` names what no command declares, or gives a command what it cannot have.
        """
        self.redacted = lru_cache(maxsize=256)(self._redacted_line)
        """Returns a line without its `AT` for a trace, with secret arguments starred.

        Of an unknown or malformed command the name is shown, and nothing of its parameters: one may be a PIN. Of one
        that other devices have, they are shown where none of them could be.
        """
        self._profile = profile
        self._commands: dict[str, Command[Profile]] = {}
        """The commands that the device has, by all their names."""
        self._bound: dict[str, BoundCommand[Profile]] = {}
        """Those that are bound already."""
        presence, declared = presence or {}, list(commands)
        _refuse_unknown(declared, presence)
        self._all = declared
        self._declared = {name for command in declared for name in command.names}
        """Names of the commands that some device has."""
        for command in declared:
            limits = _limits(command, profile, presence)
            if limits is None:
                continue
            for name in command.names:
                if name in self._commands:
                    raise ValueError(f"{name} is declared twice")
                if presence.get(name) is not False:
                    self._commands[name] = command
            if limits:  # they may not fit
                self._bound[command.name] = BoundCommand(command, profile, limits)

    def add(self, command: Command[Profile]) -> None:
        """Add one more command, whose name must be free."""
        if command.name in self._commands:
            raise ValueError(f"{command.name} is declared twice")
        self._declared.add(command.name)
        self._commands[command.name] = command
        self.redacted.cache_clear()

    def __iter__(self):  # type: ignore[no-untyped-def]  # an iterator of BoundCommand
        return iter(dict.fromkeys(map(self.find, self._commands)))

    def __len__(self) -> int:
        return len(self._commands)

    def find(self, name: str) -> BoundCommand[Profile] | None:
        """Return the command of that name; None where the device has none."""
        return self._bound.get(name) or self._bind(name)

    def names(self) -> Iterable[str]:
        """Return the names of all commands, other names of one command among them."""
        return self._commands.keys()

    def _redacted_line(self, line: str) -> str:
        calls = parse_line(line)
        if any(self._hides(call) for call in calls):
            return ";".join(self._redacted(call) for call in calls)
        return line

    def redacted_data(self, data: bytes) -> bytes:
        """Return data for a trace: command lines that the host has typed at the wrong time are `redacted` in it."""
        shown, end = bytearray(), 0
        for start, behind in stray_lines(data):
            line = data[start + len(_AT) : behind].decode("latin-1")
            shown += data[end : start + len(_AT)] + self.redacted(line).encode("latin-1")
            end = behind
        return bytes(shown + data[end:]) if end else data

    def secret_places(self, call: Call) -> Collection[int]:
        """Return the places of the arguments that may be secret: of a command that nobody knows, all of them."""
        bound = self.find(call.name)
        if bound is not None:
            return bound.secret_places(call)
        return () if call.name in self._open else range(len(call.arguments))

    def is_declared(self, name: str) -> bool:
        """Return whether some device has a command of that name."""
        return name in self._declared

    def is_open(self, name: str) -> bool:
        """Return whether none of the values of a command is ever a secret."""
        return name in self._open

    @cached_property
    def _open(self) -> Collection[str]:
        """Names of commands none of whose values is ever a secret."""
        return {name for command in self._all if not command.may_hide for name in command.names}

    def _bind(self, name: str) -> BoundCommand[Profile] | None:
        command = self._commands.get(name)
        if command is None:
            return None
        if command.name not in self._bound:  # of threads that share the table, the first one to come binds it for all
            self._bound.setdefault(command.name, BoundCommand(command, self._profile))
        return self._bound.setdefault(name, self._bound[command.name])

    def _hides(self, call: Call | Malformed) -> bool:
        if isinstance(call, Malformed):
            return True
        bound = self.find(call.name)
        return call.name not in self._open if bound is None else bound.hides(call)

    def _redacted(self, call: Call | Malformed) -> str:
        shown = f"{self.shown(call)}{_sign(call)}"
        if isinstance(call, Malformed):
            return shown if call.ends and shown else _starred(shown)
        bound = self.find(call.name)
        if bound is not None:
            return f"{shown}{bound.redacted(call)}"
        if call.form is not Form.SET:
            return shown
        return f"{shown}{typed(call.arguments)}" if call.name in self._open else _starred(shown)

    def shown(self, call: Call | Malformed) -> str:
        """Return what a trace may show of the command's name.

        A name that a device has is shown. In another one, digits may be a PIN: without `=` or `?` all of them, else as
        many as a PIN has. What stands behind the name of a command that takes a secret may be that secret.
        """
        name = call.name
        if name in self._declared:
            return name
        if _sign(call):
            return _PIN.sub(STARS, name)
        begins = ((one, self.find(one)) for one in self._commands if name.startswith(one))
        secret = (one for one, bound in begins if bound is not None and bound.takes_secret)
        match = _LETTERS.match(next(secret, name))
        assert match is not None, "it matches nothing, too"
        return name if match[0] == name else _starred(match[0])


def _sign(call: Call | Malformed) -> str:
    """Return what stands between the name and the parameters."""
    if isinstance(call, Malformed):
        return call.sign
    return _SIGNS[call.form] if call.form is not Form.SET or call.name[0] in _WITH_EQUALS else ""


def _starred(text: str) -> str:
    return text if text.endswith(STARS) else f"{text}{STARS}"


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
