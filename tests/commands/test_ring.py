"""SSLSRING and the longer forms of NO CARRIER, where a firmware has them."""

from typing import Literal

import pytest

from emulator.device.connection.secure import SecureStream
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import (
    OK,
    PROMPT,
    RINGING,
    dial,
    dial_online,
    has_come,
    information,
    socket_of,
    ssl_bench,
    succeed,
)


async def test_mode_1_rings_at_each_arrival_with_all_that_waits() -> None:
    """And not for what a read has left."""
    with ObedientPeer() as peer:
        async with ssl_bench(RINGING, peer.port, tls_engine="native") as bench:
            await succeed(bench, "AT#SSLSECCFG=1,1,0", "AT#SSLCFG=1,1,300,90,100,50,1")
            await dial(bench)
            peer.say(b"hello")
            assert "\r\nSSLSRING: 1,5\r\n" == await bench.until("1,5\r\n")
            peer.say(b" again")
            assert "\r\nSSLSRING: 1,11\r\n" == await bench.until("1,11\r\n")
            assert information("#SSLRECV: 4", "hell") == await bench.command("AT#SSLRECV=1,4")
            peer.say(b"!")
            assert "\r\nSSLSRING: 1,8\r\n" == await bench.until("1,8\r\n")


async def test_the_end_of_the_peer_does_not_ring() -> None:
    """A ring is for data that is newer than the last read; what that read has left stays readable."""
    with ObedientPeer() as peer:
        async with ssl_bench(RINGING, peer.port) as bench:
            await succeed(bench, "AT#SSLCFG=1,1,300,90,100,50,1")
            peer.say(b"x" * 923)
            await dial(bench)
            assert "\r\nSSLSRING: 1,923\r\n" == await bench.until("1,923\r\n")
            assert information("#SSLRECV: 900", "x" * 900) == await bench.command("AT#SSLRECV=1,900")
            peer.close()
            await eventually(lambda: "closed" in repr(socket_of(bench)._stream), "close_notify has come")
            assert "" == bench.read()
            expected = information("#SSLRECV: 23", "x" * 23) + "\r\nNO CARRIER\r\n"
            assert expected == await bench.command("AT#SSLRECV=1,900")


@pytest.mark.parametrize("engine", ["native", "openssl"])
async def test_half_a_record_does_not_ring(engine: Literal["native", "openssl"]) -> None:
    """The ring comes once the record is decrypted, with all that waits."""
    with ObedientPeer() as peer:
        async with ssl_bench(RINGING, peer.port, tls_engine=engine) as bench:
            await succeed(bench, "AT#SSLSECCFG=1,3,0", "AT#SSLCFG=1,1,300,90,100,50,1")
            await dial(bench)
            peer.say(b"x" * 923)
            await has_come(bench, 923)
            bench.read()
            assert information("#SSLRECV: 900", "x" * 900) == await bench.command("AT#SSLRECV=1,900")
            stream = socket_of(bench)._stream
            assert stream is not None
            arrived = _hold_back(stream, 10)
            peer.say(b"y" * 60)
            await eventually(lambda: sum(map(len, arrived)) > 60, "the record has come")
            assert "" == bench.read()
            del stream.data_received
            stream.data_received(b"".join(arrived)[10:])
            heard = await bench.until(",83\r\n")
            assert heard in ("\r\nSSLSRING: 1,83\r\n", "\r\nSSLSRING: 1,24\r\n\r\nSSLSRING: 1,83\r\n")


def _hold_back(stream: SecureStream, passed: int) -> list[bytes]:
    """Deliver only the first bytes that come to a stream; all that has come is in the list."""
    arrived: list[bytes] = []

    def data_received(data: bytes) -> None:
        if not arrived:
            SecureStream.data_received(stream, data[:passed])
        arrived.append(data)

    stream.data_received = data_received  # type: ignore[method-assign]  # until it is deleted
    return arrived


async def test_mode_2_shows_the_data_and_leaves_nothing_to_read() -> None:
    """In lines of at most 1300 bytes."""
    with ObedientPeer() as peer:
        async with ssl_bench(RINGING, peer.port, tls_engine="native") as bench:
            await succeed(bench, "AT#SSLSECCFG=1,1,0", "AT#SSLCFG=1,1,300,90,100,50,2")
            await dial(bench)
            peer.say(b"hello")
            assert "\r\nSSLSRING: 1,5,hello\r\n" == await bench.until("hello\r\n")
            peer.say(b"x" * 1400)
            heard = await bench.until("1,100," + "x" * 100 + "\r\n")
            assert f"\r\nSSLSRING: 1,1300,{'x' * 1300}\r\n\r\nSSLSRING: 1,100,{'x' * 100}\r\n" == heard
            peer.say(b"bye")
            peer.close()
            heard = await bench.until("\r\nNO CARRIER\r\n")
            assert "\r\nSSLSRING: 1,3,bye\r\n\r\nNO CARRIER\r\n" == heard


async def test_the_ring_waits_until_the_command_has_answered() -> None:
    """What comes while the host is at a prompt is rung for after the OK."""
    with ObedientPeer() as peer:
        async with ssl_bench(RINGING, peer.port, tls_engine="native") as bench:
            await succeed(bench, "AT#SSLSECCFG=1,1,0", "AT#SSLCFG=1,1,300,90,100,50,1")
            await dial(bench)
            assert PROMPT == await bench.command("AT#SSLSEND=1")
            peer.say(b"hello")
            await has_come(bench, 5)
            bench.send("x\x1a")
            assert f"{OK}\r\nSSLSRING: 1,5\r\n" == await bench.until("1,5\r\n")


async def test_a_server_that_speaks_first_is_rung_for_after_the_ok_of_the_dial() -> None:
    """Whether its data came with the handshake's last packet or after it."""
    with ObedientPeer() as peer:
        peer.say(b"220 ready")
        async with ssl_bench(RINGING, peer.port, tls_engine="native") as bench:
            await succeed(bench, "AT#SSLSECCFG=1,1,0", "AT#SSLCFG=1,1,300,90,100,50,1")
            await dial(bench)
            assert "\r\nSSLSRING: 1,9\r\n" == await bench.until("1,9\r\n")


async def test_nothing_rings_in_mode_0() -> None:
    """The default."""
    with ObedientPeer() as peer:
        async with ssl_bench(RINGING, peer.port) as bench:
            await dial(bench)
            peer.say(b"hello")
            await has_come(bench, 5)
            assert "" == bench.read()


_MODES = "secure_socket.no_carrier_modes={range=[0,2],default=0}"


@pytest.mark.parametrize(
    ("mode", "closed", "lost"),
    [
        (0, "NO CARRIER", "NO CARRIER"),
        (1, "NO CARRIER:SSL,1", "NO CARRIER:SSL,1"),
        (2, "NO CARRIER:SSL,1,1", "NO CARRIER:SSL,1,4"),
    ],
)
async def test_no_carrier_may_name_the_socket_and_the_cause(mode: int, closed: str, lost: str) -> None:
    """<noCarrierMode> of #SSLCFG, in command mode and in data mode."""
    with ObedientPeer() as peer:
        async with ssl_bench(RINGING, peer.port, settings=[_MODES]) as bench:
            await succeed(bench, f"AT#SSLCFG=1,1,300,90,100,50,0,{mode}")
            await dial(bench)
            peer.close()
            assert f"\r\n{closed}\r\n" == await bench.until(f"\r\n{closed}\r\n")
            await eventually(lambda: len(peer.opened) == 1, "the first session is over")
            await dial_online(bench)
            bench.modem.device.contexts.deactivate(1)
            assert f"\r\n{lost}\r\n" == bench.read()
            assert socket_of(bench).state.value == "lost"
