"""#SSLSEND, #SSLSENDEXT and #SSLRECV, and how a connection in command mode ends. Guide 4.2.2 and 4.3."""

import asyncio

import pytest

from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import (
    CONNECT,
    NO_CARRIER,
    OK,
    PROMPT,
    UMTS,
    cme,
    dial,
    enter,
    has_come,
    information,
    socket_of,
    ssl_bench,
    succeed,
)


async def test_sending_takes_the_text_up_to_ctrl_z() -> None:
    """BS deletes, what is over the limit is dropped, ESC sends nothing (facts 3, #SSLSEND)."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            assert OK == await enter(bench, "AT#SSLSEND=1", b"Send thiz\x08s\x1a")
            assert OK == await enter(bench, "AT#SSLSEND=1,10", b"nothing\x1b")
            assert OK == await enter(bench, "AT#SSLSEND=1", b"x" * 1030 + b"\x1a")
            await eventually(lambda: len(peer.received) >= 9 + 1023, "all of it is heard")
            assert b"Send this" + b"x" * 1023 == peer.received


async def test_counted_sending_takes_every_byte_as_data() -> None:
    """#SSLSENDEXT: Ctrl-Z, ESC, BS and +++ among them."""
    data = bytes(range(256)) + b"+++"
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            assert OK == await enter(bench, f"AT#SSLSENDEXT=1,{len(data)},600", data)
            await eventually(lambda: len(peer.received) >= len(data), "all of it is heard")
            assert data == peer.received


@pytest.mark.parametrize("name", ["#SSLRECV", "#SSLRCV"])
async def test_the_answer_to_a_read_carries_the_name_that_was_used(name: str) -> None:
    """At most as many bytes as asked for; CRLF CRLF OK after the data."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            peer.say(b"Response of the server!")
            await has_come(bench, 23)
            assert information(f"{name}: 15", "Response of the") == await bench.command(f"AT{name}=1,15")
            assert information(f"{name}: 8", " server!") == await bench.command(f"at{name.lower()}=1,15")


async def test_a_read_waits_for_data_and_then_answers_at_once() -> None:
    """Blocking mode, guide 4.2.2."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port, settings=["terminal.prompt_echo=false"]) as bench:
            await dial(bench)
            bench.send("AT#SSLRECV=1,1000,5000\r")
            await bench.advance(499)
            assert "" == bench.read()
            peer.say(b"!")
            assert information("#SSLRECV: 1", "!") == await bench.answer()


@pytest.mark.parametrize(("parameter", "seconds"), [(",7", 0.7), ("", 4.0)])
async def test_a_read_gives_up_after_its_timeout_or_the_default_one(parameter: str, seconds: float) -> None:
    """`#SSLRECV: 0`, `TIMEOUT`, OK; without a timeout of its own <defTo> counts (guide 3.4, 4.2.2.2)."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await succeed(bench, "AT#SSLCFG=1,1,300,90,40,50")
            await dial(bench)
            bench.send(f"AT#SSLRECV=1,10{parameter}\r")
            await bench.advance(seconds - 0.1)
            assert "" == bench.read()
            await bench.advance(0.1)
            assert information("#SSLRECV: 0", "TIMEOUT") == bench.read()
            assert information("#SSLS: 1,2,3") == await bench.command("AT#SSLS=1")


async def test_no_carrier_follows_the_last_byte_that_a_closed_peer_sent() -> None:
    """Guide 4.3 and the note of 4.5.2; then no #SSLH is needed, and sending says that the peer is gone."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            peer.say(b"Farewell")
            peer.close()
            await has_come(bench, 8)
            await eventually(lambda: "closed" in repr(socket_of(bench)._stream), "close_notify has come")
            assert cme(840) == await enter(bench, "AT#SSLSEND=1", b"too late\x1a")
            assert information("#SSLRECV: 4", "Fare") == await bench.command("AT#SSLRECV=1,4")
            assert information("#SSLRECV: 4", "well") + NO_CARRIER == await bench.command("AT#SSLRECV=1,4")
            assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")
            assert cme(840) == await bench.command("AT#SSLSEND=1")
            assert cme(833) == await bench.command("AT#SSLRECV=1,4")
            await succeed(bench, "AT#SSLH=1")
            assert cme(833) == await bench.command("AT#SSLH=1")
            await dial(bench)


@pytest.mark.parametrize("ending", ["close", "reset"])
async def test_a_peer_that_ends_with_nothing_left_to_read_is_reported_at_once(ending: str) -> None:
    """In order or by a reset: NO CARRIER, once, and the socket is closed."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            getattr(peer, ending)()
            assert NO_CARRIER == await bench.until(NO_CARRIER)
            assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")
            await bench.advance(1000)
            assert "" == bench.read()


@pytest.mark.parametrize("ending", ["close", "reset"])
async def test_a_blocked_read_ends_with_ok_and_then_no_carrier_when_the_peer_ends(ending: str) -> None:
    """Hosts wait for OK or ERROR, for DISCONNECTED or for NO CARRIER: all of them go on."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            bench.send("AT#SSLRECV=1,10,5000\r")
            await bench.advance(1)
            getattr(peer, ending)()
            expected = information("#SSLRECV: 0", "DISCONNECTED") + NO_CARRIER
            assert expected == await bench.until(NO_CARRIER)
            assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")
            await succeed(bench, "AT#SSLH=1")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("DISCONNECTED", information("#SSLRECV: 0", "DISCONNECTED")), ("NO CARRIER", NO_CARRIER)],
)
async def test_a_profile_can_let_a_blocked_read_say_only_one_of_them(answer: str, expected: str) -> None:
    """And nothing follows."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port, settings=[f"secure_socket.peer_closed={answer}"]) as bench:
            await dial(bench)
            bench.send("AT#SSLRECV=1,10,5000\r")
            await bench.advance(1)
            peer.close()
            assert expected == await bench.answer()
            assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")


async def test_a_profile_can_refuse_to_close_a_lost_connection() -> None:
    """For firmware that says so."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port, settings=["secure_socket.lost_can_be_closed=false"]) as bench:
            await dial(bench)
            peer.close()
            assert NO_CARRIER == await bench.until(NO_CARRIER)
            assert cme(833) == await bench.command("AT#SSLH=1")


async def test_the_peer_may_end_while_the_host_is_at_the_prompt() -> None:
    """The entry fails as disconnected; the end is said after it."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            assert PROMPT == await bench.command("AT#SSLSEND=1")
            peer.close()
            await eventually(lambda: "closed" in repr(socket_of(bench)._stream), "close_notify has come")
            assert "" == bench.read()
            bench.send("late\x1a")
            assert cme(840) + NO_CARRIER == await bench.answer()


async def test_a_peer_that_takes_nothing_blocks_sending_until_the_timeout() -> None:
    """An entry that fails this way was not sent; later ones may be."""
    with ObedientPeer(deaf=True) as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            stream = socket_of(bench)._stream
            assert stream is not None
            while not stream.congested:
                stream.send(bytes(16384))
            assert PROMPT == await bench.command("AT#SSLSEND=1,20")
            bench.send("in vain\x1a")
            await bench.advance(1.9)
            assert "" == bench.read()
            await bench.advance(0.1)
            assert cme(832) == bench.read()
            assert information("#SSLS: 1,2,3") == await bench.command("AT#SSLS=1")
            peer.reset()
            assert NO_CARRIER == await bench.until(NO_CARRIER)


async def test_sending_goes_on_as_soon_as_the_peer_takes_data_again() -> None:
    """Nothing is lost on the way."""
    with ObedientPeer(deaf=True) as peer:
        async with ssl_bench(port=peer.port, tls_engine="native") as bench:
            await succeed(bench, "AT#SSLSECCFG=1,4,0")
            await dial(bench)
            stream = socket_of(bench)._stream
            assert stream is not None
            sent = 0
            while not stream.congested:
                stream.send(bytes(16384))
                sent += 16384
            assert PROMPT == await bench.command("AT#SSLSEND=1,5000")
            bench.send("at last\x1a")
            await bench.advance(1)
            peer._deaf = False
            assert OK == await bench.answer()
            await eventually(lambda: len(peer.received) >= sent + 7, "all of it is heard")
            assert peer.received.endswith(b"\0at last")


async def test_the_module_says_close_notify_before_it_closes() -> None:
    """The peer sees an orderly end, so does a host that closes by #SSLH."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            await succeed(bench, "AT#SSLH=1")
            (session,) = await asyncio.to_thread(peer.server.wait_for, 1)
            assert "" == session.error


async def test_ssls_shows_the_suite_that_was_agreed_on() -> None:
    """By its number in the firmware's table (guide 2.2.1), NULL only when asked for."""
    with ObedientPeer() as peer:
        async with ssl_bench(UMTS, peer.port, tls_engine="native") as bench:
            for number in (1, 2, 3, 4):
                await succeed(bench, f"AT#SSLSECCFG=1,{number},0")
                await dial(bench)
                assert information(f"#SSLS: 1,2,{number}") == await bench.command("AT#SSLS=1")
                await succeed(bench, "AT#SSLH=1")


async def test_a_socket_opened_in_command_mode_can_go_online() -> None:
    """Guide 4.2.2, note: at any moment, by #SSLO."""
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            peer.say(b"waiting")
            await has_come(bench, 7)
            bench.send("AT#SSLO=1\r")
            assert f"{CONNECT}waiting" == await bench.until("waiting")
