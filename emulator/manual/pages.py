"""Build the page of a command from its declaration and from what a module has shown of it."""

from emulator.at.bound import BoundCommand
from emulator.commands.ledger import Standing
from emulator.firmware.loader import Firmware
from emulator.manual.chapters import chapter_of, title_of
from emulator.manual.declared import elsewhere, forms_of, parameters_of
from emulator.manual.observing import Observed
from emulator.manual.page import Page


def page_of(bound: BoundCommand, firmware: Firmware, observed: Observed, unheard: str = "") -> Page:
    """Build a page; `unheard` says why its exchange is not whole."""
    command = bound.command
    return Page(
        name=command.name,
        aliases=command.aliases,
        chapter=title_of(chapter_of(command)),
        firmware=firmware.name,
        standing=Standing.WORKS if command.has_effect else Standing.KEPT,
        summary=command.summary,
        source=command.source,
        forms=forms_of(bound),
        parameters=parameters_of(bound),
        needs=observed.needs,
        kept=observed.kept,
        refusals=observed.refusals,
        exchange=observed.exchange,
        unheard=unheard,
        elsewhere=elsewhere(command.name, bound, firmware),
    )
