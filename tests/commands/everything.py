"""A host that sends every command in every form, and hears of no defect."""

import asyncio

from emulator.testing import Bench
from emulator.trace.events import Defect
from tests.commands.test_forms import FORMS, lines

_LEFT_OUT = {
    "#SSLD",
    "#SSLFASTD",
    "#SD",
    "#SL",
    "#SLUDP",
    "#PING",
    "#QDNS",
    "#FTPOPEN",
    "#HTTPQRY",
    "#HTTPSND",
    "+CMUX",
    "Q",
    "V",
}
"""Commands that wait for a peer, take the port away, or make the answers unreadable."""


_LINES = [line for name in FORMS if name not in _LEFT_OUT for line in lines(name)]


_TURNS = 5
"""Turns of the event loop that are more than enough for an answer that needs no peer."""


async def ask_everything(bench: Bench, *, end: str = "\r") -> None:
    """Ask a module, whatever it answers; `end` is what ends a command line."""
    for line in ("Q0V1E0", *_LINES):
        bench.send(f"AT{line}{end}")
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        if bench.read().endswith("> "):
            bench.send("\x1b")
    await bench.advance(1)

    assert [] == [event.text for event in bench.events if isinstance(event, Defect)]
