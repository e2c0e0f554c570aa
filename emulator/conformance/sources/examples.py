"""The manual's examples, where they are safe: the others show what nobody wants on a module of his own.

Those that need a server of the lab are left out, too.
"""

from collections.abc import Iterator

from emulator.commands.catalogue import command_table
from emulator.conformance.chapters import chapter_of, needs_of
from emulator.conformance.items import Item, Server
from emulator.conformance.lines import steps_of
from emulator.conformance.safety import why_all
from emulator.firmware.loader import Firmware
from emulator.manual.examples import AWAITED, ENTRY, example_of


def items(firmware: Firmware, server: Server | None) -> Iterator[Item]:
    """Make an item of each command's example."""
    for bound in command_table(firmware):
        example = example_of(bound)
        if example.line and not example.dials:
            name = bound.command.name
            if any(why_all(line, firmware) for line in example.lines):
                continue
            lines = [line for written in example.lines for line in _of_dialogue(written)]
            yield Item(name, chapter_of(name), "manual", steps_of(lines), needs=needs_of(name))


def _of_dialogue(line: str) -> Iterator[str]:
    if line.startswith(AWAITED):
        return
    if line.startswith(ENTRY):
        yield f">> {line.removeprefix(ENTRY)}<ctrl>Z"
    else:
        yield f"> {line}"
