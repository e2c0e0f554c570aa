"""What faults do to HTTP and HTTPS, against a real server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from emulator.lab.http_server import HttpServer
from emulator.lab.http_site import PAGES
from emulator.testing import Bench
from emulator.trace.events import Fault
from tests.commands.http_bench import HTTPS, NO_ANSWER, SERVER, http_bench, query, received, rung
from tests.commands.peer import eventually
from tests.commands.ssl_bench import OK, cme, succeed

REQUEST = 'AT#HTTPQRY=0,0,"/"'
ANSWER = f'0,200,"text/plain",{len(PAGES["/"])}'
LONG = f'0,200,"application/octet-stream",{len(PAGES["/long.bin"])}'


@pytest.fixture
def server() -> Iterator[HttpServer]:
    with HttpServer() as server:
        yield server


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
async def bench(request: pytest.FixtureRequest, server: HttpServer) -> AsyncIterator[Bench]:
    """A module that reaches the server in clear text, or within TLS, and has 20 seconds for it."""
    async with http_bench(server.port) as bench:
        if request.param:
            await succeed(bench, *HTTPS)
        await succeed(bench, "AT#HTTPCFG=0,,,,,,,20")
        yield bench


def fired(bench: Bench) -> int:
    """How many faults the trace shows."""
    return sum(isinstance(event, Fault) for event in bench.events)


async def in_time(bench: Bench, line: str, step: float = 0.5) -> str:
    """Give a command, and let time pass until it has answered; real servers do their part meanwhile."""
    bench.send(f"{line}\r")
    for _ in range(2000):
        await asyncio.sleep(0.002)
        await bench.advance(step)
        if heard := bench.read():
            return heard
    raise AssertionError("no answer")


@pytest.mark.parametrize(
    ("fault", "code"), [("name-unknown", 558), ("connection-refused", 562), ("connection-unanswered", 559)]
)
async def test_a_dial_fails_once(bench: Bench, fault: str, code: int) -> None:
    """Then it succeeds."""
    bench.modem.faults.add(fault, command="#HTTPQRY", host=SERVER)
    assert cme(code) == await in_time(bench, REQUEST)
    assert ANSWER == await query(bench, "/")
    assert 1 == fired(bench)


@pytest.mark.parametrize("fault", ["connection-reset", "connection-closed"])
async def test_an_answer_is_cut(bench: Bench, fault: str) -> None:
    """In the midst of the body: what came before is shown."""
    bench.modem.faults.add(fault, at="received", byte=30_000)
    assert LONG == await query(bench, "/long.bin")
    body = await received(bench)
    assert PAGES["/long.bin"].startswith(body)
    assert len(body) < 30_000
    assert cme(3) == await bench.command("AT#HTTPRCV=0")
    assert 1 == fired(bench)


@pytest.mark.parametrize("fault", ["connection-reset", "connection-closed"])
async def test_a_request_is_cut(bench: Bench, fault: str) -> None:
    """Behind its twentieth byte: the module takes it as sent, and no answer comes."""
    bench.modem.faults.add(fault, command="#HTTPQRY", byte=20)
    bench.send(f"{REQUEST}\r")
    assert NO_ANSWER == await rung(bench, OK)
    assert ANSWER == await query(bench, "/")
    assert 1 == fired(bench)


async def test_a_server_falls_silent(bench: Bench) -> None:
    """Status 0 after the timeout."""
    bench.modem.faults.add("peer-silent", command="#HTTPQRY", byte=20)
    assert OK == await bench.command(REQUEST)
    await bench.advance(19)
    assert "" == bench.read()
    await bench.advance(2)
    assert NO_ANSWER == await rung(bench)
    assert ANSWER == await query(bench, "/")


@pytest.mark.parametrize("fault", ["registration-lost", "context-dropped", "sim-missing"])
async def test_the_network_goes_while_an_answer_is_awaited(bench: Bench, fault: str) -> None:
    """Status 0 at once, and no request until the context is back."""
    assert OK == await bench.command('AT#HTTPQRY=0,0,"/silent"')
    bench.modem.faults.add(fault, time="1 s")
    await bench.advance(1)
    assert NO_ANSWER == await rung(bench)
    assert cme(556) == await bench.command(REQUEST)


@pytest.mark.parametrize(("fault", "parameters"), [("reboot", {}), ("brown-out", {"duration": "5 s"})])
async def test_the_power_goes_while_an_answer_is_awaited(
    bench: Bench, server: HttpServer, fault: str, parameters: dict[str, Any]
) -> None:
    """Nothing is said of it afterwards, and the profile is still there."""
    assert OK == await bench.command('AT#HTTPQRY=0,0,"/silent"')
    bench.modem.faults.add(fault, time="1 s", **parameters)
    await bench.advance(60)
    assert "#HTTPRING" not in bench.read()
    await bench.command("ATE0")
    await succeed(bench, "AT+CMEE=1")
    assert cme(3) == await bench.command("AT#HTTPRCV=0")
    assert f'#HTTPCFG: 0,"{SERVER}",' in await bench.command("AT#HTTPCFG?")


async def test_a_slow_network_takes_its_time(bench: Bench) -> None:
    """Two ways for the connection, and the body comes as the network carries it."""
    await succeed(bench, "AT#HTTPCFG=0,,,,,,,3600")
    bench.modem.faults.add("slow-network", latency="1 s", download="80 kbit/s")
    started = bench.clock.now()
    heard = await in_time(bench, 'AT#HTTPQRY=0,0,"/long.bin"', 0.1)
    assert heard.startswith(OK)
    assert bench.clock.now() - started >= 2
    while "#HTTPRING" not in heard:
        await asyncio.sleep(0.002)
        await bench.advance(0.1)
        heard += bench.read()
    bench.send("AT#HTTPRCV=0\r")
    body = ""
    while not body.endswith(OK):
        await asyncio.sleep(0.002)
        await bench.advance(0.1)
        body += bench.read()
    assert PAGES["/long.bin"] == body[len("\r\n<<<") : -len(OK)].encode("latin-1")
    assert bench.clock.now() - started >= 12


async def test_a_damaged_record_ends_the_answer(server: HttpServer) -> None:
    """TLS tells by the MAC; what came before it is shown."""
    async with http_bench(server.port) as bench:
        await succeed(bench, *HTTPS)
        bench.modem.faults.add("record-corrupted", byte=40_000)
        assert LONG == await query(bench, "/long.bin")
        body = await received(bench)
        assert PAGES["/long.bin"].startswith(body)
        assert len(body) < 40_000
        assert 1 == fired(bench)


@pytest.mark.parametrize("message", ["server_hello", "finished"])
async def test_a_handshake_stalls(server: HttpServer, message: str) -> None:
    """The timeout of the profile counts from packet to packet."""
    async with http_bench(server.port) as bench:
        await succeed(bench, *HTTPS, "AT#HTTPCFG=0,,,,,,,20")
        bench.modem.faults.add("handshake-stalled", message=message, command="#HTTPQRY")
        bench.send(f"{REQUEST}\r")
        await eventually(lambda: fired(bench) == 1, "it stalls")
        await bench.advance(21)
        assert cme(839) == await bench.answer()
        assert ANSWER == await query(bench, "/")


async def test_bytes_of_a_body_are_lost_on_the_line(server: HttpServer) -> None:
    """Those of what the host types at the prompt: fewer than it counts, so that the module waits for more."""
    async with http_bench(server.port) as bench:
        bench.modem.faults.add("bytes-lost", command="#HTTPSND", at="entry", byte=1)
        bench.send('AT#HTTPSND=0,0,"/echo",5\r')
        assert "\r\n>>>" == await bench.answer()
        bench.send("12345")
        await bench.advance(1)
        assert "" == bench.read()
        bench.send("6")
        assert '0,200,"text/plain",5' == await rung(bench, OK)
        assert b"13456" == await received(bench)
