"""Every form of every command that only shows something: `=?`, `?`, and the execution form where it is safe.

Commands that the firmware lacks are asked for by `=?` alone.
"""

from collections.abc import Iterator
from dataclasses import replace

from emulator.at.bound import BoundCommand
from emulator.at.syntax import EXTENDED, Form
from emulator.commands.catalogue import command_table, declared_commands
from emulator.conformance.chapters import chapter_of, needs_of
from emulator.conformance.items import Item, Need, Server, exchange
from emulator.conformance.safety import asks_network, why_all
from emulator.firmware.loader import Firmware

_SOURCE = "declarations"
_SURVEY = 180.0
"""Seconds that the module may look for networks."""


def items(firmware: Firmware, server: Server | None) -> Iterator[Item]:
    """Make the items of the commands, in the order of the chapters, then those of commands that are elsewhere."""
    table = command_table(firmware)
    for bound in table:
        for line in _lines(bound, firmware):
            yield _item(line, bound.command.name)
    for name in (name for command in declared_commands() for name in command.names):
        if table.find(name) is None and name[0] in EXTENDED:
            yield _item(f"AT{name}=?", name)


def _lines(bound: BoundCommand, firmware: Firmware) -> Iterator[str]:
    for name in bound.command.names:
        if name[0] in EXTENDED:
            yield f"AT{name}=?"
        if bound.has(Form.READ):
            yield f"AT{name}?"
        if bound.has(Form.EXECUTE) and not why_all(f"AT{name}", firmware):
            yield f"AT{name}"


def _item(line: str, name: str) -> Item:
    item = exchange(line, name, chapter_of(name), _SOURCE, needs_of(name))
    if asks_network(line):
        return replace(item, needs=frozenset({Need.SIM, Need.NETWORK}), within=_SURVEY)
    return item
