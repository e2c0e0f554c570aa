"""Dialogues for one test each."""

from pathlib import Path

from emulator.dialogue.difference import Difference
from emulator.dialogue.play import play_emulated
from emulator.dialogue.reading import load
from emulator.dialogue.steps import Dialogue
from emulator.options import ModemOptions
from tests.peers.sockets import TIMEOUT

CONNECTED = """\
> AT+CGDCONT=1,IP,"apn"
< OK
> AT#SSLEN=1,1
< OK
> AT#SGACT=1,1
< #SGACT: {ip}
< OK
> AT#SSLD=1,443,"123.124.125.126",0,1
< OK
connect
"""
"""A session in command mode."""


def made(folder: Path, text: str) -> Dialogue:
    """The dialogue of that text, `it.txt` in the folder."""
    path = folder / "it.txt"
    path.write_text(text, encoding="utf-8")
    return load(path)


async def played(
    folder: Path, text: str, firmware: str = "HE910", *, answer_timeout: float = TIMEOUT
) -> Difference | None:
    """The first difference on a new module; None when all goes as written."""
    try:
        await play_emulated(made(folder, text), ModemOptions(firmware), answer_timeout=answer_timeout)
    except Difference as difference:
        return difference
    return None
