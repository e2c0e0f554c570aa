"""#NTP and +CTZR: the time of a server, and reports of the network's time zone. RFC 2030, 27.007 8.41."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from emulator.device.network.time_packets import PacketUnfit, moment_of, request, stamp
from emulator.errors import DeviceError
from emulator.lab.time_server import TimeServer
from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, GE910
from tests.commands.peer import eventually
from tests.commands.socket_bench import UdpPeer, socket_bench
from tests.commands.ssl_bench import ERROR, GSM, HOST, OK, UMTS, cme, information, succeed
from tests.peers.chrony import chronyd

NOW = datetime(2012, 1, 27, 13, 42, 38, 500_000, tzinfo=UTC)
ROUTE = "time.lab:123"


@pytest.fixture
def server() -> Iterator[TimeServer]:
    with TimeServer(NOW.timestamp) as server:
        yield server


def asked(bench: Bench, peer: UdpPeer, timeout: int = 3) -> None:
    """The host asks; the server is to answer."""
    bench.send(f'AT#NTP="{HOST}",80,1,{timeout}\r')


async def test_the_time_of_a_server(server: TimeServer) -> None:
    """UTC as captured of 13.00.007; with a zone the local time of it, as a later guide prints; the clock stays."""
    async with socket_bench(GE910, routes={ROUTE: server.address}) as bench:
        before = await bench.command("AT+CCLK?")
        assert information("#NTP: 12/01/27,13:42:38") == await bench.command('AT#NTP="time.lab",123,0,3')
        assert information("#NTP: 12/01/27,14:42:38+04") == await bench.command('AT#NTP="time.lab",123,0,2,4')
        assert information("#NTP: 12/01/27,08:12:38-22") == await bench.command('AT#NTP="time.lab",123,0,2,-22')
        assert before == await bench.command("AT+CCLK?")


async def test_the_clock_is_set_where_the_host_wants_it(server: TimeServer) -> None:
    """To the zone that was given, 0 without one; it goes on from there."""
    async with socket_bench(GE910, routes={ROUTE: server.address}) as bench:
        await bench.command('AT#NTP="time.lab",123,1,3,4')
        assert information('#CCLK: "12/01/27,14:42:38+04,0"') == await bench.command("AT#CCLK?")
        await bench.command('AT#NTP="time.lab",123,1,3')
        await bench.advance(60)
        assert information('#CCLK: "12/01/27,13:43:38+00,0"') == await bench.command("AT#CCLK?")


async def test_a_firewall_without_rules_lets_the_answer_in(server: TimeServer) -> None:
    """The peer that was asked may answer."""
    async with socket_bench(GE910, routes={ROUTE: server.address}) as bench:
        await succeed(bench, "AT#FRWL=2")
        assert information("#NTP: 12/01/27,13:42:38") == await bench.command('AT#NTP="time.lab",123,0,3')


async def test_what_cannot_be_asked() -> None:
    """Without context 1, with an unknown name, and values that are out of range."""
    async with socket_bench(GE910) as bench:
        assert information("#NTP: ,(1-65535),(0,1),(1-10),(-47-48)") == await bench.command("AT#NTP=?")
        for values in ("0,0,3", "65536,0,3", "123,2,3", "123,0,0", "123,0,11", "123,0", "123,0,3,49", "123,0,3,-48"):
            assert cme(4) == await bench.command(f'AT#NTP="{HOST}",{values}')
        assert cme(4) == await bench.command(f'AT#NTP="{HOST}",123,0,3,"4"')
        assert cme(558) == await bench.command('AT#NTP="nobody.invalid",123,0,3')
        await succeed(bench, "AT#SGACT=1,0")
        assert cme(556) == await bench.command(f'AT#NTP="{HOST}",123,0,3')


async def test_a_server_that_is_silent() -> None:
    """The command waits as long as it is told."""
    async with UdpPeer.opened() as peer, socket_bench(GE910, peer.port) as bench:
        asked(bench, peer, timeout=3)
        await eventually(lambda: len(peer.received) == 1, "the request comes")
        await bench.advance(2.9)
        assert "" == bench.read()
        await bench.advance(0.1)
        assert cme(559) == await bench.answer()
        assert 1 == len(peer.received)


async def test_the_context_that_goes_meanwhile_is_the_cause() -> None:
    """The network takes it down while the server thinks."""
    async with UdpPeer.opened() as peer, socket_bench(GE910, peer.port) as bench:
        asked(bench, peer)
        await eventually(lambda: len(peer.received) == 1, "the request comes")
        bench.modem.device.contexts.drop(1)
        await bench.advance(3)
        assert cme(556) in await bench.answer()


def _answer(query: bytes, head: bytes = b"\x24\x01\x00\xec", originate: bytes = b"") -> bytes:
    return head + bytes(20) + (originate or query[40:48]) + 2 * stamp(NOW)


WRONG: dict[str, Callable[[bytes], bytes]] = {
    "short": lambda query: _answer(query)[:47],
    "of a client": lambda query: _answer(query, head=b"\x23\x01\x00\xec"),
    "for another request": lambda query: _answer(query, originate=b"\x01" * 8),
    "of a server without the time": lambda query: _answer(query, head=b"\xe4\x01\x00\xec"),
    "a refusal": lambda query: _answer(query, head=b"\x24\x00\x00\xec"),
    "of a path too long": lambda query: _answer(query, head=b"\x24\x10\x00\xec"),
    "without a time": lambda query: _answer(query)[:40] + bytes(8),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
async def test_a_packet_that_is_no_answer_is_dropped(wrong: Callable[[bytes], bytes]) -> None:
    """The command goes on to wait for one."""
    async with UdpPeer.opened() as peer, socket_bench(GE910, peer.port) as bench:
        asked(bench, peer)
        await eventually(lambda: len(peer.received) == 1, "the request comes")
        query = peer.received[0]
        peer.say(wrong(query))
        peer.say(_answer(query))
        assert information("#NTP: 12/01/27,13:42:38") == await bench.answer()


async def test_only_wrong_packets_are_no_answer() -> None:
    """They are named as the reason."""
    async with UdpPeer.opened() as peer, socket_bench(GE910, peer.port) as bench:
        asking = asyncio.create_task(bench.modem.device.internet.time_client.ask(HOST, 80, 3))
        await eventually(lambda: len(peer.received) == 1, "the request comes")
        peer.say(WRONG["a refusal"](peer.received[0]))
        await bench.advance(3)
        with pytest.raises(DeviceError, match="no answer of a time server: the server is not synchronized"):
            await asking


async def test_a_power_cut_ends_the_request() -> None:
    """The answer that comes then reaches nobody."""
    async with UdpPeer.opened() as peer, socket_bench(GE910, peer.port) as bench:
        asked(bench, peer)
        await eventually(lambda: len(peer.received) == 1, "the request comes")
        bench.modem.device.power.off()
        peer.say(_answer(peer.received[0]))
        await bench.advance(10)
        assert "#NTP" not in bench.read()


@pytest.mark.parametrize("sent", [NOW, datetime(2036, 2, 7, 6, 28, 17, tzinfo=UTC), datetime(2080, 5, 4, tzinfo=UTC)])
def test_moments_of_both_eras(sent: datetime) -> None:
    """The seconds begin anew in 2036 (RFC 2030 3). The way there and back is halved."""
    packet = b"\x24\x01\x00\xec" + bytes(20) + request(sent)[40:48] + stamp(sent) + stamp(sent)

    moment = moment_of(packet, sent, sent + timedelta(seconds=2))

    assert abs(moment - (sent + timedelta(seconds=1))) < timedelta(milliseconds=1)


def test_an_empty_packet_is_none() -> None:
    """As any other that is short."""
    with pytest.raises(PacketUnfit):
        moment_of(b"", NOW, NOW)


@EVERY_LINE
async def test_which_lines_have_the_commands(firmware: str) -> None:
    """#NTP is not in the index of 7.03/10.00; +CTZR is not in that of any 2G line."""
    async with Bench(firmware) as bench:
        assert (ERROR == await bench.command("AT#NTP=?")) == (firmware == GSM)
        assert (ERROR == await bench.command("AT+CTZR?")) == (firmware != UMTS)


async def test_the_time_zone_is_reported_at_each_registration() -> None:
    """+CTZV, once +CTZR wants it; +CTZU does not matter."""
    async with Bench(UMTS) as bench:
        await succeed(bench, "AT+CTZR=1", "AT+COPS=2")
        bench.send("AT+COPS=0\r")
        assert f"{OK}\r\n+CTZV: +04\r\n" == await bench.until("+04\r\n")
        await succeed(bench, "AT+CTZR=0", "AT+COPS=2", "AT+COPS=0")
        await bench.advance(60)
        assert "" == bench.read()


async def test_chronyd_is_understood(tmp_path: Path) -> None:
    """A time server of Debian's; the module's clock is a few minutes from it at most, as this machine's is."""
    with chronyd(tmp_path) as address:
        async with socket_bench(GE910, routes={ROUTE: address}) as bench:
            answer = await bench.command('AT#NTP="time.lab",123,1,10')
            told = datetime.strptime(answer.split()[1], "%y/%m/%d,%H:%M:%S").replace(tzinfo=UTC)
            assert abs(told - datetime.now(UTC)) < timedelta(minutes=5)
            assert abs(bench.modem.device.calendar.utc() - told) < timedelta(seconds=1)
