"""The commands of one device, by their names, and what a trace may show of a line with them."""

import re
from collections.abc import Callable, Collection, Iterable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Generic

from emulator.at.profile import Profile
from emulator.at.reasons import STARS
from emulator.at.stray_lines import stray_lines
from emulator.at.syntax import EXTENDED, Call, Form, Malformed, parse_line
from emulator.later import later

if TYPE_CHECKING:
    from emulator.at import bound as binding
    from emulator.at.device_commands import DeviceCommands
else:
    binding = later("emulator.at.bound")

_LETTERS = re.compile(r"[^A-Z0-9]?[A-Z_]*")
_AT = "AT"
_PIN = re.compile(r"[0-9]{4,}")
_WITH_EQUALS = f"{EXTENDED}S"
"""The first characters of commands that take a value after `=`."""
_SIGNS = {Form.EXECUTE: "", Form.SET: "=", Form.READ: "?", Form.TEST: "=?"}


class CommandTable(Generic[Profile]):
    """The commands of one device, by all their names."""

    def __init__(self, commands: "Callable[[], DeviceCommands[Profile]]", profile: Profile) -> None:
        """Make a table; each command is bound when somebody first asks for it.

        Args:
            commands: finds the commands of the device, when somebody first asks for one.
            profile: the device's profile.
        """
        self.redacted = lru_cache(maxsize=256)(self._redacted_line)
        """Returns a line without its `AT` for a trace, with secret arguments starred.

        Of an unknown or malformed command the name is shown, and nothing of its parameters: one may be a PIN. Of one
        that other devices have, they are shown where none of them could be.
        """
        self._find_commands = commands
        self._profile = profile
        self._bound: dict[str, binding.BoundCommand[Profile]] = {}
        """The commands that are bound already, by their names."""

    @cached_property
    def commands(self) -> "DeviceCommands[Profile]":
        """The commands of the device; this passes on the errors of what finds them."""
        return self._find_commands()

    def __iter__(self):  # type: ignore[no-untyped-def]  # an iterator of BoundCommand
        return iter(dict.fromkeys(map(self.find, self.commands.by_name)))

    def __len__(self) -> int:
        return len(self.commands.by_name)

    def find(self, name: str) -> "binding.BoundCommand[Profile] | None":
        """Return the command of that name; None where the device has none."""
        return self._bound.get(name) or self._bind(name)

    def names(self) -> Iterable[str]:
        """Return the names of all commands, other names of one command among them."""
        return self.commands.by_name.keys()

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
        return () if call.name in self.commands.open else range(len(call.arguments))

    def is_declared(self, name: str) -> bool:
        """Return whether some device has a command of that name."""
        return name in self.commands.declared

    def is_open(self, name: str) -> bool:
        """Return whether none of the values of a command is ever a secret."""
        return name in self.commands.open

    def _bind(self, name: str) -> "binding.BoundCommand[Profile] | None":
        command = self.commands.by_name.get(name)
        if command is None:
            return None
        own = command.name
        if own not in self._bound:  # of threads that share the table, the first one to come binds it for all
            self._bound.setdefault(own, self.commands.limited.get(own) or binding.BoundCommand(command, self._profile))
        return self._bound.setdefault(name, self._bound[own])

    def _hides(self, call: Call | Malformed) -> bool:
        if isinstance(call, Malformed):
            return True
        bound = self.find(call.name)
        return call.name not in self.commands.open if bound is None else bound.hides(call)

    def _redacted(self, call: Call | Malformed) -> str:
        shown = f"{self.shown(call)}{_sign(call)}"
        if isinstance(call, Malformed):
            return shown if call.ends and shown else _starred(shown)
        bound = self.find(call.name)
        if bound is not None:
            return f"{shown}{bound.redacted(call)}"
        if call.form is not Form.SET:
            return shown
        return f"{shown}{binding.typed(call.arguments)}" if call.name in self.commands.open else _starred(shown)

    def shown(self, call: Call | Malformed) -> str:
        """Return what a trace may show of the command's name.

        A name that a device has is shown. In another one, digits may be a PIN: without `=` or `?` all of them, else as
        many as a PIN has. What stands behind the name of a command that takes a secret may be that secret.
        """
        name = call.name
        if name in self.commands.declared:
            return name
        if _sign(call):
            return _PIN.sub(STARS, name)
        begins = ((one, self.find(one)) for one in self.commands.by_name if name.startswith(one))
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
