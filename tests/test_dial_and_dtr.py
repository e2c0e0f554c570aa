"""DTR that falls while a command dials: the dial ends at once where &D closes connections. V.250 6.2.9."""

import socket
from collections.abc import AsyncIterator, Iterator

import pytest

from emulator.line.serial.lines import HostLines
from emulator.testing import Bench
from tests.commands.peer import ObedientPeer
from tests.commands.ssl_bench import NO_CARRIER, OK, RINGING, prepare, succeed
from tests.peers.plain import black_hole

DIALS = {
    "#SSLD": 'AT#SSLD=1,443,"silent",0,1',
    "#SSLD online": 'AT#SSLD=1,443,"silent",0,0',
    "#SD": 'AT#SD=1,0,80,"full",0,0,1',
    "#FTPOPEN": 'AT#FTPOPEN="silent:21","user","password",1',
    "#HTTPQRY": 'AT#HTTPQRY=0,0,"/"',
    "#HTTPSND": 'AT#HTTPSND=0,0,"/",5',
    "#HTTPQRY within TLS": 'AT#HTTPQRY=1,0,"/"',
}


@pytest.fixture
def silent() -> Iterator[int]:
    """The TCP port of a peer that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def full() -> Iterator[int]:
    """The TCP port of a peer that has no room for one more connection: an attempt goes on for minutes."""
    with black_hole() as port:
        yield port


@pytest.fixture
async def bench(silent: int, full: int) -> AsyncIterator[Bench]:
    """A bench whose dials never end by themselves."""
    routes = {"silent:443": f"127.0.0.1:{silent}", "silent:21": f"127.0.0.1:{silent}", "full": f"127.0.0.1:{full}"}
    async with Bench(RINGING, routes=routes) as bench:
        await prepare(bench)
        await succeed(bench, 'AT#HTTPCFG=0,"full"', 'AT#HTTPCFG=1,"silent",443,0,"","",1')
        yield bench


async def begin(bench: Bench, line: str) -> None:
    """Dial, and let the attempt begin."""
    bench.send(f"{line}\r")
    await bench.advance(0)
    assert "" == bench.read()


async def let_another_host_ask(bench: Bench) -> None:
    """Let the host go and another one come at once, which types AT; no time passes."""
    bench.port.host_close()
    bench.port.host_open()
    bench.send("AT\r")
    await bench.advance(0)


def is_idle(bench: Bench) -> bool:
    """Whether nothing of a dial is left in the device."""
    device = bench.modem.device
    assert device.ssl is not None
    ssl, plain = device.ssl.sockets[1], device.sockets[1]
    http = device.http._connecting or device.http._busy or device.http.connections
    return not (ssl._attempt or ssl._stream or plain._attempt or plain._stream or device.ftp._work.is_busy or http)


@pytest.mark.parametrize("reaction", [2, 3, 5])
@pytest.mark.parametrize("line", DIALS.values(), ids=DIALS)
async def test_a_host_that_closes_the_port_ends_its_dial(bench: Bench, line: str, reaction: int) -> None:
    """No time passes; the next host gets its answer, and nothing of the old dial."""
    await succeed(bench, f"AT&D{reaction}")
    await begin(bench, line)
    await let_another_host_ask(bench)

    assert OK == bench.read()
    assert is_idle(bench)
    await bench.advance(300)
    assert "" == bench.read()


@pytest.mark.parametrize("line", DIALS.values(), ids=DIALS)
async def test_a_dial_does_not_begin_when_its_host_has_gone(bench: Bench, line: str) -> None:
    """DTR has fallen between the line and the attempt."""
    await succeed(bench, "AT&D2")
    bench.send(f"{line}\r")
    await let_another_host_ask(bench)

    assert OK == bench.read()
    assert is_idle(bench)


@pytest.mark.parametrize("line", DIALS.values(), ids=DIALS)
async def test_a_host_that_drops_dtr_and_stays_hears_no_carrier(bench: Bench, line: str) -> None:
    """The rest of its line is not carried out."""
    await succeed(bench, "AT&D2")
    await begin(bench, f"{line};&D0")
    bench.port.host_lines(HostLines.RTS)
    await bench.advance(0)

    assert NO_CARRIER == bench.read()
    assert (True, 2) == (is_idle(bench), bench.modem.instance.settings["&D"])
    assert OK == await bench.command("AT")


@pytest.mark.parametrize("reaction", [0, 1, 4])
@pytest.mark.parametrize("line", DIALS.values(), ids=DIALS)
async def test_a_dial_goes_on_where_dtr_closes_nothing(bench: Bench, line: str, reaction: int) -> None:
    """The next host waits for its end, and hears nothing of it."""
    await succeed(bench, f"AT&D{reaction}")
    await begin(bench, line)
    await let_another_host_ask(bench)
    assert "" == bench.read()
    assert not is_idle(bench)
    await bench.advance(300)

    assert OK == bench.read()


async def test_a_command_that_does_not_dial_goes_on(bench: Bench) -> None:
    """Under &D2, too: there is nothing to hang up."""
    await succeed(bench, "AT&D2", "AT#SSLSECDATA=1,0,1")
    bench.send("AT+CSQ;#SSLSECDATA=1,1,1,20\r")
    bench.port.host_lines(HostLines.RTS)

    assert (await bench.answer()).endswith("> ")
    bench.send("\x1b")
    assert OK == await bench.answer()


@pytest.mark.parametrize("reaction", [1, 2])
@pytest.mark.parametrize("ssl", [True, False])
async def test_a_dial_into_data_mode_whose_host_has_gone_tells_the_next_one_nothing(
    silent: int, reaction: int, ssl: bool
) -> None:
    """Under &D1 the connection is there, as after `+++`, with what the peer has said; under &D2 there is none."""
    with ObedientPeer() as tls:
        async with Bench("HE910", routes={"tls": f"127.0.0.1:{tls.port}", "plain": f"127.0.0.1:{silent}"}) as bench:
            await prepare(bench)
            await succeed(bench, f"AT&D{reaction}")
            bench.send('AT#SSLD=1,443,"tls",0,0\r' if ssl else 'AT#SD=1,0,7,"plain",0,0,0\r')
            if reaction == 1:
                await bench.advance(0)
            bench.port.host_close()
            bench.port.host_open()
            tls.say(b"Hello")
            bench.send("AT\r")

            assert OK == await bench.answer()
            state = await bench.command("AT#SSLS=1" if ssl else "AT#SS=1")
            assert ("1,2" if reaction == 1 else "1,1" if ssl else "1,0") in state
            if reaction == 1 and ssl:
                assert "Hello" in await bench.command("AT#SSLRECV=1,100")
