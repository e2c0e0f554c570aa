"""The SSL socket in online mode: data both ways, packets, +++, and every way in which it ends."""

import asyncio

import pytest

from emulator.device.connection.secure import SecureStream
from emulator.device.connection.stream import RECEIVE_WINDOW
from emulator.line.serial.port import HIGH_MARK
from emulator.testing import Bench
from emulator.tls.client import FailureCause, TlsFailure
from emulator.tls.wire.suites import CipherSuite
from emulator.trace.events import Defect
from tests.commands.peer import ObedientPeer, RecordCounter, eventually
from tests.commands.ssl_bench import (
    CONNECT,
    GSM,
    HOST,
    NO_CARRIER,
    OK,
    UMTS,
    cme,
    dial,
    dial_online,
    enter,
    has_come,
    information,
    socket_of,
    ssl_bench,
    succeed,
)

_NULL = CipherSuite.TLS_RSA_WITH_NULL_SHA
_MAC = 20
"""Bytes that a record of NULL_SHA has beyond its data."""


def _faults(bench: Bench) -> list[str]:
    return [event.text for event in bench.events if isinstance(event, Defect)]


async def _online(bench: Bench, **configuration: int) -> None:
    """Open online, with values of #SSLCFG that differ from the default."""
    values = {"packet": 300, "inactivity": 90, "timeout": 100, "transmission": 50} | configuration
    await succeed(bench, f"AT#SSLCFG=1,1,{','.join(map(str, values.values()))}")
    await dial_online(bench)


@pytest.mark.parametrize("firmware", [GSM, UMTS])
async def test_data_passes_both_ways_whatever_its_bytes(firmware: str) -> None:
    """Every value but what the escape sequence makes of silence."""
    data = bytes(range(256)) * 4
    with ObedientPeer() as peer:
        async with ssl_bench(firmware, peer.port) as bench:
            await _online(bench, packet=1024)
            bench.send(data)
            await eventually(lambda: peer.received == data, "the peer has it all")
            peer.say(data)
            assert data.decode("latin-1") == await bench.until(data.decode("latin-1"))


@pytest.mark.parametrize(
    ("size", "data", "at_once", "later"),
    [(100, 250, [100, 100], [50]), (1500, 3000, [1500, 1500], []), (0, 700, [300, 300], [100]), (1, 3, [1, 1, 1], [])],
)
async def test_packets_leave_when_they_are_full_and_the_rest_when_its_time_has_passed(
    size: int, data: int, at_once: list[int], later: list[int]
) -> None:
    """<pktSz> and <txTo> on the wire, a record a packet (guide 3.4); 0 takes the automatic size."""
    with ObedientPeer(_NULL) as peer, RecordCounter(peer.port) as counter:
        async with ssl_bench(UMTS, counter.port, tls_engine="native") as bench:
            await succeed(bench, "AT#SSLSECCFG=1,4,0")
            await _online(bench, packet=size, transmission=7)
            bench.send(bytes(data))
            await bench.advance(0.6)
            await eventually(lambda: len(peer.received) == sum(at_once), "full packets arrive")
            assert [size + _MAC for size in at_once] == counter.records
            await bench.advance(0.1)
            await eventually(lambda: len(peer.received) == data, "the rest arrives")
            assert [size + _MAC for size in at_once + later] == counter.records


async def test_the_transmission_timer_starts_with_the_first_byte_of_a_packet() -> None:
    """Bytes that follow do not put it off, and a packet that fills up starts it anew for the next one."""
    with ObedientPeer(_NULL) as peer, RecordCounter(peer.port) as counter:
        async with ssl_bench(UMTS, counter.port, tls_engine="native") as bench:
            await succeed(bench, "AT#SSLSECCFG=1,4,0")
            await _online(bench, packet=10, transmission=10)
            bench.send("123")
            await bench.advance(0.5)
            bench.send("456")
            await bench.advance(0.4)
            bench.send("7890ab")
            await bench.advance(0.9)
            await eventually(lambda: peer.received == b"1234567890", "the full packet arrives")
            await bench.advance(0.1)
            await eventually(lambda: peer.received == b"1234567890ab", "the rest arrives")
            assert [10 + _MAC, 2 + _MAC] == counter.records


async def test_without_a_transmission_time_only_a_full_packet_or_the_escape_sequence_sends() -> None:
    """<txTo> 0; what waits at +++ goes out, so that nothing is lost between data mode and #SSLSEND."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port, settings=["terminal.escape_is_sent=false"]) as bench:
            await _online(bench, packet=10, transmission=0, inactivity=0)
            bench.send("1234567890ab")
            await bench.advance(1000)
            await eventually(lambda: peer.received == b"1234567890", "the full packet arrives")
            assert OK == await bench.escape()
            await eventually(lambda: peer.received == b"1234567890ab", "the rest arrives")


async def test_after_the_escape_sequence_data_goes_on_in_command_mode_and_online_again() -> None:
    """The dialogue of guide 4.5.3, then #SSLO."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial_online(bench)
            assert OK == await bench.escape()
            assert information("#SSLS: 1,2,3") == await bench.command("AT#SSLS=1")
            assert OK == await enter(bench, "AT#SSLSEND=1", b"Send data in command mode!\x1a")
            await eventually(lambda: peer.received.endswith(b"mode!"), "the peer has it")
            peer.say(b"Response in command mode")
            await has_come(bench, 24)
            assert information("#SSLRECV: 24", "Response in command mode") == await bench.command("AT#SSLRECV=1,100")
            assert CONNECT == await bench.command("AT#SSLO=1")
            peer.say(b"online")
            assert "online" == await bench.until("online")
            assert OK == await bench.escape()
            await succeed(bench, "AT#SSLH=1")


async def test_a_peer_that_closes_ends_data_mode_behind_its_last_byte() -> None:
    """NO CARRIER once, then commands are heard."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial_online(bench)
            peer.say(b"Farewell")
            peer.close()
            assert f"Farewell{NO_CARRIER}" == await bench.until(NO_CARRIER)
            assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")


async def test_a_peer_that_breaks_the_connection_ends_data_mode() -> None:
    """A reset is a NO CARRIER like any other."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial_online(bench)
            peer.reset()
            assert NO_CARRIER == await bench.until(NO_CARRIER)
            assert cme(833) == await bench.command("AT#SSLO=1")
            assert [] == _faults(bench)


async def test_silence_ends_data_mode_and_traffic_in_either_direction_puts_that_off() -> None:
    """<maxTo> counts from the last byte (guide 3.4 and 4.2.1)."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await _online(bench, inactivity=30)
            await bench.advance(20)
            bench.send("up")
            await bench.advance(20)
            peer.say(b"down")
            assert "down" == await bench.until("down")
            await bench.advance(29.9)
            assert "" == bench.read()
            await bench.advance(0.1)
            assert NO_CARRIER == bench.read()
            assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")
            (session,) = await asyncio.to_thread(peer.server.wait_for, 1)
            assert "" == session.error


async def test_silence_is_counted_in_online_mode_only() -> None:
    """A suspended socket, or one in command mode, stays open (guide 3.4)."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await _online(bench, inactivity=30)
            assert OK == await bench.escape()
            await bench.advance(10_000)
            assert information("#SSLS: 1,2,3") == await bench.command("AT#SSLS=1")


async def test_the_context_going_down_ends_data_mode() -> None:
    """Guide 2.1: the socket lives on context 1."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial_online(bench)
            bench.modem.device.network.set_registration(0)
            assert NO_CARRIER == bench.read()
            (session,) = await asyncio.to_thread(peer.server.wait_for, 1)
            assert session.error
            assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")


async def test_the_context_going_down_ends_a_suspended_socket() -> None:
    """By #SGACT, by +CGATT, by +CFUN; once each."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            for command in ("AT#SGACT=1,0", "AT+CGATT=0", "AT+CFUN=4", "AT+COPS=2"):
                await dial(bench)
                assert OK + NO_CARRIER == await bench.command(command)
                await bench.command("AT+CFUN=1;+COPS=0;+CGATT=1;#SGACT=1,1")
            bench.modem.device.contexts.deactivate(1)
            assert cme(831) == await bench.command(f'AT#SSLD=1,443,"{HOST}",0,1')


async def test_the_context_going_down_ends_a_blocked_read() -> None:
    """As the peer does: OK, and NO CARRIER follows."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            bench.send("AT#SSLRECV=1,10,5000\r")
            await bench.advance(1)
            bench.modem.device.contexts.deactivate(1)
            expected = information("#SSLRECV: 0", "DISCONNECTED") + NO_CARRIER
            assert expected == await bench.until(NO_CARRIER)
            await bench.advance(600)
            assert "" == bench.read()


async def test_a_context_that_another_family_of_commands_opened_serves_no_socket() -> None:
    """IP Easy: activate by #SGACT; +CGACT is another thing."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await succeed(bench, "AT#SGACT=1,0", "AT+CGACT=1,1")
            assert information("+CGACT: 1,1") == await bench.command("AT+CGACT?")
            assert cme(831) == await bench.command(f'AT#SSLD=1,443,"{HOST}",0,1')


async def test_a_slow_host_slows_the_peer() -> None:
    """What the module keeps for it is bounded; once it reads, everything comes."""
    size = 3 << 20
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port, tls_engine="native") as bench:
            await succeed(bench, "AT#SSLSECCFG=1,4,0")
            await _online(bench, inactivity=0)
            peer.say(bytes(size))
            await eventually(lambda: bench.port.congested, "the host is behind")
            stream = socket_of(bench)._stream
            assert stream is not None
            await eventually(lambda: stream.pending >= RECEIVE_WINDOW, "the window is full")
            held = stream.pending + bench.port.unread
            assert held < HIGH_MARK + 2 * (RECEIVE_WINDOW + (256 << 10))
            heard = 0
            while heard < size:
                heard += len(await bench.until("\0"))
            assert size == heard


async def test_a_slow_peer_slows_the_host() -> None:
    """The port is paused while the peer takes nothing, and nothing is lost."""
    chunk, sent = bytes(16384), 0
    with ObedientPeer(deaf=True) as peer:
        async with ssl_bench(port=peer.port, tls_engine="native") as bench:
            await succeed(bench, "AT#SSLSECCFG=1,4,0")
            await _online(bench, packet=1500, inactivity=0)
            while not bench.port._hosts.paused:
                bench.send(chunk)
                sent += len(chunk)
                await asyncio.sleep(0)
            bench.send("last")
            await bench.advance(60)
            peer._deaf = False
            await eventually(lambda: not bench.port._hosts.paused, "the host may go on")
            await bench.advance(6)
            await eventually(lambda: len(peer.received) >= sent + 4, "the peer has it all")
            assert (sent + 4, b"last") == (len(peer.received), peer.received[-4:])


async def test_a_peer_that_never_reads_does_not_keep_a_closed_connection_alive() -> None:
    """What it does not take within the linger time is dropped with the connection."""
    with ObedientPeer(deaf=True) as peer:
        async with ssl_bench(port=peer.port, tls_engine="native") as bench:
            await succeed(bench, "AT#SSLSECCFG=1,4,0")
            await _online(bench, packet=1500, inactivity=5)
            while not bench.port._hosts.paused:
                bench.send(bytes(16384))
                await asyncio.sleep(0)
            stream = socket_of(bench)._stream
            assert stream is not None
            await bench.advance(5)
            assert NO_CARRIER == bench.read()
            assert stream._tcp.unsent > 0
            await bench.advance(10)
            assert 0 == stream._tcp.unsent


@pytest.mark.parametrize("moment", ["full packet", "transmission time", "escape"])
async def test_a_failure_of_the_session_in_data_mode_is_a_lost_carrier(
    moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it strikes, the host sees NO CARRIER and the module lives on."""

    def fail(self: SecureStream, *packets: bytes) -> None:
        raise TlsFailure(FailureCause.INTERNAL, "sealing fails")

    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await _online(bench, packet=10, transmission=50)
            monkeypatch.setattr(SecureStream, "send", fail)
            if moment == "escape":
                assert OK + NO_CARRIER == await bench.escape()
            else:
                bench.send("0123456789" if moment == "full packet" else "012")
                await bench.advance(5)
                assert NO_CARRIER == bench.read()
            assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")
            assert [] == _faults(bench)


async def test_a_failure_of_the_session_in_command_mode_is_an_error_of_the_send() -> None:
    """And the connection is over when the engine says so."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            with pytest.MonkeyPatch.context() as patch:

                def fail(self: SecureStream, *packets: bytes) -> None:
                    raise TlsFailure(FailureCause.INTERNAL, "sealing fails")

                patch.setattr(SecureStream, "send", fail)
                assert cme(838) == await enter(bench, "AT#SSLSEND=1", "x\x1a")
            assert OK == await enter(bench, "AT#SSLSEND=1", "y\x1a")


@pytest.mark.parametrize(("setting", "state"), [(0, "online"), (1, "open"), (2, "closed")])
async def test_a_host_that_goes_away_leaves_the_connection_as_its_settings_say(setting: int, state: str) -> None:
    """&D: 0 nothing, 1 back to command mode, 2 hang up."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await succeed(bench, f"AT&D{setting}")
            await dial_online(bench)
            bench.port.host_close()
            assert state == socket_of(bench).state.value
            bench.port.host_open()


@pytest.mark.parametrize("mode", [0, 1])
async def test_a_restart_drops_the_connection_without_a_word(mode: int) -> None:
    """The port is silent for the boot time; then the socket is closed, and what NVM holds is there."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await (dial if mode else dial_online)(bench)
            if mode:
                await succeed(bench, "AT#REBOOT")
            else:
                bench.modem.device.power.restart()
            bench.send("AT\r")
            await bench.advance(4.9)
            assert "" == bench.read()
            (session,) = await asyncio.to_thread(peer.server.wait_for, 1)
            assert session.error
            await bench.advance(0.2)
            await bench.command("ATE0")
            assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")
            assert [] == _faults(bench)


async def test_a_restart_stops_a_read_and_a_dial_that_wait() -> None:
    """Nothing of them is said afterwards."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            bench.send("AT#SSLRECV=1,10,5000\r")
            await bench.advance(1)
            bench.modem.device.power.restart()
            await bench.advance(600)
            assert "" == bench.read()
            await bench.command("ATE0")
            assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")
