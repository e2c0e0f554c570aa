"""HTTP with servers that are silent, break off or speak nonsense, and with contexts and power that go meanwhile."""

import pytest

from emulator.lab.http_server import HttpServer
from tests.commands.http_bench import BODY_PROMPT, HTTPS, NO_ANSWER, http_bench, query, received, rung
from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpPeer
from tests.commands.ssl_bench import OK, cme, succeed
from tests.peers.plain import black_hole, scripted_server
from tests.peers.processes import free_port

REQUEST = 'AT#HTTPQRY=0,0,"/"'


async def test_a_silent_server_is_status_0() -> None:
    """Once <timeout> has passed, and there is nothing to read."""
    async with TcpPeer() as peer, http_bench(peer.port) as bench:
        await succeed(bench, "AT#HTTPCFG=0,,,,,,,20", REQUEST)
        await bench.advance(19.9)
        assert "" == bench.read()
        assert cme(3) == await bench.command("AT#HTTPRCV=0")
        assert cme(3) == await bench.command(REQUEST)

        await bench.advance(0.2)

        assert NO_ANSWER == await rung(bench)
        assert cme(3) == await bench.command("AT#HTTPRCV=0")
        await succeed(bench, REQUEST)


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 O", b"SSH-2.0-nothing\r\n", b"\0" * 70000, b"HTTP/1.1 200 OK\r\n\r"]
)
async def test_no_answer_is_status_0(answer: bytes) -> None:
    """The server closes before its head is whole, or says what is none."""
    with scripted_server(answer) as port:
        async with http_bench(port) as bench:
            assert NO_ANSWER == await query(bench, "/")


async def test_a_cut_answer_is_shown_as_far_as_it_came() -> None:
    """#HTTPRING has the size that was promised."""
    with scripted_server(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc") as port:
        async with http_bench(port) as bench:
            assert '0,200,"",10' == await query(bench, "/")
            assert b"abc" == await received(bench)
            assert cme(3) == await bench.command("AT#HTTPRCV=0")


async def test_an_interim_answer_is_passed_over() -> None:
    """RFC 9110 15.2; the end of the connection ends a body without a size."""
    with scripted_server(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.0 200 OK\r\n\r\nall of it") as port:
        async with http_bench(port) as bench:
            assert '0,200,"",0' == await query(bench, "/")
            assert b"all of it" == await received(bench)


async def test_connections_that_do_not_come_about() -> None:
    """No context, no name, no server, nobody there, no time."""
    async with http_bench(free_port()) as bench:
        assert cme(562) == await bench.command(REQUEST)
        await succeed(bench, 'AT#HTTPCFG=0,"no.such.host.invalid"')
        assert cme(558) == await bench.command(REQUEST)
        assert cme(3) == await bench.command('AT#HTTPQRY=1,0,"/"')
        await succeed(bench, "AT#HTTPCFG=0,,,,,,,,2")
        assert cme(556) == await bench.command(REQUEST)
        assert cme(556) == await bench.command('AT#HTTPSND=0,0,"/",5')


async def test_the_connection_has_a_timeout() -> None:
    """That of the profile."""
    with black_hole() as port:
        async with http_bench(port) as bench:
            await succeed(bench, "AT#HTTPCFG=0,,,,,,,20")
            bench.send(f"{REQUEST}\r")
            await bench.advance(19)
            assert "" == bench.read()
            await bench.advance(2)
            assert cme(559) == await bench.answer()


async def test_a_context_that_goes_ends_the_wait() -> None:
    """#HTTPRING has status 0."""
    async with TcpPeer() as peer, http_bench(peer.port) as bench:
        await succeed(bench, REQUEST)
        bench.send("AT#SGACT=1,0\r")
        assert NO_ANSWER == await rung(bench, OK)
        assert cme(556) == await bench.command(REQUEST)


async def test_a_context_that_goes_ends_a_dial() -> None:
    """And a handshake."""
    with black_hole() as port:
        async with http_bench(port) as bench:
            bench.modem.faults.add("context-dropped", time="1 s")
            bench.send(f"{REQUEST}\r")
            await bench.advance(1)
            assert cme(556) == await bench.answer()
    async with TcpPeer() as peer, http_bench(peer.port) as bench:
        await succeed(bench, *HTTPS)
        bench.send(f"{REQUEST}\r")
        client = await peer.client()
        bench.modem.faults.add("context-dropped", time="1 s")
        await bench.advance(1)
        assert cme(556) == await bench.answer()
        await eventually(lambda: client.ended, "the connection ends")


async def test_power_that_goes_ends_a_dial() -> None:
    """Nothing is left of it."""
    with black_hole() as port:
        async with http_bench(port) as bench:
            bench.send(f"{REQUEST}\r")
            await bench.advance(1)
            client = bench.modem.device.http
            assert client._connecting
            bench.modem.device.power.off()
            await bench.advance(0)
            assert {} == client._connecting


async def test_power_that_goes_says_nothing() -> None:
    """And the server's connection ends."""
    async with TcpPeer() as peer, http_bench(peer.port) as bench:
        await succeed(bench, REQUEST)
        bench.modem.device.power.off()
        await bench.advance(200)
        assert "#HTTPRING" not in bench.read()


async def test_dtr_ends_a_dial() -> None:
    """Under &D2, as of other connections; an answer that is awaited is not concerned."""
    with black_hole() as port:
        async with http_bench(port) as bench:
            await succeed(bench, "AT&D2")
            bench.send(f"{REQUEST}\r")
            await bench.advance(1)
            bench.port.host_close()
            bench.port.host_open()
            await bench.advance(1)
            bench.read()
            assert OK == await bench.command("AT")


async def test_a_host_that_leaves_the_prompt_drops_the_request() -> None:
    """The profile can be used again at once."""
    with HttpServer() as server:
        async with http_bench(server.port) as bench:
            assert BODY_PROMPT == await bench.command('AT#HTTPSND=0,0,"/echo",5')
            bench.port.host_close()
            bench.port.host_open()
            bench.read()
            assert (await query(bench, "/")).startswith("0,200,")
            assert ["GET"] == [asked.method for asked in server.requests]
