"""Servers of the lab that do something wrong, as the module sees them."""

import asyncio

import pytest

from emulator.errors import UserError
from emulator.lab.conversations import echo
from emulator.lab.ftps_server import FtpsServer
from emulator.lab.misbehaviour import AFTER, BEFORE
from emulator.lab.server import LabServer
from emulator.testing import Bench
from emulator.trace.events import TlsOutcome
from tests.commands.ssl_bench import CONNECT, HOST, NO_CARRIER, OK, cme, dial, information, ssl_bench

OUTCOMES = {
    "silent": "silence: the peer sent nothing new for 10 s of the handshake",
    "hangs-up": "closed",
    "resets": "closed",
    "refuses": "handshake_failure",
    "no-tls": "not TLS",
}


@pytest.mark.parametrize("name", BEFORE)
async def test_a_handshake_fails_for_the_reason_that_was_asked_for(name: str) -> None:
    with LabServer(echo, misbehaviour=name, spared=1) as server:
        async with ssl_bench(port=server.port) as bench:
            await dial(bench)
            assert OK == await bench.command("AT#SSLH=1")
            bench.send(f'AT#SSLD=1,443,"{HOST}",0,1\r')
            heard = ""
            while not heard:
                await asyncio.sleep(0.02)
                if server.served == 2 and name == "silent":
                    await bench.advance(5)
                heard = bench.read()
            assert heard == cme(839)
            outcomes = [event.outcome for event in bench.events if isinstance(event, TlsOutcome)]
            assert "established" == outcomes[0]
            assert OUTCOMES[name] in outcomes[1]


async def test_a_server_is_silent_after_the_handshake() -> None:
    with LabServer(echo, misbehaviour="silent-after-handshake") as server:
        async with ssl_bench(port=server.port) as bench:
            await dial(bench)
            await bench.command("AT#SSLSEND=1")
            bench.send("Hello\x1a")
            assert OK == await bench.answer()
            bench.send("AT#SSLRECV=1,10\r")
            await bench.advance(10)
            assert bench.read() == information("#SSLRECV: 0", "TIMEOUT")


async def test_a_server_hangs_up_after_the_handshake() -> None:
    with LabServer(echo, misbehaviour="hangs-up-after-handshake") as server:
        async with ssl_bench(port=server.port) as bench:
            bench.send(f'AT#SSLD=1,443,"{HOST}",0,0\r')
            assert CONNECT + NO_CARRIER == await bench.until(NO_CARRIER)


def test_an_unknown_misbehaviour_is_told_with_those_there_are() -> None:
    with pytest.raises(UserError) as refused:
        LabServer(echo, misbehaviour="rude")

    assert str(refused.value) == (
        f"lab server: no misbehaviour is called 'rude'; there are {', '.join((*BEFORE, *AFTER))}"
    )


@pytest.mark.parametrize(
    ("failing", "login", "upload"),
    [
        ({"PASS": "530 No"}, cme(606), cme(607)),
        ({"USER": ""}, cme(606), cme(607)),
        ({"STOR": "452 Disk full"}, OK, NO_CARRIER),
        ({"TYPE": "500 What?"}, cme(606), cme(607)),
    ],
)
async def test_an_ftp_server_fails_where_it_was_asked_to(failing: dict[str, str], login: str, upload: str) -> None:
    with FtpsServer(failing=failing) as server:
        async with Bench(routes={"ftp.lab:21": server.address}) as bench:
            for line in ("AT+CMEE=1", 'AT+CGDCONT=1,"IP","lab"', "AT#SGACT=1,1"):
                await bench.command(line)
            assert login == await bench.command('AT#FTPOPEN="ftp.lab","telit","public-demo",1')
            assert upload == await bench.command('AT#FTPPUT="a.txt"')
