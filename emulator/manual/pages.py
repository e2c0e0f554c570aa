"""Build the page of a command from its declaration and from what a module has shown of it."""

from collections.abc import Iterator, Sequence

from emulator.at.bound import BoundCommand
from emulator.commands.ledger import Standing
from emulator.firmware.loader import Firmware
from emulator.manual.chapters import chapter_of, title_of
from emulator.manual.declared import elsewhere, forms_of, parameters_of
from emulator.manual.observing import Observed
from emulator.manual.page import Page, Refusal
from emulator.manual.raised import is_met, raised_by
from emulator.manual.refusing import refusal


def page_of(bound: BoundCommand, firmware: Firmware, observed: Observed, unheard: str = "") -> Page:
    """Build a page; `unheard` says why its exchange is not whole."""
    command = bound.command
    return Page(
        name=command.name,
        aliases=command.aliases,
        chapter=title_of(chapter_of(command)),
        firmware=firmware.name,
        standing=Standing.WORKS if bound.has_effect else Standing.KEPT,
        summary=command.summary,
        source=command.source,
        forms=forms_of(bound),
        parameters=parameters_of(bound),
        needs=observed.needs,
        kept=observed.kept,
        refusals=[*observed.refusals, *_further(bound, firmware, observed.refusals)],
        exchange=observed.exchange,
        unheard=unheard,
        elsewhere=elsewhere(command.name, bound, firmware),
    )


def _further(bound: BoundCommand, firmware: Firmware, observed: Sequence[Refusal]) -> Iterator[Refusal]:
    """Yield what the code refuses besides, by the same profile."""
    reasons = [one.reason for one in observed]
    for raised in dict.fromkeys(raised_by(bound.command, firmware.profile)):
        if not is_met(raised, reasons):
            yield refusal(firmware.profile, raised.cause, raised.reason)
