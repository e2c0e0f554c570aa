"""The commands in the reference guide's index answer: each is asked, on a module of a line that has it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from emulator.commands.catalogue import command_table
from emulator.commands.ledger import reference_guide
from emulator.firmware.loader import load_firmware
from emulator.testing import Bench
from tests.commands.lines import LINES
from tests.commands.test_forms import FORMS, lines

MODELS = (*LINES, "GE864-GPS", "GE910-GNSS", "HE910@12.00.006")
"""A model of each line, those with a receiver of satellites, and one of a release that brought commands."""

FEWEST = 240

REFUSALS = ("ERROR\r\n", "+CME ERROR", "+CMS ERROR")


@asynccontextmanager
async def ready(model: str) -> AsyncIterator[Bench]:
    """A module whose context and SSL are on."""
    async with Bench(model) as bench:
        for setup in ("+CMEE=2", '+CGDCONT=1,"IP","apn"', "#SGACT=1,1", "#SSLEN=1,1"):
            await bench.command(f"AT{setup}")
        yield bench


async def answers(model: str, name: str) -> bool:
    """Whether a form of the command is answered by something else than an error."""
    for line in lines(name) if name in FORMS else (f"{name}=?", f"{name}?"):
        async with ready(model) as bench:
            bench.send(f"AT{line}\r")
            await bench.advance(1)
            heard = bench.read()
        if heard and not any(refusal in heard for refusal in REFUSALS):
            return True
    return False


async def test_most_commands_of_the_guide_answer() -> None:
    """At least 240 of them; a command that is there and refuses every form does not count."""
    tables = {model: command_table(load_firmware(model)) for model in MODELS}
    answering: set[str] = set()
    silent: set[str] = set()
    for name in reference_guide().names:
        there = [model for model, table in tables.items() if table.find(name) is not None]
        if there:
            (answering if await answers(there[0], name) else silent).add(name)

    assert set() == silent, "declared, and each form is refused"
    assert len(answering) >= FEWEST
