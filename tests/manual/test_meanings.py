"""Every command tells its source, and every parameter what it is for: whoever adds one says it at the declaration."""

from collections.abc import Iterator

from emulator.at.bound import BoundCommand
from emulator.commands.catalogue import command_table
from emulator.docstrings import document
from emulator.firmware.loader import load_firmware
from emulator.manual.declared import meaning_of
from emulator.manual.examples import AWAITED, ENTRY, example_of
from tests.commands.lines import LATER_LINES, LINES

MODELS = (*LINES, *LATER_LINES, "GE864-GPS", "GE910-GNSS", "HE910@12.00.006")
"""A model of each line, those with a receiver of satellites, and one of a release that brought commands."""


def everywhere() -> Iterator[BoundCommand]:
    for model in MODELS:
        yield from command_table(load_firmware(model))


def test_every_parameter_has_a_meaning() -> None:
    """In its annotation, its column or number, or the section `Args:` of the handler's docstring."""
    silent = {
        f"{bound.command.name} <{parameter.name}>"
        for bound in everywhere()
        for parameter in bound.command.parameters
        if not meaning_of(bound.command, parameter).endswith(".")
    }

    assert set() == silent


def test_no_meaning_is_of_another_parameter() -> None:
    """A parameter that was renamed takes its meaning along."""
    stale = {
        f"{bound.command.name} <{name}>"
        for bound in everywhere()
        for form in bound.command.handlers
        for name in document(bound.command.documented(form)).arguments
        if name not in {parameter.name for parameter in bound.command.parameters}
    }

    assert set() == stale


def test_every_command_has_a_source_and_a_line_that_shows_it() -> None:
    """One that neither its docstring nor its declaration gives is missed."""
    silent = {bound.command.name for bound in everywhere() if not bound.command.source or not example_of(bound).line}

    assert set() == silent


def test_every_example_is_made_of_lines_entries_and_lines_that_are_awaited() -> None:
    """And one of them is the command's own."""
    wrong = {
        line
        for bound in everywhere()
        for line in example_of(bound).lines
        if not line.startswith(("AT", ENTRY, AWAITED)) or not example_of(bound).line.startswith("AT")
    }

    assert set() == wrong
