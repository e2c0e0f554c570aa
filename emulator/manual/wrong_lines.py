"""Make lines that a command refuses whatever the state of the module is."""

import inspect
import re
from collections.abc import Iterator

from emulator.at.bound import BoundCommand
from emulator.at.syntax import EXTENDED, Form
from emulator.manual.examples import typed

_DIAL = "D"
"""Its number is the rest of the line, whatever it is."""


def wrong_lines(bound: BoundCommand, example: str) -> Iterator[str]:
    """Yield lines beside a right one: out of range, a value missing, one too many, a form that is not there."""
    name = bound.command.name
    is_extended = name[0] in EXTENDED
    if bound.has(Form.SET) and name != _DIAL:
        values = _arguments_of(example, name)
        yield from _out_of_range(bound, values)
        if is_extended:
            if any(parameter.default is inspect.Parameter.empty for parameter, _ in bound.parameters):
                yield typed(bound, "")
            yield typed(bound, ",".join((*values, *["0"] * (len(bound.parameters) - len(values) + 1))))
    if is_extended:
        yield from [f"AT{name}{sign}" for form, sign in _QUESTIONS if not bound.has(form)][:1]


_QUESTIONS = ((Form.EXECUTE, ""), (Form.READ, "?"))


def _out_of_range(bound: BoundCommand, values: list[str]) -> Iterator[str]:
    """Yield a line whose first number with a range is beyond it."""
    for place, (_, reader) in enumerate(bound.parameters):
        if beyond := _beyond(reader.described):
            yield typed(bound, ",".join((*values[:place], *[""] * (place - len(values)), beyond)))
            return


def _arguments_of(line: str, name: str) -> list[str]:
    """Split the arguments of a line; quotes stay."""
    _, _, arguments = line.partition(f"{name}=")
    return re.findall(r'(?:"[^"]*"|[^,"])+', arguments) if arguments not in ("", "?") else []


def _beyond(described: str) -> str:
    """Return a number beyond those of `(0-3)`; empty where there are none."""
    numbers = [int(number) for number in re.findall(r"\d+", described)] if '"' not in described else []
    return str(max(numbers) + 1) if numbers and described.startswith("(") else ""
