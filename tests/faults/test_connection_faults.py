"""What happens to connections, against a real TLS server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest

from emulator.device.connection.states import State
from emulator.testing import Bench
from emulator.trace.events import Dialled, Fault, HandshakeMessage, TlsOutcome
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import (
    GSM,
    HOST,
    NO_CARRIER,
    OK,
    cme,
    dial,
    dial_online,
    enter,
    information,
    socket_of,
    ssl_bench,
    succeed,
)

DIAL = f'AT#SSLD=1,443,"{HOST}",0,1'


@asynccontextmanager
async def ready_to_dial(
    firmware: str = "HE910", engine: Literal["auto", "native", "openssl"] = "auto"
) -> AsyncIterator[tuple[Bench, ObedientPeer]]:
    """A module that is ready to dial, and its peer."""
    with ObedientPeer() as peer:
        async with ssl_bench(firmware, peer.port, tls_engine=engine) as bench:
            yield bench, peer


def fired(bench: Bench) -> list[str]:
    """The faults that the trace shows."""
    return [event.rule for event in bench.events if isinstance(event, Fault)]


async def finished(bench: Bench, step: float = 1.0) -> str:
    """Let time pass until the command has answered, and real servers do their part meanwhile."""
    for _ in range(400):
        await asyncio.sleep(0.005)
        await bench.advance(step)
        if heard := bench.read():
            return heard
    raise AssertionError("no answer")


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("connection-refused", "Connection refused"),
        ("name-unknown", f"'{HOST}' cannot be resolved"),
        ("connection-unanswered", "given up"),
    ],
)
async def test_a_dial_fails_once(fault: str, outcome: str) -> None:
    async with ready_to_dial() as (bench, _peer):
        bench.modem.faults.add(fault, command="#SSLD", host=HOST)
        bench.send(f"{DIAL}\r")
        assert await finished(bench) == cme(832)
        await dial(bench)
        dials = [event.outcome for event in bench.events if isinstance(event, Dialled)]
        assert [outcome, "connected"] == dials

    assert [f"1: {fault} command=#SSLD host={HOST} (1 of 1)"] == fired(bench)


async def test_a_dial_to_another_host_is_left_alone() -> None:
    async with ready_to_dial() as (bench, _peer):
        bench.modem.faults.add("connection-refused", host="api.example.com")
        await dial(bench)

    assert [] == fired(bench)


@pytest.mark.parametrize("message", [1, "server_hello", 2, "server_hello_done", "change_cipher_spec", "finished"])
@pytest.mark.parametrize("engine", ["native", "openssl"])
async def test_a_handshake_stalls_before_a_message(
    message: int | str, engine: Literal["auto", "native", "openssl"]
) -> None:
    """The module waits for its <Timeout>, then says so; the message itself has not come."""
    async with ready_to_dial(GSM, engine) as (bench, _peer):
        await succeed(bench, "AT#SSLSECCFG=1,3,0")
        bench.modem.faults.add("handshake-stalled", message=message)
        bench.send(f"{DIAL}\r")
        assert await finished(bench) == cme(839)
        received = [e.name for e in bench.events if isinstance(e, HandshakeMessage) and e.direction == "received"]
        whole = ["server_hello", "certificate", "server_hello_done", "change_cipher_spec", "finished"]
        cut = whole.index(message) if isinstance(message, str) else message - 1
        assert whole[:cut] == received
        (outcome,) = [event.outcome for event in bench.events if isinstance(event, TlsOutcome)]
        assert "silence: the peer sent nothing new for 10 s" in outcome


async def test_a_handshake_is_cut() -> None:
    async with ready_to_dial() as (bench, _peer):
        bench.modem.faults.add("handshake-cut", message="certificate", command="#SSLD")
        assert await bench.command(DIAL) == cme(839)
        await dial(bench)

    assert ["1: handshake-cut command=#SSLD message=certificate (1 of 1)"] == fired(bench)


@pytest.mark.parametrize("fault", ["connection-reset", "connection-closed"])
async def test_a_connection_ends_in_the_midst_of_an_upload(fault: str) -> None:
    """Handshake bytes are not counted, so that byte 100 is one of the first record."""
    async with ready_to_dial() as (bench, peer):
        bench.modem.faults.add(fault, command="#SSLD", byte=100)
        await dial(bench)
        await enter(bench, "AT#SSLSEND=1", b"x" * 50 + b"\x1a")
        await eventually(lambda: len(peer.received) == 50, "the first record is heard")
        await enter(bench, "AT#SSLSEND=1", b"y" * 500 + b"\x1a")
        await eventually(lambda: socket_of(bench).state is State.LOST, "the module hears of it")
        assert b"y" not in peer.received

    assert [f"1: {fault} command=#SSLD byte=100 B (1 of 1)"] == fired(bench)


async def test_what_is_entered_at_a_prompt_is_damaged() -> None:
    """Bytes 2 to 4 are lost and byte 8 comes twice, however the entry comes in pieces."""
    async with ready_to_dial() as (bench, peer):
        await dial(bench)
        bench.modem.faults.add("bytes-lost", command="#SSLSEND", at="entry", byte=2, count=3)
        bench.modem.faults.add("bytes-doubled", command="#SSLSEND", at="entry", byte=8)
        bench.send("AT#SSLSEND=1\r")
        await bench.until("\r\n> ")
        bench.send("012")
        bench.send("3456789\x1a")
        assert await bench.answer() == OK
        await eventually(lambda: peer.received == b"01567889", f"heard {peer.received!r}")


async def test_a_connection_is_reset_in_what_the_server_sends() -> None:
    async with ready_to_dial() as (bench, peer):
        bench.modem.faults.add("connection-reset", at="received", byte=10)
        await dial_online(bench)
        peer.say(b"Some answer")
        assert NO_CARRIER == await bench.until(NO_CARRIER)


async def test_a_server_falls_silent() -> None:
    """The connection stays open; the module hears nothing, and what it sends is lost."""
    async with ready_to_dial() as (bench, peer):
        await dial(bench)
        bench.modem.faults.add("peer-silent", byte=0)
        assert OK == await enter(bench, "AT#SSLSEND=1", b"Is anybody there?\x1a")
        bench.send("AT#SSLRECV=1,100\r")
        assert await finished(bench) == information("#SSLRECV: 0", "TIMEOUT")
        assert b"" == peer.received
        assert (await bench.command("AT#SSLS=1")).startswith("\r\n#SSLS: 1,2,")


@pytest.mark.parametrize("engine", ["native", "openssl"])
async def test_a_damaged_record_ends_the_session(engine: Literal["auto", "native", "openssl"]) -> None:
    async with ready_to_dial(GSM, engine) as (bench, peer):
        await succeed(bench, "AT#SSLSECCFG=1,3,0")
        bench.modem.faults.add("record-corrupted", byte=1)
        await dial_online(bench)
        peer.say(b"Good news")
        peer.say(b"Bad news")
        heard = await bench.until(NO_CARRIER)
        assert heard in (NO_CARRIER, f"Good news{NO_CARRIER}")
        assert any(
            "bad_record_mac" in event.name or "decrypt" in event.name
            for event in bench.events
            if isinstance(event, HandshakeMessage) and event.direction == "sent"
        )


async def test_a_context_that_drops_takes_the_connection_with_it() -> None:
    async with ready_to_dial() as (bench, _peer):
        await dial_online(bench)
        bench.modem.faults.add("context-dropped", at="sent", byte=5)
        bench.send("Hello, server")
        await bench.advance(6)
        assert NO_CARRIER == await bench.until(NO_CARRIER)
        assert await bench.command("AT#SGACT?") == information("#SGACT: 1,0")


async def test_a_reboot_in_the_midst_of_a_transfer() -> None:
    async with ready_to_dial() as (bench, _peer):
        await dial(bench)
        bench.modem.faults.add("reboot", at="sent", byte="200 B")
        bench.send("AT#SSLSEND=1\r")
        await bench.until("\r\n> ")
        bench.send(b"z" * 500 + b"\x1a")
        await bench.advance(20)
        assert bench.read() == ""
        await bench.command("ATE0")
        assert await bench.command("AT#SGACT?") == information("#SGACT: 1,0")


async def test_a_slow_network_takes_its_time() -> None:
    """100 bytes a second to the module: the data comes when it can have come."""
    async with ready_to_dial() as (bench, peer):
        bench.modem.faults.add("slow-network", latency="1 s", download="800 bit/s")
        bench.send(f'AT#SSLD=1,443,"{HOST}",0,1,5000\r')
        started = bench.clock.now()
        assert await finished(bench) == OK
        assert bench.clock.now() - started > 10
        peer.say(b"w" * 200)
        before = bench.clock.now()
        while socket_of(bench).pending < 200:
            await asyncio.sleep(0.005)
            await bench.advance(0.1)
        assert bench.clock.now() - before > 3

    assert 1 == len(fired(bench))


@pytest.mark.parametrize("preset", ["GPRS", "EDGE", "UMTS", "HSPA"])
async def test_each_generation_carries_a_dialogue(preset: str) -> None:
    async with ready_to_dial() as (bench, peer):
        bench.modem.faults.add("slow-network", preset=preset)
        bench.send(f"{DIAL}\r")
        assert await finished(bench, 0.2) == OK
        bench.send("AT#SSLSEND=1\r")
        await bench.until("\r\n> ")
        bench.send("Hello\x1a")
        assert await finished(bench, 0.2) == OK
        peer.say(b"Good day")
        while socket_of(bench).pending < 8:
            await asyncio.sleep(0.005)
            await bench.advance(0.1)
        assert peer.received == b"Hello"


async def test_a_slow_processor_runs_into_the_timeout_until_it_is_made_faster() -> None:
    """Guide 4.1: #CPUMODE avoids that the timeout expires."""
    async with ready_to_dial(GSM) as (bench, _peer):
        bench.modem.faults.add("slow-processor", duration="15 s")
        bench.send(f"{DIAL}\r")
        assert await finished(bench) == cme(839)
        await succeed(bench, "AT#CPUMODE=2")
        await dial(bench)


async def test_a_quick_family_knows_no_slow_processor() -> None:
    """12.00 has no #CPUMODE and needs none, says the guide."""
    async with ready_to_dial() as (bench, _peer):
        bench.modem.faults.add("slow-processor", duration="15 s")
        await dial(bench)


async def test_a_fault_of_dialling_does_not_count_what_is_open() -> None:
    async with ready_to_dial() as (bench, _peer):
        await dial(bench)
        bench.modem.faults.add("connection-refused", occurrence=2)
        await succeed(bench, "AT#SSLH=1")
        await dial(bench)

    assert [] == fired(bench)


async def test_a_connection_that_is_open_is_reset_at_once() -> None:
    async with ready_to_dial() as (bench, _peer):
        await dial(bench)
        bench.modem.faults.add("connection-reset")
        await eventually(lambda: socket_of(bench).state is State.LOST, "the module hears of it")

    assert ["1: connection-reset (1 of 1)"] == fired(bench)


async def test_a_connection_that_the_module_has_closed_is_none_any_more() -> None:
    """Though its end may still be on its way to the server."""
    async with ready_to_dial() as (bench, _peer):
        await dial(bench)
        await succeed(bench, "AT#SSLH=1")
        await dial(bench)
        bench.modem.faults.add("connection-reset")
        await eventually(lambda: socket_of(bench).state is State.LOST, "the module hears of it")

    assert ["1: connection-reset (1 of 1)"] == fired(bench)


async def test_a_fault_set_while_a_connection_is_open_strikes_it() -> None:
    async with ready_to_dial() as (bench, peer):
        await dial(bench)
        bench.modem.faults.add("connection-reset", at="received", byte=1)
        peer.say(b"Good bye")
        await eventually(lambda: socket_of(bench).state is State.LOST, "the module hears of it")
