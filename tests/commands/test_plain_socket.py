"""Plain TCP sockets: dialling, command mode, online mode, and every way in which they end. Facts 5."""

import asyncio
import re

import pytest

from emulator.device.connection.states import State
from emulator.trace.events import Dialled
from tests.commands.lines import EVERY_LINE
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.socket_bench import TcpPeer, connection, dialled, has_come, open_tcp, said, socket_bench
from tests.commands.ssl_bench import (
    CONNECT,
    ERROR,
    GSM,
    HOST,
    NO_CARRIER,
    OK,
    PROMPT,
    cme,
    enter,
    information,
    socket_of,
    succeed,
)

SECURE = "123.124.125.127"
EVERY_BYTE = bytes(range(256))


def last_closure(firmware: str, cause: int) -> str:
    """The answer to #SLASTCLOSURE of connection 1; 10.00 has no such command."""
    return ERROR if firmware == GSM else information(f"#SLASTCLOSURE: 1,{cause}")


@EVERY_LINE
async def test_command_mode_from_dial_to_hang_up(firmware: str) -> None:
    """Sending by Ctrl-Z and counted, a ring, reading in parts, the status, the counts, closing."""
    async with dialled(firmware=firmware) as (bench, peer):
        assert OK == await enter(bench, "AT#SSEND=1", "hello\x1a")
        assert OK == await enter(bench, "AT#SSENDEXT=1,256", EVERY_BYTE)
        await peer.heard(b"hello" + EVERY_BYTE)
        peer.say(b"answer")
        await said(bench, "\r\nSRING: 1\r\n")
        port = connection(bench).local_port
        address = re.search(r'"(.*)"', await bench.command("AT#CGPADDR=1"))
        assert address is not None
        shown = f"#SS: 1,3,{address[1]},{port},{HOST},80"
        assert information(shown) == await bench.command("AT#SS=1")
        assert information("#SI: 1,261,0,6,0") == await bench.command("AT#SI=1")
        assert information("#SRECV: 1,4", "answ") == await bench.command("AT#SRECV=1,4")
        assert information("#SRECV: 1,2", "er") == await bench.command("AT#SRECV=1,1500")
        assert cme(555) == await bench.command("AT#SRECV=1,1")
        assert information(shown.replace(",3,", ",2,")) == await bench.command("AT#SS=1")
        await succeed(bench, "AT#SH=1", "AT#SH=1")
        assert information("#SS: 1,0") == await bench.command("AT#SS=1")
        await eventually(lambda: peer.ended, "the peer sees the end")
        assert not peer.broken
        assert information("#SI: 1,261,6,0,0") == await bench.command("AT#SI=1")
        assert last_closure(firmware, 0) == await bench.command("AT#SLASTCLOSURE=1")


@EVERY_LINE
async def test_online_suspended_resumed_and_closed_by_the_peer(firmware: str) -> None:
    """CONNECT, data, +++, a ring, #SO with what was pending, NO CARRIER."""
    async with dialled(firmware=firmware, online=True) as (bench, peer):
        bench.send(b"x" * 300)
        await peer.heard(b"x" * 300)
        assert OK == await bench.escape()
        assert information("#SS: 2,0") == await bench.command("AT#SS=2")
        peer.say(b"later")
        await said(bench, "\r\nSRING: 1\r\n")
        bench.send("AT#SO=1\r")
        assert f"{CONNECT}later" == await bench.until("later")
        peer.say(b"more")
        await said(bench, "more")
        peer.close()
        await said(bench, NO_CARRIER)
        assert last_closure(firmware, 1) == await bench.command("AT#SLASTCLOSURE=1")
        assert NO_CARRIER == await bench.command("AT#SO=1")


async def test_the_peer_closes_while_data_waits() -> None:
    """What came before the end can be read; NO CARRIER is said after the last of it."""
    async with dialled() as (bench, peer):
        peer.say(b"last words")
        await said(bench, "\r\nSRING: 1\r\n")
        peer.close()
        await has_come(bench, 10)
        heard = await bench.command("AT#SRECV=1,1500")
        assert information("#SRECV: 1,10", "last words") == heard
        await said(bench, NO_CARRIER)
        assert cme(551) == await bench.command("AT#SRECV=1,1500")
        assert cme(551) == await bench.command("AT#SSEND=1")


@pytest.mark.parametrize(("mode", "text"), [(0, "NO CARRIER"), (1, "NO CARRIER:1"), (2, "NO CARRIER:1,2")])
async def test_a_reset_in_the_words_of_no_carrier_mode(mode: int, text: str) -> None:
    """#SCFGEXT2 says how; #SLASTCLOSURE gives the cause."""
    async with dialled(f"AT#SCFGEXT2=1,0,0,0,0,{mode}", online=True) as (bench, peer):
        peer.reset()
        await said(bench, f"\r\n{text}\r\n")
        assert information("#SLASTCLOSURE: 1,2") == await bench.command("AT#SLASTCLOSURE=1")


@pytest.mark.parametrize("online", [True, False])
async def test_the_network_goes_with_the_context(online: bool) -> None:
    """Cause 4; the peer cannot take it for an end in order."""
    async with dialled("AT#SCFGEXT2=1,0,0,0,0,2", online=online) as (bench, peer):
        bench.modem.device.contexts.deactivate(1)
        await said(bench, "\r\nNO CARRIER:1,4\r\n")
        await eventually(lambda: peer.broken, "the peer sees it broken")
        assert information("#SLASTCLOSURE: 1,4") == await bench.command("AT#SLASTCLOSURE=1")
        assert cme(556) == await bench.command(f'AT#SD=1,0,80,"{HOST}"')


async def test_silence_ends_online_mode_only() -> None:
    """<maxTo> counts while the host is online."""
    async with dialled("AT#SCFG=1,1,300,30,600,50") as (bench, _):
        await bench.advance(100)
        assert CONNECT == await bench.command("AT#SO=1")
        await bench.advance(29)
        assert bench.read() == ""
        await bench.advance(2)
        assert bench.read() == NO_CARRIER
        assert information("#SLASTCLOSURE: 1,3") == await bench.command("AT#SLASTCLOSURE=1")


@pytest.mark.parametrize(("buffer_start", "first"), [(0, b"ab"), (1, b"abc")])
async def test_packets_by_size_and_time(buffer_start: int, first: bytes) -> None:
    """Full packets go at once; the rest when <txTo> has passed, since its first byte or since its last."""
    settings = ("AT#SCFG=1,1,4,90,600,50", f"AT#SCFGEXT2=1,{buffer_start}")
    async with dialled(*settings, online=True) as (bench, peer):
        bench.send(b"full")
        await peer.heard(b"full")
        bench.send(b"a")
        await bench.advance(3)
        bench.send(b"b")
        await bench.advance(2.5)
        bench.send(b"c")
        if first == b"ab":
            await peer.heard(b"fullab")
            await bench.advance(5.1)
        else:
            await bench.advance(4)
            await asyncio.sleep(0)
            assert bytes(peer.received) == b"full"
            await bench.advance(1.1)
        await peer.heard(b"fullabc")


async def test_closure_type_255_stays_online_until_the_escape_sequence() -> None:
    """The peer's end is not said; +++ ends the connection."""
    async with dialled(online=True, closure=255) as (bench, peer):
        peer.say(b"all")
        await said(bench, "all")
        peer.close()
        await eventually(lambda: connection(bench)._stream.peer_closed, "the end has come")  # type: ignore[union-attr]
        assert bench.read() == ""
        assert NO_CARRIER == await bench.escape()
        assert information("#SS: 1,0") == await bench.command("AT#SS=1")
        assert information("#SLASTCLOSURE: 1,1") == await bench.command("AT#SLASTCLOSURE=1")


async def test_closure_type_255_ends_at_once_when_the_peer_aborts() -> None:
    """As the guide's note has it."""
    async with dialled(online=True, closure=255) as (bench, peer):
        peer.reset()
        await said(bench, NO_CARRIER)


async def test_refusals_of_a_dial() -> None:
    """No context, an unknown name, nobody there, nobody answers, the connection in use."""
    async with TcpPeer() as peer, socket_bench(port=peer.port) as bench:
        assert cme(556) == await bench.command(f'AT#SD=4,0,80,"{HOST}",0,0,1')
        assert cme(558) == await bench.command('AT#SD=1,0,80,"nobody.invalid",0,0,1')
        assert cme(562) == await bench.command('AT#SD=1,0,1,"127.0.0.1",0,0,1')
        assert cme(4) == await bench.command('AT#SD=7,0,80,"a"')
        assert cme(4) == await bench.command('AT#SD=1,2,80,"a"')
        assert cme(4) == await bench.command('AT#SD=1,0,65536,"a"')
        assert cme(4) == await bench.command('AT#SD=1,0,80,"a",1')
        await open_tcp(bench, 1)
        assert cme(557) == await bench.command(f'AT#SD=1,0,80,"{HOST}",0,0,1')
        for line in ("AT#SCFG=1,1,300,90,600,50", "AT#SCFGEXT=1,0,0,0", "AT#SCFGEXT2=1,0", "AT#SL=1,1,80"):
            assert cme(557) == await bench.command(line), line
        await succeed(bench, "AT#SCFG=2,1,300,90,600,50")


async def test_a_dial_that_nobody_answers_ends_by_its_time() -> None:
    """<connTo>, in tenths of a second."""
    async with socket_bench() as bench:
        await succeed(bench, "AT#SCFG=1,1,300,90,100,50")
        bench.modem.faults.add("connection-unanswered")
        bench.send(f'AT#SD=1,0,80,"{HOST}",0,0,1\r')
        await bench.advance(9.9)
        assert bench.read() == ""
        await bench.advance(0.2)
        assert cme(559) == await bench.answer()
        assert connection(bench).state is State.CLOSED


@pytest.mark.parametrize(("abort_mode", "expected"), [(0, cme(559)), (1, cme(3))])
async def test_typing_ends_an_attempt_where_it_may(abort_mode: int, expected: str) -> None:
    """<abortConnAttempt> of #SCFGEXT2; what was typed is gone. Otherwise it waits for the result."""
    async with socket_bench() as bench:
        await succeed(bench, "AT#SCFG=1,1,300,90,100,50", f"AT#SCFGEXT2=1,0,{abort_mode}")
        bench.modem.faults.add("connection-unanswered")
        bench.send(f'AT#SD=1,0,80,"{HOST}",0,0,1\r')
        await bench.advance(1)
        bench.send("A")
        if not abort_mode:
            await bench.advance(20)
        assert expected == await bench.answer()
        bench.send("T\r" if not abort_mode else "AT\r")
        assert OK == await bench.answer()


async def test_the_prompt_deletes_cancels_and_drops() -> None:
    """BS, ESC, and what is over the limit."""
    async with dialled() as (bench, peer):
        assert OK == await enter(bench, "AT#SSEND=1", b"ax\x08b\x1a")
        await peer.heard(b"ab")
        assert PROMPT == await bench.command("AT#SSEND=1")
        bench.send("never\x1b")
        assert await bench.answer() in (OK, ERROR)
        assert OK == await enter(bench, "AT#SSEND=1", b"y" * 1600 + b"\x1a")
        await peer.heard(b"ab" + b"y" * 1500)
        assert cme(4) == await bench.command("AT#SSENDEXT=1,1501")
        assert cme(4) == await bench.command("AT#SRECV=1,1501")


@EVERY_LINE
async def test_six_at_once_beside_each_other(firmware: str) -> None:
    """Each connection has its own peer, data and end."""
    async with TcpPeer() as peer, socket_bench(firmware, peer.port) as bench:
        for number in range(1, 7):
            await succeed(bench, f"AT#SCFG={number},1,300,90,600,50", f"AT#SCFGEXT={number},1,0,0")
            await open_tcp(bench, number)
            await peer.client(number)
        for number in range(1, 7):
            peer.clients[number - 1].say(b"%d" % number * number)
            await said(bench, f"\r\nSRING: {number},{number}\r\n")
        for number in (6, 1, 5, 2, 4, 3):
            assert information(f"#SRECV: {number},{number}", f"{number}" * number) == await bench.command(
                f"AT#SRECV={number},1500"
            )
            assert OK == await enter(bench, f"AT#SSEND={number}", f"to {number}\x1a")
            await peer.clients[number - 1].heard(b"to %d" % number)
        await succeed(bench, "AT#SH=3")
        assert "#SS: 3,0\r\n" in await bench.command("AT#SS")
        assert OK == await enter(bench, "AT#SSEND=4", "!\x1a")
        await peer.clients[3].heard(b"to 4!")


async def test_hexadecimal_both_ways() -> None:
    """<recvDataMode> shows digits and counts bytes; <sendDataMode> takes digits, at #SSEND only."""
    async with dialled("AT#SCFGEXT=1,1,1,0,0,1") as (bench, peer):
        peer.say(b"\x00\xff\x1a")
        await said(bench, "\r\nSRING: 1,3\r\n")
        assert information("#SRECV: 1,3", "00FF1A") == await bench.command("AT#SRECV=1,100")
        assert OK == await enter(bench, "AT#SSEND=1", "0a1Bff\x1a")
        assert OK == await enter(bench, "AT#SSENDEXT=1,2", "0a")
        await peer.heard(b"\x0a\x1b\xff0a")
        assert cme(4) == await enter(bench, "AT#SSEND=1", "123\x1a")
        assert cme(4) == await enter(bench, "AT#SSEND=1", "zz\x1a")


async def test_dtr_and_data_mode() -> None:
    """&D1 suspends, &D2 closes, as with the secure socket."""
    async with dialled("AT&D1", online=True) as (bench, peer):
        bench.port.host_close()
        bench.port.host_open()
        assert connection(bench).state is State.SUSPENDED
        await succeed(bench, "AT&D2")
        assert CONNECT == await bench.command("AT#SO=1")
        bench.port.host_close()
        bench.port.host_open()
        assert connection(bench).state is State.CLOSED
        await eventually(lambda: peer.ended, "the peer sees the end")


async def test_a_restart_ends_everything() -> None:
    """Nothing is said, the settings stay, and the next start can dial."""
    async with dialled("AT#SCFG=1,1,100,90,600,50") as (bench, peer):
        await succeed(bench, "AT#REBOOT")
        await eventually(lambda: peer.broken, "the peer sees it broken")
        await bench.advance(30)
        await bench.command("ATE0")
        assert "#SCFG: 1,1,100,90,600,50\r\n" in await bench.command("AT#SCFG?")
        assert information("#SS: 1,0") == await bench.command("AT#SS=1")
        assert "NO CARRIER" not in bench.read()


async def test_a_slow_peer_stops_the_host_and_is_stopped_by_it() -> None:
    """Back-pressure both ways: nothing is lost."""
    async with dialled(online=True) as (bench, peer):
        assert peer.transport is not None
        peer.transport.pause_reading()
        data = bytes(range(256)) * 64
        sent = 0
        for _ in range(2000):
            bench.send(data)
            sent += len(data)
            await asyncio.sleep(0)
            if connection(bench).congested:
                break
        assert connection(bench).congested
        peer.transport.resume_reading()
        await eventually(lambda: len(peer.received) >= sent // 300 * 300, "all of it has come")
        assert bytes(peer.received) == (data * (sent // len(data)))[: len(peer.received)]


async def test_the_trace_and_the_capture_know_it(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """A dial is traced; a capture holds what passed."""
    async with dialled(pcap=tmp_path / "trace.pcapng") as (bench, peer):
        assert OK == await enter(bench, "AT#SSEND=1", "in the clear\x1a")
        await peer.heard(b"in the clear")
        assert ["connected"] == [event.outcome for event in bench.events if isinstance(event, Dialled)]
    assert b"in the clear" in (tmp_path / "trace.pcapng").read_bytes()


async def test_six_plain_connections_beside_the_secure_socket() -> None:
    """None of them disturbs another, and a restart ends them all."""
    with ObedientPeer() as secure:
        routes = {SECURE: f"127.0.0.1:{secure.port}"}
        async with TcpPeer() as peer, socket_bench(port=peer.port, routes=routes) as bench:
            await succeed(bench, "AT#SSLEN=1,1", f'AT#SSLD=1,443,"{SECURE}",0,1')
            for number in range(1, 7):
                await succeed(bench, f"AT#SCFG={number},1,300,90,600,50")
                await open_tcp(bench, number)
                assert OK == await enter(bench, f"AT#SSEND={number}", f"plain {number}\x1a")
                await (await peer.client(number)).heard(b"plain %d" % number)
            assert OK == await enter(bench, "AT#SSLSEND=1", "sealed\x1a")
            await eventually(lambda: secure.received == b"sealed", "the secure peer has it")
            secure.say(b"sealed, too")
            await eventually(lambda: socket_of(bench).pending == 11, "the module has it")
            assert information("#SSLRECV: 11", "sealed, too") == await bench.command("AT#SSLRECV=1,100")
            peer.clients[5].say(b"plain, too")
            await said(bench, "\r\nSRING: 6\r\n")
            await succeed(bench, "AT#SSLH=1")
            assert "#SS: 6,3," in await bench.command("AT#SS")


async def test_two_at_instances_and_their_connections() -> None:
    """URCs go to the instance that dialled; the other one sees the state, and may read in command mode."""
    async with TcpPeer() as peer, socket_bench(port=peer.port, ports=2) as bench:
        other = bench.hosts[1]
        await open_tcp(bench, 1, online=True)
        assert CONNECT == await other.command(f'AT#SD=2,0,80,"{HOST}"')
        assert OK == await other.escape()
        assert "#SS: 1,1," in await other.command("AT#SS=1")
        assert ERROR == await other.command("AT#SH=1")
        assert ERROR == await other.command("AT#SRECV=1,10")
        assert NO_CARRIER == await other.command("AT#SO=1")
        (await peer.client(2)).say(b"for the other")
        await eventually(lambda: connection(bench, 2).pending, "it comes")
        assert (other.read(), bench.read()) == ("\r\nSRING: 2\r\n", "")
        peer.clients[0].close()
        await said(bench, NO_CARRIER)
        assert information("#SRECV: 2,13", "for the other") == await bench.command("AT#SRECV=2,100")
        peer.clients[1].close()
        await eventually(lambda: connection(bench, 2).state is State.CLOSED, "it ends")
        assert (other.read(), bench.read()) == (NO_CARRIER, "")


@pytest.mark.parametrize("mode", [2, 3])
async def test_rings_with_data_wait_for_a_host_that_does_not_read(mode: int) -> None:
    """And go on when it does, to the last byte."""
    async with dialled(f"AT#SCFGEXT=1,{mode},1,0") as (bench, peer):
        size = 200_000
        peer.say(b"z" * size)
        await eventually(lambda: bench.port.congested, "the host has enough")
        heard = ""

        def complete() -> bool:
            nonlocal heard
            heard += bench.read()
            return heard.count("7A") == size

        await eventually(complete, "all of it is shown")
        assert connection(bench).pending == 0


async def test_only_the_protocol_that_listens_can_be_told_to_stop() -> None:
    """#SL for TCP, #SLUDP for UDP."""
    async with socket_bench() as bench:
        await succeed(bench, "AT#SL=1,1,0", "AT#SLUDP=2,1,0")
        assert cme(551) == await bench.command("AT#SLUDP=1,0,0")
        assert cme(551) == await bench.command("AT#SL=2,0,0")
        await succeed(bench, "AT#SL=1,0,0", "AT#SLUDP=2,0,0")
