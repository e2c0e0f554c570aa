"""Declarations of a firmware's commands: what its manual lists, and what the module itself answers to `=?`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from emulator.at.bound import BoundCommand
from emulator.at.syntax import Form
from emulator.bench import Bench
from emulator.commands.catalogue import command_table
from emulator.commands.fixed_answers import FixedCommand
from emulator.firmware.loader import load_firmware
from fuzzing.isolation import run_alone
from fuzzing.values import Described, read_description, split_groups

LINES = ("GE865-QUAD", "GE910-QUAD", "GL865-QUAD-V3", "HE910", "HE910-EUD@12.00.225", "ME310G1")
"""A firmware of each software line of the guide, one with SSLSRING, and one with several secure sockets."""


_SHOWN_OTHERWISE = frozenset({"#MONI"})
"""Commands whose `=?` shows no values: #MONI tells how many cells there are, and which one is chosen."""


@dataclass(frozen=True)
class Parameter:
    """One place between commas."""

    name: str
    described: Described
    is_optional: bool


@dataclass(frozen=True)
class Command:
    """One command of a firmware."""

    name: str
    forms: frozenset[Form]
    parameters: tuple[Parameter, ...]

    @property
    def takes_numbers_alone(self) -> bool:
        """Return whether each parameter is a number, within limits that are known."""
        return bool(self.parameters) and all(parameter.described.ranges for parameter in self.parameters)


@cache
def commands(firmware: str) -> Mapping[str, Command]:
    """Return the commands of a firmware by all their names; what they take is as the module says it.

    Commands with fixed answers of the profile are not among them: they take anything, and may have no `=?`.
    """
    table = command_table(load_firmware(firmware))
    acting = [command for command in table if not isinstance(command.command, FixedCommand)]
    bound = {name: command for command in acting for name in command.command.names if table.find(name) is not None}
    spoken, _ = run_alone(_ask(firmware, bound))
    return {name: _command(name, command, spoken.get(name, "")) for name, command in bound.items()}


async def _ask(firmware: str, names: Iterable[str]) -> Mapping[str, str]:
    """Return the module's answers to `=?`, without their names; of several lines the first."""
    spoken: dict[str, str] = {}
    async with Bench(firmware) as bench:
        for name in names:
            if name[0] in "+#":
                bench.send(f"AT{name}=?\r")
                await bench.advance(300)
                answer = bench.read().split("\r\n")
                spoken[name] = next((line for line in answer if line.startswith(f"{name}: ")), "")
    return {name: line.removeprefix(f"{name}: ") for name, line in spoken.items()}


def _command(name: str, bound: "BoundCommand[object]", spoken: str) -> Command:
    parameters = tuple(_parameters(bound.signature()))
    groups = [] if name in _SHOWN_OTHERWISE else [read_description(group) for group in split_groups(spoken)]
    if len(groups) == len(parameters):
        parameters = tuple(map(_as_spoken, parameters, groups))
    return Command(name, frozenset(form for form in Form if bound.has(form)), parameters)


def _as_spoken(declared: Parameter, spoken: Described) -> Parameter:
    """Return the parameter as the module describes it, unless it shows something else in its place (27.007 10.1.4)."""
    same = bool(declared.described.ranges) == bool(spoken.ranges) and bool(declared.described.words) == bool(
        spoken.words
    )
    return replace(declared, described=spoken) if same else declared


_DECLARED = re.compile(
    r"(?P<open>\[?)<(?P<name>\w+)>(?: (?P<described>\([^()]*\)|\d+))?(?: = [^\]]*)?\]?"
    r"(?:, (?P<times>\d+) times)?(?:, |$)"
)


def _parameters(signature: str) -> Iterable[Parameter]:
    """Read the line of the manual: `<mode> (0), [<subset> (0) = 0], [<cids> (1-5)], 5 times`."""
    position = 0
    while position < len(signature):
        match = _DECLARED.match(signature, position)
        assert match is not None, signature[position:]
        position = match.end()
        described = read_description(match["described"] or "")
        for number in range(int(match["times"] or 1)):
            yield Parameter(match["name"], described, bool(match["open"]) or number > 0)
