"""#SSLFASTD: the session of the last connection, resumed. Guide 4.4 and 4.5.4."""

import pytest

from emulator.trace.events import HandshakeMessage, TlsOutcome
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import (
    CONNECT,
    ERROR,
    GSM,
    HOST,
    NO_CARRIER,
    OK,
    UMTS,
    cme,
    dial,
    dial_online,
    information,
    ssl_bench,
    store,
    succeed,
)
from tests.peers.pki import ROOT


@pytest.mark.parametrize("engine", ["openssl", "native"])
async def test_a_kept_session_is_resumed_by_its_session_id(engine: str) -> None:
    """The dialogue of 4.5.4: the server sees its session id again, and no certificate passes."""
    with ObedientPeer() as peer:
        async with ssl_bench(GSM, peer.port, tls_engine=engine) as bench:
            await succeed(bench, "AT#SSLSECCFG=1,3,0")
            await dial_online(bench, closure=1)
            assert OK == await bench.escape()
            await succeed(bench, "AT#SSLH=1")
            bench.events.clear()
            assert CONNECT == await bench.command("AT#SSLFASTD=1,0")
            await eventually(lambda: len(peer.opened) == 2, "the server has finished, too")
            first, second = peer.opened
            assert (True, first.session_id) == (second.resumed, second.session_id)
            names = [event.name for event in bench.events if isinstance(event, HandshakeMessage)]
            assert "certificate" not in names
            assert [True] == [event.resumed for event in bench.events if isinstance(event, TlsOutcome)]
            peer.say(b"again")
            assert "again" == await bench.until("again")
            assert OK == await bench.escape()
            await succeed(bench, "AT#SSLH=1,0")
            assert cme(830) == await bench.command("AT#SSLFASTD=1,0")


async def test_a_session_can_be_resumed_in_command_mode_and_again_and_again() -> None:
    """The default mode; each closing by the type of the first dial keeps it."""
    with ObedientPeer() as peer:
        async with ssl_bench(GSM, peer.port) as bench:
            await dial(bench, closure=1)
            for _ in range(3):
                await succeed(bench, "AT#SSLH=1", "AT#SSLFASTD=1")
                assert information("#SSLS: 1,2,3") == await bench.command("AT#SSLS=1")
            await eventually(lambda: len(peer.opened) == 4, "the server has finished")
            assert [False, True, True, True] == [seen.resumed for seen in peer.opened]


async def test_the_closure_type_of_the_closing_command_counts() -> None:
    """#SSLH=1,1 keeps what #SSLD did not ask to be kept."""
    with ObedientPeer() as peer:
        async with ssl_bench(GSM, peer.port) as bench:
            await dial(bench)
            await succeed(bench, "AT#SSLH=1")
            assert cme(830) == await bench.command("AT#SSLFASTD=1")
            await dial(bench)
            await succeed(bench, "AT#SSLH=1,1", "AT#SSLFASTD=1")


async def test_a_session_is_kept_when_the_peer_closes() -> None:
    """Closure type 1 of #SSLD holds for whoever closes."""
    with ObedientPeer() as peer:
        async with ssl_bench(GSM, peer.port) as bench:
            await dial(bench, closure=1)
            peer.close()
            assert NO_CARRIER == await bench.until(NO_CARRIER)
            await succeed(bench, "AT#SSLFASTD=1")
            await eventually(lambda: len(peer.opened) == 2, "the server has finished")
            assert peer.opened[1].resumed


async def test_a_server_that_has_forgotten_gets_a_full_handshake() -> None:
    """The host need not know."""
    with ObedientPeer() as peer, ObedientPeer() as other:
        async with ssl_bench(GSM, peer.port) as bench:
            await dial(bench, closure=1)
            await succeed(bench, "AT#SSLH=1")
            bench.modem.route(HOST, f"127.0.0.1:{other.port}")
            await succeed(bench, "AT#SSLFASTD=1")
            await eventually(lambda: other.opened, "the server has finished")
            assert not other.opened[0].resumed


@pytest.mark.parametrize("change", ["AT#SSLSECCFG=1,0,1", "AT#SSLSECCFG=1,3,0", "AT#SSLSECDATA=1,0,1", "AT#SSLEN=1,0"])
async def test_a_session_does_not_outlive_what_it_was_agreed_under(change: str) -> None:
    """Else authentication could be had without a certificate."""
    with ObedientPeer() as peer:
        async with ssl_bench(GSM, peer.port) as bench:
            await store(bench, 1, ROOT.pem)
            await dial(bench, closure=1)
            await succeed(bench, "AT#SSLH=1", "AT#SSLSECCFG=1,0,0", change)
            if change == "AT#SSLEN=1,0":
                await succeed(bench, "AT#SSLEN=1,1")
            assert cme(830) == await bench.command("AT#SSLFASTD=1")


async def test_a_restart_forgets_the_session() -> None:
    """It is kept in volatile memory only."""
    with ObedientPeer() as peer:
        async with ssl_bench(GSM, peer.port) as bench:
            await dial(bench, closure=1)
            await succeed(bench, "AT#SSLH=1", "AT#REBOOT")
            await bench.advance(6)
            await bench.command("ATE0")
            await succeed(bench, "AT+CMEE=1")
            assert cme(830) == await bench.command("AT#SSLFASTD=1")


async def test_the_umts_families_have_no_fast_dial() -> None:
    """Guide 4.4, warning: no such command, and no closure type but 0."""
    with ObedientPeer() as peer:
        async with ssl_bench(UMTS, peer.port) as bench:
            assert ERROR == await bench.command("AT#SSLFASTD=1,0")
            assert cme(4) == await bench.command(f'AT#SSLD=1,443,"{HOST}",1,1')
            await dial(bench)
            assert cme(4) == await bench.command("AT#SSLH=1,1")
            await succeed(bench, "AT#SSLH=1,0")
