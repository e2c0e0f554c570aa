"""docs/symptoms.md: what it says of answers and times, the module does."""

from pathlib import Path

import pytest
import serial

from tests.cli.programs import ask
from tests.dialogue.files import played
from tests.docs.pages import TIMEOUT, block, blocks, run_console, running

PAGE = "docs/symptoms.md"


@pytest.mark.parametrize("firmware", ["GE865-QUAD", "HE910"])
async def test_its_dialogues_go_as_printed(firmware: str, tmp_path: Path) -> None:
    """On an old and a new line."""
    for text in blocks(PAGE, "dialogue"):
        assert await played(tmp_path, text, firmware) is None


async def test_a_short_line_needs_all_of_its_five_seconds(tmp_path: Path) -> None:
    """With less the server has not got it."""
    (text,) = [text for text in blocks(PAGE, "dialogue") if "wait 5\npeer< hello" in text]

    assert await played(tmp_path, text.replace("wait 5", "wait 4.9"), answer_timeout=0.5) is not None


ONLINE = """\
> AT+CGDCONT=1,"IP","internet"
< OK
> AT#SGACT=1,1
< #SGACT: {ip}
< OK
> AT#SSLEN=1,1
< OK
> ATS12=20
< OK
> AT#SSLD=1,443,"123.124.125.126",0,0
< CONNECT
connect
"""
ESCAPED = "wait 0.5\n>> +++\nwait 0.5\n< OK\n"
TIMES = {
    "ninety seconds of silence": ("wait 90\n< NO CARRIER\n", "wait 88\n< NO CARRIER\n"),
    "a guard time of 20": (ESCAPED, ESCAPED.replace("0.5", "0.3")),
    "a command that waits for data": (
        f"{ESCAPED}> AT#SSLRECV=1,9\nwithin 10\n< #SSLRECV: 0\n<+ TIMEOUT\n< OK\n",
        f"{ESCAPED}> AT#SSLRECV=1,9\nwithin 9\n< #SSLRECV: 0\n<+ TIMEOUT\n< OK\n",
    ),
}


@pytest.mark.parametrize("what", TIMES)
async def test_the_times_of_its_table_are_those_of_the_module(what: str, tmp_path: Path) -> None:
    """So long, and not two seconds less: one may pass while an answer is waited for."""
    enough, too_short = TIMES[what]

    assert await played(tmp_path, ONLINE + enough) is None
    assert await played(tmp_path, ONLINE + too_short, answer_timeout=0.5) is not None


def test_the_transcript_says_why_something_is_refused(tmp_path: Path) -> None:
    """As printed."""
    with running(block(PAGE, "sh"), tmp_path, "is ready on"):
        with serial.Serial(str(tmp_path / "modem"), timeout=TIMEOUT) as port:
            ask(port, "AT#SGACT=1,1")
        run_console(block(PAGE, "console"), tmp_path)
