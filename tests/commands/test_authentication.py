"""Authentication modes and failed handshakes, against real chains and servers that misbehave. Guide 3.2, 3.3, 4.1."""

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from tlslite.api import HandshakeSettings

from emulator.testing import Bench
from emulator.tls.wire.suites import CipherSuite, KeyExchange, suites_of
from emulator.tls.wire.versions import TLS_1_0
from emulator.trace.events import Dialled, TlsOutcome
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import (
    ERROR,
    GSM,
    HOST,
    OK,
    UMTS,
    authenticate,
    cme,
    dial,
    information,
    socket_of,
    ssl_bench,
    store,
    succeed,
)
from tests.peers.pki import CLIENT, EXPIRED_SERVER, FUTURE_SERVER, INTERMEDIATE, OTHER_ROOT, ROOT, SERVER, Party
from tests.peers.plain import scripted_server
from tests.peers.processes import free_port
from tests.peers.sockets import TIMEOUT

_DIAL = f'AT#SSLD=1,443,"{HOST}",0,1'
_BIG_SERVER = Party("big server", ROOT, ballast=2000)
_STRANGER = Party("stranger", OTHER_ROOT)
_SERVER_OF_OTHERS = replace(SERVER, issuer=replace(INTERMEDIATE, issuer=OTHER_ROOT))
_NO_ISSUER = "untrusted: certificate CN=Test intermediate: unable to get local issuer certificate"


async def _refused(bench: Bench, code: int, text: str, line: str = _DIAL) -> None:
    """The dial fails as each +CMEE says, and leaves a closed socket."""
    await succeed(bench, "AT+CMEE=0")
    assert ERROR == await bench.command(line)
    await succeed(bench, "AT+CMEE=2")
    assert f"\r\n+CME ERROR: {text}\r\n" == await bench.command(line)
    await succeed(bench, "AT+CMEE=1")
    assert cme(code) == await bench.command(line)
    assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")


async def _handshake_refused(bench: Bench, why: str) -> None:
    """The trace says why in one line."""
    before = len(_outcomes(bench))
    await _refused(bench, 839, "SSL error during handshake")
    refused = _outcomes(bench)[before:]
    assert len(refused) == 3
    assert all(why in outcome and "\n" not in outcome for outcome in refused), refused


def _outcomes(bench: Bench) -> list[str]:
    return [event.outcome for event in bench.events if isinstance(event, TlsOutcome)]


async def _usable_with(bench: Bench, peer: ObedientPeer) -> None:
    """The socket can still be opened: to a good server, without authentication."""
    socket_of(bench).change_settings(authentication=0)
    await succeed(bench, f'AT#SSLD=1,{peer.port},"127.0.0.1",0,1', "AT#SSLH=1")


@pytest.mark.parametrize("firmware", [GSM, UMTS])
async def test_a_server_is_authenticated_by_the_root_of_its_chain(firmware: str) -> None:
    """Mode 1, with an intermediate authority that only the server sends (guide 3.3.1)."""
    with ObedientPeer() as peer:
        async with ssl_bench(firmware, peer.port) as bench:
            await authenticate(bench, ROOT)
            await dial(bench)


@pytest.mark.parametrize("party", [SERVER, EXPIRED_SERVER, FUTURE_SERVER, _BIG_SERVER])
async def test_without_authentication_any_certificate_will_do(party: Party) -> None:
    """Mode 0: no security data is needed at all."""
    with ObedientPeer(party=party) as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)


@pytest.mark.parametrize(
    ("party", "authority", "why"),
    [
        pytest.param(SERVER, OTHER_ROOT, _NO_ISSUER, id="wrong CA"),
        pytest.param(_SERVER_OF_OTHERS, ROOT, _NO_ISSUER, id="chain to another CA"),
        pytest.param(EXPIRED_SERVER, ROOT, "expired (valid from 2010-01-01 00:00:00 to 2014-01", id="expired"),
        pytest.param(FUTURE_SERVER, ROOT, "not yet valid", id="not yet valid"),
        pytest.param(_BIG_SERVER, ROOT, "bytes, at most 2047 are taken", id="over the size limit"),
    ],
)
async def test_a_server_that_is_not_trusted_is_refused(party: Party, authority: Party, why: str) -> None:
    """839 in each case; the socket can be used afterwards."""
    with ObedientPeer(party=party) as peer:
        async with ssl_bench(port=peer.port) as bench:
            await authenticate(bench, authority)
            await _handshake_refused(bench, why)
            await _usable_with(bench, peer)


@pytest.mark.parametrize(
    ("party", "date"), [(EXPIRED_SERVER, "13/06/01,12:00:00+04"), (FUTURE_SERVER, "21/06/01,12:00:00+04")]
)
async def test_the_modules_clock_decides_on_validity(party: Party, date: str) -> None:
    """+CCLK changes the outcome, and #NITZ brings the network's time and the refusal back (guide 3.3.1, note)."""
    with ObedientPeer(party=party) as peer:
        async with ssl_bench(GSM, peer.port) as bench:
            await authenticate(bench, ROOT)
            await _handshake_refused(bench, "the module's date is 201")
            await succeed(bench, "AT#NITZ=0", f'AT+CCLK="{date}"')
            await dial(bench)
            await succeed(bench, "AT#SSLH=1", "AT#NITZ=1")
            await _handshake_refused(bench, "the module's date is 201")


async def test_a_clock_without_a_battery_makes_every_certificate_not_yet_valid() -> None:
    """`calendar.power_up`, on a line whose clock the network does not set; +CCLK mends it, as a host must."""
    with ObedientPeer() as peer:
        async with ssl_bench(UMTS, peer.port, settings=["calendar.power_up=factory"]) as bench:
            await authenticate(bench, ROOT)
            await _handshake_refused(bench, "the module's date is 1999-12-31")
            await succeed(bench, 'AT+CCLK="14/06/01,13:00:00+04"')
            await dial(bench)


async def test_the_module_shows_its_own_certificate_when_asked() -> None:
    """Mode 2."""
    with ObedientPeer(ask_certificate=True) as peer:
        async with ssl_bench(port=peer.port) as bench:
            await authenticate(bench, ROOT, CLIENT)
            await dial(bench)
            await eventually(lambda: peer.opened, "the server has finished, too")
            assert (CLIENT.der,) == peer.opened[0].client_chain


async def test_a_module_without_a_certificate_answers_the_request_with_an_empty_one() -> None:
    """Mode 1 at a server that would like one: the session opens all the same."""
    with ObedientPeer(ask_certificate=True) as peer:
        async with ssl_bench(port=peer.port) as bench:
            await authenticate(bench, ROOT)
            await dial(bench)
            await eventually(lambda: peer.opened, "the server has finished, too")
            assert () == peer.opened[0].client_chain


async def test_missing_security_data_is_told_before_anything_is_dialled() -> None:
    """837: no CA, no certificate, no key, or a key of another certificate."""
    async with ssl_bench(port=free_port()) as bench:
        text = "SSL certs and keys wrong or not stored"
        await succeed(bench, "AT#SSLSECCFG=1,0,1")
        await _refused(bench, 837, text)
        await store(bench, 1, ROOT.pem)
        await succeed(bench, "AT#SSLSECCFG=1,0,2")
        await _refused(bench, 837, text)
        await store(bench, 0, CLIENT.pem)
        await _refused(bench, 837, text)
        await store(bench, 2, _STRANGER.key_pem)
        await _refused(bench, 837, text)
        assert [] == [event for event in bench.events if isinstance(event, Dialled)]
        await store(bench, 2, CLIENT.key_pem)
        await _refused(bench, 832, "SSL socket error")


async def test_a_client_that_the_server_refuses_fails_the_handshake() -> None:
    """Its alert may come in the handshake or just after it; either way no connection stays."""
    with _refusing_server() as port:
        async with ssl_bench(port=port) as bench:
            await authenticate(bench, ROOT, CLIENT)
            assert cme(839) == await bench.command(_DIAL)
            assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")


@contextmanager
def _refusing_server() -> Iterator[int]:
    """Takes no certificate: it says access_denied in the place of its Finished."""
    with _server_of_one(_refuse_client) as port:
        yield port


def _refuse_client(stream: socket.socket) -> None:
    from tlslite.api import TLSConnection
    from tlslite.constants import AlertDescription, AlertLevel

    from tests.peers.tlslite_server import credentials, settings_for

    class Refusing(TLSConnection):  # type: ignore[misc]  # tlslite-ng publishes no types
        def _serverFinished(self, *arguments: Any, **named: Any) -> Iterator[Any]:  # noqa: N802  its own name
            yield from self._sendError(AlertDescription.access_denied, "not you")

    assert AlertLevel.fatal == 2
    arguments = credentials(SERVER) | {
        "settings": settings_for(suites_of(TLS_1_0, KeyExchange.RSA), TLS_1_0),
        "reqCert": True,
    }
    try:
        Refusing(stream).handshakeServer(**arguments)
    except Exception:
        return


async def test_a_server_without_a_common_suite_fails_the_handshake() -> None:
    """It takes AES only, the module offers RC4 only."""
    with ObedientPeer(CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA) as peer:
        async with ssl_bench(port=peer.port, tls_engine="native") as bench:
            await succeed(bench, "AT#SSLSECCFG=1,1,0")
            why = "no common suite: the peer sent the alert handshake_failure; the module offers RC4-MD5"
            await _handshake_refused(bench, why)
            await succeed(bench, "AT#SSLSECCFG=1,3,0")
            await dial(bench)


def _speak_tls_1_2(stream: socket.socket) -> None:
    from tlslite.api import TLSConnection

    from tests.peers.tlslite_server import credentials

    settings = HandshakeSettings()
    settings.minVersion = settings.maxVersion = (3, 3)
    try:
        TLSConnection(stream).handshakeServer(**credentials(SERVER) | {"settings": settings})
    except Exception:
        return


def _reset(stream: socket.socket) -> None:
    stream.recv(100)
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _close(stream: socket.socket) -> None:
    stream.recv(100)


@contextmanager
def _server_of_one(serve: Any, connections: int = 1) -> Iterator[int]:
    """Serves so many connections, each by `serve`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            listener.settimeout(TIMEOUT)
            for _ in range(connections):
                stream, _ = listener.accept()
                stream.settimeout(TIMEOUT)
                with stream:
                    serve(stream)

        thread = threading.Thread(target=run, name="server of one")
        thread.start()
        yield listener.getsockname()[1]
        thread.join(TIMEOUT)


@pytest.mark.parametrize(
    ("serve", "why"),
    [
        pytest.param(
            _speak_tls_1_2,
            "protocol version: the peer sent the alert protocol_version; the module speaks TLS 1.0 only",
            id="TLS 1.2 only",
        ),
        pytest.param(_reset, "peer closed: while waiting for server_hello", id="resets"),
        pytest.param(_close, "peer closed: while waiting for server_hello", id="closes"),
    ],
)
@pytest.mark.parametrize("engine", ["openssl", "native"])
async def test_a_server_that_does_not_go_through_with_it_fails_the_handshake(serve: Any, why: str, engine: str) -> None:
    """A newer version, a reset, an end in the middle: 839 each, with either engine."""
    with _server_of_one(serve, 3) as port, ObedientPeer() as good:
        async with ssl_bench(port=port, tls_engine=engine) as bench:
            await succeed(bench, "AT#SSLSECCFG=1,3,0")
            await _handshake_refused(bench, why)
            await _usable_with(bench, good)


async def test_a_server_that_speaks_no_tls_fails_the_handshake() -> None:
    """Plain text on the port."""
    with scripted_server(b"220 ready\r\n") as port:
        async with ssl_bench(port=port) as bench:
            assert cme(839) == await bench.command(_DIAL)
            assert ["not TLS: the first byte is 0x32; the server speaks no TLS at this port"] == _outcomes(bench)


async def test_a_server_that_goes_silent_fails_the_handshake_after_the_gap() -> None:
    """<Timeout> of #SSLD, in tenths of a second."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with ssl_bench(port=silent.getsockname()[1]) as bench:
            bench.send(f'AT#SSLD=1,443,"{HOST}",0,1,50\r')
            peer, _ = await asyncio.to_thread(silent.accept)
            with peer:
                assert await asyncio.to_thread(peer.recv, 100)
                await bench.advance(4.9)
                assert "" == bench.read()
                await bench.advance(0.1)
                assert cme(839) == await bench.answer()
                assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")
            assert ["silence: the peer sent nothing new for 5 s of the handshake"] == _outcomes(bench)


async def test_nobody_at_the_address_is_a_socket_error() -> None:
    """A refused connection, and a name that no resolver knows: 832."""
    async with ssl_bench(port=free_port()) as bench:
        await _refused(bench, 832, "SSL socket error")
        await _refused(bench, 832, "SSL socket error", 'AT#SSLD=1,443,"no-such-host.invalid",0,1')


async def test_a_dial_needs_its_context() -> None:
    """831 while context 1 is down (guide 2.1)."""
    async with ssl_bench() as bench:
        await succeed(bench, "AT#SGACT=1,0")
        await _refused(bench, 831, "SSL cannot activate")


@pytest.mark.parametrize("loss", ["context", "power"])
async def test_a_dial_that_is_under_way_ends_with_what_it_stands_on(loss: str) -> None:
    """The context goes: an error; the power goes: silence. The connection is broken in either case."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with ssl_bench(port=silent.getsockname()[1]) as bench:
            bench.send(f"{_DIAL}\r")
            peer, _ = await asyncio.to_thread(silent.accept)
            peer.settimeout(TIMEOUT)
            with peer:
                assert await asyncio.to_thread(peer.recv, 100)
                assert "connecting" == socket_of(bench).state.value
                if loss == "context":
                    bench.modem.device.contexts.deactivate(1)
                    assert cme(831) == await bench.answer()
                else:
                    bench.modem.device.power.restart()
                    await bench.advance(6)
                    assert "" == bench.read()
                    assert "ATE0\r" + OK == await bench.command("ATE0")
                with pytest.raises(ConnectionResetError):
                    await asyncio.to_thread(peer.recv, 100)
            assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")


async def test_a_modem_that_is_closed_while_it_dials_leaves_nothing_behind() -> None:
    """The attempt ends with it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with ssl_bench(port=silent.getsockname()[1]) as bench:
            bench.send(f"{_DIAL}\r")
            peer, _ = await asyncio.to_thread(silent.accept)
        with peer:
            peer.settimeout(TIMEOUT)
            with suppress(ConnectionResetError):
                while await asyncio.to_thread(peer.recv, 1000):
                    pass
        assert "closed" == socket_of(bench).state.value
