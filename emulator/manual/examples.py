"""Lines that show a command: those of its docstring, or one that its declaration gives."""

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from emulator.at.bound import BoundCommand
from emulator.at.command import Parameter
from emulator.at.parameters import FROM_PROFILE, IPv4Address, Reader
from emulator.at.syntax import EXTENDED, Form
from emulator.docstrings import document

ENTRY = "> "
"""What an entry at a prompt begins with, in an example."""
AWAITED = "< "
"""What a line begins with that the host waits for, in an example."""


_LAB = re.compile(r"\b[a-z]+\.lab\b")


@dataclass(frozen=True, slots=True)
class Example:
    """Lines of a host, of which one is the command's own."""

    before: Sequence[str]
    """What comes before it."""
    line: str
    """The command's own line; empty where none can be made."""
    after: Sequence[str] = ()

    @property
    def lines(self) -> Sequence[str]:
        """All of them."""
        return (*self.before, self.line, *self.after)

    @property
    def servers(self) -> Sequence[str]:
        """The names of the lab's servers that take part."""
        return sorted({name for line in self.lines for name in _LAB.findall(line)})

    @property
    def dials(self) -> bool:
        """Whether a server of the lab takes part."""
        return bool(self.servers)


def example_of(bound: BoundCommand) -> Example:
    """Return the example of a command; of its own lines the last one that does not only read is the line."""
    command = bound.command
    declared = [document(command.documented(form)).example for form in (Form.SET, Form.EXECUTE, Form.READ)]
    for told in (command.example, *declared):
        lines = [line.format(name=command.name) for line in told]
        own = [place for place, line in enumerate(lines) if _is_of(line, bound)]
        for place in [*(place for place in own if not lines[place].endswith("?"))][-1:] or own[:1]:
            return Example(lines[:place], lines[place], lines[place + 1 :])
    return Example((), _derived(bound))


def _is_of(line: str, bound: BoundCommand) -> bool:
    rest = next((line[2 + len(name) :] for name in bound.command.names if line.startswith(f"AT{name}")), None)
    if rest is None:
        return False
    return not rest or not rest[0].isalpha() or bound.command.name[0] not in EXTENDED


def typed(bound: BoundCommand, arguments: str) -> str:
    """Write the set form."""
    name = bound.command.name
    return f"AT{name}{'=' if name[0] in f'{EXTENDED}S' else ''}{arguments}"


def _derived(bound: BoundCommand) -> str:
    if bound.has(Form.SET) and (arguments := _arguments(bound)) is not None:
        return typed(bound, arguments)
    if bound.has(Form.EXECUTE):
        return f"AT{bound.command.name}"
    if bound.has(Form.READ):
        return f"AT{bound.command.name}?"
    return ""


def _arguments(bound: BoundCommand) -> str | None:
    """Write the required parameters, or the first one where none is; None where one has no obvious value."""
    wanted = [(one, reader) for one, reader in bound.parameters if one.default is inspect.Parameter.empty]
    values = [value_of(*pair, bound.command.name[0] in EXTENDED) for pair in wanted or bound.parameters[:1]]
    return None if None in values else ",".join(str(value) for value in values)


def value_of(parameter: Parameter[Any], reader: Reader[Any], changes: bool = True) -> str | None:
    """Return a value that a parameter takes; with `changes` another one than the default, if there is one."""
    if isinstance(parameter.kind, IPv4Address):
        return '"10.0.0.1"'
    if not reader.described.startswith("("):
        return None if parameter.default is inspect.Parameter.empty else '"text"'
    default = reader.default if parameter.default is FROM_PROFILE or reader.default is not None else parameter.default
    values = list(_values(reader.described))
    if not changes and default is not None:
        return str(default)
    return next((value for value in values if value != str(default)), values[0])


def _values(described: str) -> list[str]:
    """Read the values of `(0-3)`, `(0,4-7)` or `("IP","PPP")`: of a range, its first two."""
    found: list[str] = []
    for part in described.strip("()").split(","):
        if match := re.fullmatch(r"(-?\d+)-(\d+)", part):
            found += [match[1], str(int(match[1]) + 1)]
        else:
            found.append(part)
    return found
