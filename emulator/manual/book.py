"""Build all pages, chapter by chapter: each on one firmware, with what differs on the others."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from emulator.at.command import Command
from emulator.commands.catalogue import chapters, command_table, declared_commands
from emulator.firmware.loader import Firmware
from emulator.manual.chapters import chapter_of
from emulator.manual.firmwares import holders, other_lines
from emulator.manual.observing import observe
from emulator.manual.page import Page
from emulator.manual.pages import page_of


def book(reference: Firmware, routes: Mapping[str, str]) -> Mapping[str, Sequence[Page]]:
    """Return the pages by the names of their chapters, on the reference firmware where it has the command.

    Args:
        reference: the firmware of most pages.
        routes: the ways to the lab's servers.
    """
    return asyncio.run(_book(reference, routes))


async def _book(reference: Firmware, routes: Mapping[str, str]) -> Mapping[str, Sequence[Page]]:
    pages: dict[str, list[Page]] = {chapter: [] for chapter in chapters()}
    for command in _commands(reference):
        firmware = _first_with(command.name, reference)
        bound = command_table(firmware).find(command.name) if firmware is not None else None
        if firmware is not None and bound is not None:
            observed = await observe(bound, firmware, firmware.name, routes)
            pages[chapter_of(command)].append(page_of(bound, firmware, observed))
    return pages


def _commands(reference: Firmware) -> Iterator[Command]:
    """Yield the declared commands in their order, then those that the settings of a profile make."""
    declared = declared_commands()
    found = {command.name: command for command in declared}
    for firmware in (reference, *other_lines(reference)):
        found |= {
            bound.command.name: bound.command for bound in command_table(firmware) if bound.command.name not in found
        }
    yield from found.values()


def _first_with(name: str, reference: Firmware) -> Firmware | None:
    if command_table(reference).find(name) is not None:
        return reference
    return next(holders(name), None)
