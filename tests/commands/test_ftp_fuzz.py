"""Whatever an FTP server says, each command gets its result in time, and the module lives on."""

import asyncio
import random

import pytest

from emulator.testing import Bench
from emulator.trace.events import Defect
from tests.commands.ftp_bench import SERVER, ftp_bench
from tests.commands.ssl_bench import OK, PROMPT
from tests.peers.ftp_script import HANG_UP, RESET, SILENCE, ScriptedFtpServer

_REPLIES = [
    SILENCE,
    HANG_UP,
    RESET,
    "110 wait",
    "125 now",
    "150 here it comes",
    "200 fine",
    "213 5",
    "213 many",
    "220-a\r\nb\r\n220 c",
    "226 done",
    "226 done\r\n226 done again",
    "227 here (127,0,0,1,0,9)",
    "227 here (127,0,0,1,999,999)",
    "227 (1,2,3)",
    "230 in",
    "234 go on",
    '257 "\xff\x00"',
    "331 who?",
    "350 more",
    "421 going",
    "425 no connection",
    "426 cut\r\n226 done",
    "550 no",
    "999 what?",
    "\x00\xff",
    "x" * 5000,
]
_VERBS = "HELLO AUTH USER PASS PBSZ PROT TYPE PWD CWD SIZE DELE REST PASV PORT RETR LIST STOR APPE QUIT"
_LINES = [
    "AT#FTPPWD",
    "AT#FTPCWD=a",
    "AT#FTPDELE=a",
    "AT#FTPFSIZE=a",
    "AT#FTPTYPE=1",
    "AT#FTPREST=5",
    "AT#FTPGET=a",
    "AT#FTPLIST",
    "AT#FTPPUT=b",
    "AT#FTPAPP=b",
    "AT#FTPPUT=b,1",
    "AT#FTPAPPEXT=3",
    "AT#FTPAPPEXT=3,1",
    "AT#FTPGETPKT=a",
    "AT#FTPGETPKT?",
    "AT#FTPRECV=1000",
    "AT#FTPMSG",
    "AT#FTPCLOSE",
    "AT#FTPCFG=100,0,1",
    "AT#FTPCFG=100,1,0",
]


def _server(dice: random.Random) -> ScriptedFtpServer:
    """Odd in a few of its replies, and at times in what it does with files."""
    odd = {verb: dice.choice(_REPLIES) for verb in dice.sample(_VERBS.split(), dice.choice([0, 1, 1, 2, 5]))}
    departures: dict[str, object] = {}
    if dice.random() < 0.5:
        name, value = dice.choice(
            [("cut_at", 3), ("breaks", True), ("full_at", 2), ("last_word", dice.choice(_REPLIES)), ("leaves", True)]
        )
        departures[name] = value
    return ScriptedFtpServer({"a": bytes(20_000)}, replies=odd, **departures)


async def _give(bench: Bench, line: str, dice: random.Random) -> None:
    """A line, and what belongs to it, up to its last result."""
    bench.send(f"{line}\r")
    answer = await _last_of(bench)
    if answer.endswith(PROMPT):
        bench.send("123")
        answer = await _last_of(bench)
    if "\r\nCONNECT\r\n" in answer and not answer.endswith("NO CARRIER\r\n"):
        bench.send(bytes(dice.choice([0, 3, 10_000])))
        await bench.advance(1.1)
        bench.send("+++")
        await _last_of(bench, "NO CARRIER\r\n")


async def _last_of(bench: Bench, *ends: str) -> str:
    """The answer, while the time of the module goes on."""

    async def let_time_pass() -> None:
        while True:
            await asyncio.sleep(0.003)
            await bench.advance(0.5)

    passing = asyncio.create_task(let_time_pass())
    try:
        return await (bench.until(*ends) if ends else bench.answer())
    finally:
        passing.cancel()


@pytest.mark.parametrize("seed", range(40))
async def test_every_command_gets_its_result_whatever_the_server_does(seed: int) -> None:
    """At random, but the same each time."""
    dice = random.Random(seed)
    with _server(dice) as server:
        async with ftp_bench(server.port) as bench:
            for _ in range(12):
                if dice.random() < 0.4:
                    await _give(bench, f"AT#FTPOPEN={SERVER},a,b,{dice.choice([0, 1])}", dice)
                await _give(bench, dice.choice(_LINES), dice)
            await bench.advance(100)
            bench.read()
            assert OK == await bench.command("AT")
            assert [] == [event.text for event in bench.events if isinstance(event, Defect)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert {asyncio.current_task()} == asyncio.all_tasks()
