"""The parts of a page that follow from a declaration, as bound to a firmware: forms, parameters, differences."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from emulator.at.bound import BoundCommand
from emulator.at.command import Command, Parameter
from emulator.at.parameters import FROM_PROFILE, DialString, IPv4Address, IPv4AddressOrNone, Reader
from emulator.at.syntax import EXTENDED, Form
from emulator.commands.catalogue import command_table
from emulator.docstrings import document
from emulator.firmware.loader import Firmware
from emulator.firmware.status import with_status
from emulator.manual.firmwares import other_lines
from emulator.manual.page import FormUse, ParameterUse

_SET = "Set "
_FORMS = (Form.SET, Form.EXECUTE, Form.READ, Form.TEST)
_SHOWS_VALUES = "Show the values of the parameters."


def forms_of(bound: BoundCommand) -> Sequence[FormUse]:
    """Return the forms of a command that can be typed, with what each does."""
    typed = {
        Form.SET: f"AT{bound.command.name}{_arguments(bound)}",
        Form.EXECUTE: f"AT{bound.command.name}",
        Form.READ: f"AT{bound.command.name}?",
        Form.TEST: f"AT{bound.command.name}=?",
    }
    return [FormUse(typed[form], _meaning_of_form(bound, form)) for form in _FORMS if bound.has(form)]


def _meaning_of_form(bound: BoundCommand, form: Form) -> str:
    command = bound.command
    told = document(command.documented(form)).summary
    if form is Form.SET or (form is Form.EXECUTE and not bound.has(Form.SET)):
        return command.summary
    if form is Form.TEST:
        return told or _SHOWS_VALUES
    return told or ("Show the values." if form is Form.READ else command.summary)


def _arguments(bound: BoundCommand) -> str:
    """Write `=<first>,<second>[,<third>]`, or for a basic command `[<value>]`."""
    names = list(_named(bound))
    text, brackets = "", 0
    for place, (name, required) in enumerate(names):
        comma = "," if place else ""
        opens = "" if required else "["
        brackets += not required
        text += f"{opens}{comma}<{name}>"
    text += "]" * brackets
    return text if bound.command.name[0] not in f"{EXTENDED}S" else f"={text}"


def _named(bound: BoundCommand) -> Iterator[tuple[str, bool]]:
    """Yield each parameter once with whether it must be given; repeated ones as `name,…`."""
    counts: dict[str, int] = {}
    required: dict[str, bool] = {}
    for parameter, _ in bound.parameters:
        counts[parameter.name] = counts.get(parameter.name, 0) + 1
        required.setdefault(parameter.name, parameter.default is inspect.Parameter.empty)
    for name, count in counts.items():
        yield (name if count == 1 else f"{name}>,…,<{name}", required[name])


def parameters_of(bound: BoundCommand) -> Sequence[ParameterUse]:
    """Return the parameters that the firmware has, each once."""
    counts: dict[str, int] = {}
    for parameter, _ in bound.parameters:
        counts[parameter.name] = counts.get(parameter.name, 0) + 1
    first = {parameter.name: (parameter, reader) for parameter, reader in reversed(bound.parameters)}
    return [
        ParameterUse(
            name,
            values_in_words(*first[name]) + (f", {count} times" if count > 1 else ""),
            _default(*first[name]),
            first[name][0].default is inspect.Parameter.empty,
            meaning_of(bound.command, first[name][0]),
        )
        for name, count in counts.items()
    ]


def meaning_of(command: Command, parameter: Parameter[Any]) -> str:
    """Return what a parameter is for; empty where nothing tells it."""
    told = parameter.meaning or document(command.documented(Form.SET)).arguments.get(parameter.name, "")
    if told or len({one.name for one in command.parameters}) > 1 or not command.summary.startswith(_SET):
        return told
    said = command.summary.removeprefix(_SET)
    return said[:1].upper() + said[1:]


def values_in_words(parameter: Parameter[Any], reader: Reader[Any]) -> str:
    """Write the values that a parameter takes."""
    if reader.described.startswith("("):
        return reader.described[1:-1].replace(",", ", ")
    if isinstance(parameter.kind, IPv4Address | IPv4AddressOrNone):
        return reader.allowed()
    return f"{'telephone number' if isinstance(parameter.kind, DialString) else 'text'}, {reader.allowed()}"


def _default(parameter: Parameter[Any], reader: Reader[Any]) -> str:
    if parameter.default is inspect.Parameter.empty:
        return ""
    default = reader.default if parameter.default is FROM_PROFILE else parameter.default
    return "" if default in (None, "", ()) else str(default)


def elsewhere(name: str, bound: BoundCommand, firmware: Firmware) -> Mapping[str, Sequence[str]]:
    """Return by software line in what a command differs there from this firmware."""
    found = {}
    for other in other_lines(firmware):
        there = command_table(other).find(name)
        differences = ["It is not there."] if there is None else list(_differences(bound, there))
        if differences:
            found[with_status(other.line, other.status)] = differences
    return found


def _differences(here: BoundCommand, there: BoundCommand) -> Iterator[str]:
    ours, theirs = ({one.name: one for one in parameters_of(bound)} for bound in (here, there))
    for name, use in theirs.items():
        if name not in ours:
            yield f"<{name}> is there, too: {_in_words(use)}."
        elif (mine := ours[name]) != use:
            yield f"<{name}> takes {_in_words(use)}." if _in_words(mine) != _in_words(use) else f"<{name}> differs."
    yield from (f"<{name}> is not there." for name in ours if name not in theirs)


def _in_words(use: ParameterUse) -> str:
    return f"{use.values} (default {use.default})" if use.default else use.values
