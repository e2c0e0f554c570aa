"""List the commands of a firmware, chapter by chapter, and those that it lacks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from emulator.commands import ledger
from emulator.commands.catalogue import chapters, command_table
from emulator.commands.ledger import Standing
from emulator.firmware.loader import Firmware
from emulator.firmware.status import with_status
from emulator.manual.chapters import chapter_of, title_of
from emulator.manual.firmwares import other_lines


@dataclass(frozen=True, slots=True)
class Row:
    """A command in the list."""

    names: str
    standing: Standing
    text: str
    """What it does, or why it is missing."""


def overview(firmware: Firmware) -> Mapping[str, Sequence[Row]]:
    """Return the rows by the titles of the chapters; what is missing stands at the end."""
    found: dict[str, list[Row]] = {chapter: [] for chapter in chapters()}
    for bound in command_table(firmware):
        command = bound.command
        standing = Standing.WORKS if bound.has_effect else Standing.KEPT
        found[chapter_of(command)].append(Row(" ".join(command.names), standing, command.summary))
    listed = {title_of(chapter): rows for chapter, rows in found.items() if rows}
    return listed | {MISSING: list(_missing(firmware))}


MISSING = "Not there"


def all_names() -> Sequence[str]:
    """Return the names of all commands of any firmware, and of those in the reference guide."""
    return sorted({*ledger.declared(), *ledger.reference_guide().names})


def _missing(firmware: Firmware) -> Iterator[Row]:
    table, others = command_table(firmware), list(other_lines(firmware))
    for name in all_names():
        if table.find(name) is None:
            standing, why = ledger.entry(name, firmware)
            there = [with_status(one.line, one.status) for one in others if command_table(one).find(name) is not None]
            yield Row(name, standing, why or (f"On {', '.join(there)}." if there else ""))
