"""HTTP together with the rest: parts, profiles, AT instances, contexts, DTR and data mode."""

from collections.abc import AsyncIterator

import pytest

from emulator.testing import Bench
from tests.commands.http_bench import BODY_PROMPT, REQUEST, SERVER, asked, http_bench, received, rung
from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpPeer
from tests.commands.ssl_bench import CONNECT, HOST, OK, cme, succeed
from tests.line.mux.hosts import MuxHost
from tests.line.mux.test_channels import channel_of
from tests.peers.mux_client import FC, RTC, RTR

POST = 'AT#HTTPSND=0,0,"/",5'
BUSY = cme(3)
FIVE_BYTES = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello"
RUNG = '0,200,"",5'


@pytest.fixture
async def peer() -> AsyncIterator[TcpPeer]:
    """A server that answers what the test says."""
    async with TcpPeer() as peer:
        yield peer


@pytest.fixture
async def bench(peer: TcpPeer) -> AsyncIterator[Bench]:
    """A module whose profiles 0 and 1 are for the server."""
    async with http_bench(peer.port) as bench:
        await succeed(bench, f'AT#HTTPCFG=1,"{SERVER}"')
        yield bench


async def until_it_waits(bench: Bench, number: int = 0) -> None:
    """Let #HTTPRCV come to where it waits for more."""
    _, exchange = bench.modem.device.http._exchanges[number]
    await eventually(lambda: exchange._notifier.awaited, "it waits for more")


# Parts.


async def test_a_part_waits_for_its_bytes(bench: Bench, peer: TcpPeer) -> None:
    """Until there are as many as it wants, or no more can come."""
    client = await asked(bench, peer)
    client.say(b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n" + b"a" * 100)
    assert '0,200,"",200' == await rung(bench)
    assert b"a" * 64 == await received(bench, ",64")

    bench.send("AT#HTTPRCV=0,64\r")
    await until_it_waits(bench)
    assert "" == bench.read()
    client.say(b"b" * 100)

    assert "\r\n<<<" + "a" * 36 + "b" * 28 + OK == await bench.until(OK)
    assert b"b" * 72 == await received(bench, ",1500")
    assert BUSY == await bench.command("AT#HTTPRCV=0,64")


async def test_a_part_ends_where_the_server_stalls(bench: Bench, peer: TcpPeer) -> None:
    """After the timeout of the profile, with what there is; then there is no more."""
    await succeed(bench, "AT#HTTPCFG=0,,,,,,,20")
    client = await asked(bench, peer)
    client.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHel")
    assert '0,200,"",0' == await rung(bench)
    bench.send("AT#HTTPRCV=0\r")
    await until_it_waits(bench)
    await bench.advance(19)
    assert "" == bench.read()
    await bench.advance(2)

    assert "\r\n<<<Hel" + OK == await bench.until(OK)
    assert BUSY == await bench.command("AT#HTTPRCV=0")
    await eventually(lambda: client.ended, "the connection ends")


# Profiles.


async def test_two_profiles_wait_at_once(bench: Bench, peer: TcpPeer) -> None:
    """Each has its own answer, in the order of the servers."""
    first = await asked(bench, peer)
    second = await asked(bench, peer, 'AT#HTTPQRY=1,0,"/other"', 2)
    second.say(b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno")
    assert '1,404,"",2' == await rung(bench)
    first.say(FIVE_BYTES)
    assert RUNG == await rung(bench)

    bench.send("AT#HTTPRCV=1\r")
    assert "\r\n<<<no" + OK == await bench.until(OK)
    assert b"Hello" == await received(bench)


async def test_a_profile_that_waits_takes_no_other_request(bench: Bench, peer: TcpPeer) -> None:
    """Its settings can be changed, for the next one."""
    client = await asked(bench, peer)
    for line in (REQUEST, POST, "AT#HTTPRCV=0"):
        assert BUSY == await bench.command(line)
    await succeed(bench, 'AT#HTTPCFG=0,"elsewhere.example.com"')
    client.say(FIVE_BYTES)
    assert RUNG == await rung(bench)
    assert b"Hello" == await received(bench)
    assert cme(558) == await bench.command(REQUEST)


async def test_the_next_request_drops_what_is_left(bench: Bench, peer: TcpPeer) -> None:
    """One that is refused before it dials drops nothing."""
    client = await asked(bench, peer)
    client.say(FIVE_BYTES)
    assert RUNG == await rung(bench)
    await succeed(bench, "AT#HTTPCFG=0,,,,,,,,2")
    assert cme(556) == await bench.command(REQUEST)
    await succeed(bench, "AT#HTTPCFG=0,,,,,,,,1")
    assert b"Hello" == await received(bench)

    second = await asked(bench, peer, number=2)
    second.say(FIVE_BYTES + b"too much")
    assert RUNG == await rung(bench)
    (await asked(bench, peer, number=3)).say(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert '0,204,"",0' == await rung(bench)
    assert BUSY == await bench.command("AT#HTTPRCV=0")
    await eventually(lambda: second.ended, "its connection ends")


# AT instances.


async def test_another_instance_finds_the_profile_in_use(peer: TcpPeer) -> None:
    """At the prompt, and while the answer is shown; #HTTPRING goes to whoever asked, and anybody can read."""
    async with http_bench(peer.port, ports=2) as bench:
        other = bench.hosts[1]
        await other.command("AT+CMEE=1")
        assert BODY_PROMPT == await bench.command(POST)
        assert BUSY == await other.command(REQUEST)
        assert BUSY == await other.command("AT#HTTPRCV=0")
        bench.send("12345")
        assert OK == await bench.answer()
        client = await peer.client()
        await eventually(lambda: client.received.endswith(b"12345"), "the body is heard")

        client.say(FIVE_BYTES[:-2])
        assert RUNG == await rung(bench)
        assert "" == other.read()
        other.send("AT#HTTPRCV=0\r")
        await until_it_waits(bench)
        assert BUSY == await bench.command("AT#HTTPRCV=0")
        assert BUSY == await bench.command(REQUEST)
        client.say(b"lo")
        assert "\r\n<<<Hello" + OK == await other.until(OK)


async def test_a_channel_that_is_closed_hears_nothing_more(peer: TcpPeer) -> None:
    """The answer is there for another one."""
    async with http_bench(peer.port) as bench:
        mux = MuxHost(bench)
        await mux.start()
        asking, reading = mux.open(1), mux.open(2)
        for channel in (asking, reading):
            await channel.command("ATE0")
        assert OK == await asking.command(REQUEST)
        client = await peer.client()
        mux.disconnect(1)
        client.say(FIVE_BYTES)
        _, exchange = bench.modem.device.http._exchanges[0]
        await eventually(lambda: not exchange.waits, "the answer has come")
        assert "\r\n<<<Hello" + OK == await reading.command("AT#HTTPRCV=0")


async def test_a_channel_carries_a_long_answer(peer: TcpPeer) -> None:
    """Whole, in frames."""
    body = bytes(range(256)) * 800
    async with http_bench(peer.port) as bench:
        mux = MuxHost(bench)
        await mux.start()
        channel = mux.open(1)
        await channel.command("ATE0")
        assert OK == await channel.command(REQUEST)
        (await peer.client()).say(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        assert f'0,200,"",{len(body)}' in await channel.until("\r\n", f'"",{len(body)}\r\n')
        channel.send("AT#HTTPRCV=0\r")
        assert b"\r\n<<<" + body + OK.encode() == (await channel.until(OK)).encode("latin-1")


async def test_a_channel_that_is_closed_in_the_midst_of_an_answer(peer: TcpPeer) -> None:
    """It takes nothing any more; another one can ask."""
    async with http_bench(peer.port) as bench:
        mux = MuxHost(bench)
        await mux.start()
        first, second = mux.open(1), mux.open(2)
        for channel in (first, second):
            await channel.command("ATE0;+CMEE=1")
        assert OK == await first.command(REQUEST)
        client = await peer.client()
        client.say(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n")
        await first.until("9000000\r\n")
        mux.client.set_lines(1, RTC | RTR | FC)
        first.send("AT#HTTPRCV=0\r")
        client.say(bytes(9_000_000))
        await eventually(lambda: channel_of(mux).congested, "the host is behind")
        mux.disconnect(1)
        await eventually(lambda: 0 not in bench.modem.device.http._busy, "the command ends")
        assert OK == await second.command(REQUEST)


# Data mode, the prompt and DTR.


async def test_the_urc_waits_for_the_end_of_data_mode(bench: Bench, peer: TcpPeer) -> None:
    """As every URC."""
    client = await asked(bench, peer)
    bench.modem.route(f"{HOST}:80", f"127.0.0.1:{peer.port}")
    assert CONNECT == await bench.command(f'AT#SD=1,0,80,"{HOST}"')
    client.say(FIVE_BYTES)
    _, exchange = bench.modem.device.http._exchanges[0]
    await eventually(lambda: not exchange.waits, "the answer has come")
    assert "" == bench.read()

    await bench.advance(1.1)
    bench.send("+++")
    await bench.advance(1.1)

    assert RUNG == await rung(bench, OK)


async def test_an_escape_sequence_is_data_of_the_body(bench: Bench, peer: TcpPeer) -> None:
    """Between guard times, too, as everything else at the prompt."""
    assert BODY_PROMPT == await bench.command(POST)
    for piece in ("+++", "\x1b\x1a"):
        await bench.advance(1.1)
        bench.send(piece)
        await bench.advance(1.1)
    assert OK == await bench.answer()
    client = await peer.client()
    await eventually(lambda: client.received.endswith(b"\r\n\r\n+++\x1b\x1a"), "the body is heard")


async def test_a_server_that_goes_while_the_prompt_waits(bench: Bench, peer: TcpPeer) -> None:
    """The request does not go out; the next one does."""
    assert BODY_PROMPT == await bench.command(POST)
    (await peer.client()).close()
    client = bench.modem.device.http
    await eventually(lambda: client.connections == 0, "the module hears of it")
    bench.send("12345")
    assert cme(563) == await bench.answer()
    (await asked(bench, peer, number=2)).say(FIVE_BYTES)
    assert RUNG == await rung(bench)


async def test_dtr_that_falls_at_the_prompt_ends_the_request(bench: Bench, peer: TcpPeer) -> None:
    """And its connection."""
    await succeed(bench, "AT&D2")
    assert BODY_PROMPT == await bench.command(POST)
    bench.port.host_close()
    bench.port.host_open()
    client = await peer.client()
    await eventually(lambda: client.ended, "the connection ends")
    bench.read()
    assert OK == await bench.command("AT")


async def test_dtr_leaves_an_answer_alone(bench: Bench, peer: TcpPeer) -> None:
    """While it is awaited and while it is shown; the next host hears nothing of what was shown."""
    await succeed(bench, "AT&D2")
    client = await asked(bench, peer)
    bench.port.host_close()
    bench.port.host_open()
    client.say(b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n")
    assert '0,200,"",200000' == await rung(bench)
    bench.send("AT#HTTPRCV=0\r")
    client.say(b"x" * 200000)
    await eventually(lambda: bench.port.congested, "the host is behind")
    bench.port.host_close()
    bench.port.host_open()
    await eventually(lambda: 0 not in bench.modem.device.http._busy, "it ends")
    bench.read()
    assert OK == await bench.command("AT")


# Contexts, the firewall and names.


async def test_a_context_that_goes_takes_the_connection_and_leaves_what_has_come(bench: Bench, peer: TcpPeer) -> None:
    """In the midst of an answer: what the module has of it can be read, and only that."""
    client = await asked(bench, peer)
    client.say(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + b"x" * 6000)
    assert '0,200,"",9000' == await rung(bench)
    _, exchange = bench.modem.device.http._exchanges[0]
    await eventually(lambda: exchange._stream.pending + len(exchange._body) == 6000, "it has come")

    await succeed(bench, "AT#SGACT=1,0")

    await eventually(lambda: client.ended, "the connection ends")
    assert b"x" * 6000 == await received(bench)
    assert BUSY == await bench.command("AT#HTTPRCV=0")


async def test_a_context_that_goes_while_the_answer_is_shown(bench: Bench, peer: TcpPeer) -> None:
    """#HTTPRCV ends."""
    client = await asked(bench, peer)
    client.say(FIVE_BYTES[:-2])
    assert RUNG == await rung(bench)
    bench.send("AT#HTTPRCV=0\r")
    await until_it_waits(bench)
    bench.modem.faults.add("context-dropped", time="1 s")
    await bench.advance(1)
    assert "\r\n<<<Hel" + OK == await bench.until(OK)


async def test_a_context_that_goes_while_the_prompt_waits(bench: Bench, peer: TcpPeer) -> None:
    """The request does not go out."""
    assert BODY_PROMPT == await bench.command(POST)
    bench.modem.faults.add("context-dropped", time="1 s")
    await bench.advance(1)
    bench.send("12345")
    assert cme(563) == await bench.answer()
    assert cme(556) == await bench.command(POST)


async def test_another_context_is_no_matter(bench: Bench, peer: TcpPeer) -> None:
    """<cid> of the profile counts."""
    await succeed(bench, 'AT+CGDCONT=2,"IP","two"')
    await bench.command("AT#SGACT=2,1")
    client = await asked(bench, peer)
    await succeed(bench, "AT#SGACT=2,0")
    client.say(FIVE_BYTES)
    assert RUNG == await rung(bench)


async def test_the_firewall_is_for_calls_from_outside(bench: Bench, peer: TcpPeer) -> None:
    """A rule that admits nobody of this network does not keep an answer out."""
    await succeed(bench, 'AT#FRWL=1,"192.0.2.1","255.255.255.255"')
    (await asked(bench, peer)).say(FIVE_BYTES)
    assert RUNG == await rung(bench)
