"""HTTP at its own pace: slow hosts, slow lines, servers that take nothing, and what frames a body on the line."""

import asyncio

from emulator.lab.http_server import HttpServer
from emulator.testing import Bench
from tests.commands.http_bench import BODY_PROMPT, GSM, SERVER, asked, http_bench, rung
from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpPeer
from tests.commands.ssl_bench import OK, cme, succeed

POST = 'AT#HTTPSND=0,0,"/",5'
FIVE_BYTES = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello"
RUNG = '0,200,"",5'
LONG_BODIES = "http.body_sizes={range=[1, 30000000]}"


async def test_a_slow_host_slows_the_server() -> None:
    """What the module keeps is bounded; when it reads at last all is there."""
    async with TcpPeer() as peer, http_bench(peer.port) as bench:
        size = 8 << 20
        client = await asked(bench, peer)
        client.say(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        assert f'0,200,"",{size}' == await rung(bench)
        client.say(bytes(size))
        bench.send("AT#HTTPRCV=0\r")
        await eventually(lambda: bench.port.congested, "the host is behind")
        assert client.transport is not None
        assert client.transport.get_write_buffer_size() > size // 4

        assert size == (await bench.until(OK)).count("\0")


async def test_a_slow_line_takes_its_time() -> None:
    """12,800 bytes at 9600 bit/s, and none is lost."""
    page = bytes(range(256)) * 50
    with HttpServer({"/page.bin": page}) as server:
        async with Bench(GSM, baud=9600, echo=True, routes={f"{SERVER}:80": server.address}) as bench:
            for line in ("ATE0", 'AT+CGDCONT=1,"IP","a"', "AT#SGACT=1,1", f'AT#HTTPCFG=0,"{SERVER}",,,,,,65535'):
                assert (await _in_time(bench, line)).endswith(OK)
            await _in_time(bench, 'AT#HTTPQRY=0,0,"/page.bin"', f'",{len(page)}\r\n')
            client = bench.modem.device.http
            await eventually(lambda: client.connections == 0, "all of it has come")
            begun = bench.clock.now()

            heard = await _in_time(bench, "AT#HTTPRCV=0")

            assert b"\r\n<<<" + page + OK.encode() == heard.encode("latin-1")
            assert 13 < bench.clock.now() - begun < 14


async def _in_time(bench: Bench, line: str, end: str = OK) -> str:
    """Let time pass until the answer ends so."""
    bench.send(f"{line}\r")
    heard = ""
    while not heard.endswith(end):
        await bench.advance(0.1)
        await asyncio.sleep(0.001)
        heard += bench.read()
        assert bench.clock.now() < 60_000, heard
    return heard


async def test_a_server_that_takes_nothing_fails_the_request() -> None:
    """After the timeout."""
    async with TcpPeer() as peer, http_bench(peer.port, settings=[LONG_BODIES]) as bench:
        await succeed(bench, "AT#HTTPCFG=0,,,,,,,20,1,1500")
        size = 30_000_000
        assert BODY_PROMPT == await bench.command(f'AT#HTTPSND=0,1,"/",{size}')
        client = await peer.client()
        assert client.transport is not None
        client.transport.pause_reading()
        bench.send(bytes(size))
        await bench.advance(19)
        assert "" == bench.read()
        await bench.advance(2)
        assert cme(563) == await bench.answer()


async def test_what_frames_a_body_does_not_depend_on_the_settings() -> None:
    """CR LF before `<<<`, the result right behind the data; V0 shortens that alone."""
    async with TcpPeer() as peer, http_bench(peer.port) as bench:
        client = await asked(bench, peer)
        client.say(FIVE_BYTES)
        assert RUNG == await rung(bench)
        bench.send("ATV0\r")
        assert "0\r" == await bench.until("\r")
        bench.send("AT#HTTPRCV=0\r")
        assert "\r\n<<<Hello0\r" == await bench.until("0\r")


async def test_a_short_answer_to_a_body() -> None:
    """The server need not wait for the whole of it."""
    async with TcpPeer() as peer, http_bench(peer.port) as bench:
        assert BODY_PROMPT == await bench.command(POST)
        (await peer.client()).say(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        bench.send("12345")
        assert '0,413,"",0' == await rung(bench, OK)
        (await asked(bench, peer, number=2)).say(FIVE_BYTES)
        assert RUNG == await rung(bench)
