"""Ask for the page of one command, as a user names it."""

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack

from emulator.commands import ledger
from emulator.commands.catalogue import command_table
from emulator.commands.ledger import Standing
from emulator.errors import UserError
from emulator.firmware.loader import Firmware
from emulator.firmware.status import with_status
from emulator.manual.examples import example_of
from emulator.manual.firmwares import holders
from emulator.manual.names import meant, nearest
from emulator.manual.observing import observe
from emulator.manual.overview import all_names
from emulator.manual.page import Page
from emulator.manual.pages import page_of


def asked_page(text: str, firmware: Firmware, spec: str) -> Page:
    """Build the page of the command that `text` names.

    Raises:
        UserError: there is no such command, several are meant, or the firmware lacks it.
    """
    name = _one_name(text, firmware)
    bound = command_table(firmware).find(name)
    if bound is None:
        raise UserError(_why_not(name, firmware))
    unheard = ""
    with ExitStack() as stack:
        routes: Mapping[str, str] = {}
        if example_of(bound).dials:
            from emulator.manual.servers import servers

            try:
                routes = stack.enter_context(servers())
            except UserError as error:
                unheard = f"There is no exchange with a server here: {error}"
        return page_of(bound, firmware, asyncio.run(observe(bound, firmware, spec, routes)), unheard)


def _one_name(text: str, firmware: Firmware) -> str:
    table = command_table(firmware)
    found = meant(text, {*table.names(), *all_names()})
    there = [name for name in found if table.find(name) is not None] or found
    if len({table.find(name) or name for name in there}) == 1:
        return there[0]
    if there:
        raise UserError(f"{text!r} may be {' or '.join(there)}; write it with its sign, in quotes")
    near = nearest(text, {*table.names(), *all_names()})
    remedy = f"the nearest are {', '.join(near)}" if near else "`telit-emulator commands` lists them"
    raise UserError(f"no command {text!r}; {remedy}")


def _why_not(name: str, firmware: Firmware) -> str:
    standing, why = ledger.entry(name, firmware)
    if standing is Standing.NOT_EMULATED:
        return f"{name} is not emulated: {why}"
    having = list(holders(name))
    if not having:
        return f"{name} is not on {firmware.name}, and no firmware of the emulator has it"
    others = ", ".join(with_status(one.name, one.status) for one in having)
    have = "has it" if len(having) == 1 else "have it"
    return f"{name} is not on {firmware.name}; {others} {have}: add --firmware {having[0].name}"
