"""FTPS: AUTH TLS, two TLS sessions, security data, and what the server may get wrong. Guide chapter 5, RFC 4217."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from emulator.lab.ftps_server import PASSWORD, USER, FtpsServer
from emulator.testing import Bench
from emulator.trace.events import FtpSaid, HandshakeMessage, TlsOutcome
from tests.commands.ftp_bench import SERVER, append, ftp_bench, transfer, upload
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import (
    CONNECT,
    GSM,
    HOST,
    NO_CARRIER,
    OK,
    UMTS,
    authenticate,
    cme,
    information,
    store,
    succeed,
)
from tests.commands.test_ftp_online import BINARY
from tests.peers.ftp_script import HANG_UP, ScriptedFtpServer
from tests.peers.pki import CLIENT, EXPIRED_SERVER, NOW, OTHER_ROOT, ROOT, Party
from tests.peers.pki import SERVER as TRUSTED

OPEN = f"AT#FTPOPEN={SERVER},{USER},{PASSWORD}"
FILES = {"a": BINARY}
NOT_FROZEN = "ftp.freezes_ssl=false"


def identity(party: Party, folder: Path) -> tuple[tuple[Path], Path]:
    """Its chain and key in files."""
    chain, key = party.write(folder)
    return (chain,), key


@asynccontextmanager
async def ready(port: int, firmware: str = UMTS, **options: Any) -> AsyncIterator[Bench]:
    """A bench with FTPS switched on, and SSL enabled."""
    async with ftp_bench(port, firmware, **options) as bench:
        await succeed(bench, "AT#SSLEN=1,1", "AT#FTPCFG=100,0,1", f'AT+CCLK="{NOW:%y/%m/%d,%H:%M:%S}+00"')
        yield bench


def outcomes(bench: Bench) -> list[str]:
    """How each handshake ended, and whether it resumed a session."""
    return [f"{event.outcome} {event.resumed}" for event in bench.events if isinstance(event, TlsOutcome)]


def said(bench: Bench) -> list[str]:
    """The verbs that were sent, and the handshakes between them."""
    verbs = []
    for event in bench.events:
        if isinstance(event, FtpSaid) and event.direction == "sent":
            verbs.append(event.text.partition(" ")[0])
        elif isinstance(event, TlsOutcome):
            verbs.append(event.outcome)
    return verbs


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize(
    ("firmware", "suite", "engine"),
    [(UMTS, 3, "openssl"), (UMTS, 3, "native"), (GSM, 3, "openssl"), (GSM, 3, "native"), (UMTS, 0, "auto")],
)
async def test_everything_works_within_tls(firmware: str, suite: int, engine: str, mode: int) -> None:
    """Both ways, both modes, both engines; user and password travel after the handshake."""
    with FtpsServer(FILES, requires_tls=True) as server:
        async with ready(server.port, firmware, tls_engine=engine) as bench:
            await succeed(bench, f"AT#SSLSECCFG=1,{suite},0", f"{OPEN},{mode}")
            login = ["AUTH", "established", "USER", "PASS", "PBSZ", "PROT", "TYPE"]
            assert login == said(bench)
            assert BINARY == await download(bench, "AT#FTPGET=a", BINARY)
            assert NO_CARRIER == await upload(bench, "AT#FTPPUT=b", BINARY)
            assert BINARY == (server.root / "b").read_bytes()
            await succeed(bench, "AT#FTPAPP=b,1")
            assert information("#FTPAPPEXT: 5") == await append(bench, b"12345", end=True)
            assert BINARY + b"12345" == (server.root / "b").read_bytes()
            assert b"a" in await transfer(bench, "AT#FTPLIST")
            assert cme(606) == await bench.command("AT#FTPDELE=nothing")
            await succeed(bench, "AT#FTPDELE=b", "AT#FTPCLOSE")
            assert ["established False"] * 5 == outcomes(bench)


async def download(bench: Bench, line: str, content: bytes) -> bytes:
    """A file that may hold what looks like the end."""
    bench.send(f"{line}\r")
    heard = (await bench.until(content[-50:].decode("latin-1") + NO_CARRIER)).encode("latin-1")
    return heard.removeprefix(CONNECT.encode()).removesuffix(NO_CARRIER.encode())


async def test_the_suites_of_the_configuration_are_offered() -> None:
    """On the data connection as on the control connection: those of #SSLSECCFG, here one that the server has not."""
    with FtpsServer(FILES) as server:
        async with ready(server.port, settings=[NOT_FROZEN]) as bench:
            await succeed(bench, "AT#SSLSECCFG=1,4,0")
            assert cme(839) == await bench.command(OPEN)
            await succeed(bench, "AT#SSLSECCFG=1,3,0", f"{OPEN},1", "AT#SSLSECCFG=1,4,0")
            assert NO_CARRIER == await bench.command("AT#FTPGET=a")
            await succeed(bench, "AT#SSLSECCFG=1,3,0")
            assert BINARY == await download(bench, "AT#FTPGET=a", BINARY)


@pytest.mark.parametrize("ca", [ROOT, OTHER_ROOT])
async def test_the_server_is_authenticated(ca: Party, tmp_path: Path) -> None:
    """By the stored CA certificate; an untrusted server learns neither user nor password."""

    chain, key = identity(TRUSTED, tmp_path)
    with FtpsServer(FILES, chain=chain, key=key) as server:
        async with ready(server.port) as bench:
            await succeed(bench, "AT#SSLSECCFG=1,0,1")
            assert cme(837) == await bench.command(OPEN)
            await authenticate(bench, ca)
            if ca is ROOT:
                await succeed(bench, f"{OPEN},1")
                assert BINARY == await download(bench, "AT#FTPGET=a", BINARY)
            else:
                assert cme(839) == await bench.command(OPEN)
                assert "USER" not in said(bench)
                assert cme(607) == await bench.command("AT#FTPPWD")


async def test_an_expired_server_is_refused_at_the_date_of_the_module(tmp_path: Path) -> None:
    """And accepted when the clock is set back (guide 3.3.1)."""

    chain, key = identity(EXPIRED_SERVER, tmp_path)
    with FtpsServer(FILES, chain=chain, key=key) as server:
        async with ready(server.port) as bench:
            await authenticate(bench, ROOT)
            assert cme(839) == await bench.command(OPEN)
            await succeed(bench, 'AT+CCLK="13/06/01,12:00:00+00"', f"{OPEN},1", "AT#FTPCLOSE")


@pytest.mark.parametrize("line", ["AT#FTPGET=a", "AT#FTPPUT=b", "AT#FTPLIST"])
async def test_an_untrusted_certificate_on_the_data_port(line: str, tmp_path: Path) -> None:
    """The transfer does not come about, nothing of the file is sent, and the session stays usable."""

    (chain, key), stranger = identity(TRUSTED, tmp_path), identity(TRUSTED.but(issuer=OTHER_ROOT, name="x"), tmp_path)
    with FtpsServer(FILES, chain=chain, key=key, data_identity=stranger) as server:
        async with ready(server.port) as bench:
            await authenticate(bench, ROOT)
            await succeed(bench, f"{OPEN},1")
            assert NO_CARRIER == await bench.command(line)
            assert cme(839) == await bench.command("AT#FTPGETPKT=a")
            assert cme(839) == await bench.command("AT#FTPPUT=b,1")
            assert (await bench.command("AT#FTPPWD")).endswith(OK)
            assert not (server.root / "b").exists() or (server.root / "b").read_bytes() == b""


async def test_the_module_shows_its_certificate_on_both_connections(tmp_path: Path) -> None:
    """<auth_mode> 2; without it the server refuses."""

    chain, key = identity(TRUSTED, tmp_path)
    with FtpsServer(FILES, chain=chain, key=key, requires_certificate=True) as server:
        async with ready(server.port) as bench:
            assert cme(839) == await bench.command(OPEN)
            await authenticate(bench, ROOT, CLIENT)
            await succeed(bench, f"{OPEN},1")
            assert BINARY == await download(bench, "AT#FTPGET=a", BINARY)
            shown = [
                event for event in bench.events if isinstance(event, HandshakeMessage) and event.direction == "sent"
            ]
            assert 2 == len([event for event in shown if event.name == "certificate_verify"])


async def test_security_data_may_change_between_the_two_handshakes() -> None:
    """Where the firmware lets it: the data connection uses what is stored when it is opened."""
    with FtpsServer(FILES) as server:
        async with ready(server.port, settings=[NOT_FROZEN]) as bench:
            await succeed(bench, f"{OPEN},1", "AT#SSLSECCFG=1,0,1")
            await store(bench, 1, OTHER_ROOT.pem)
            assert NO_CARRIER == await bench.command("AT#FTPGET=a")
            await succeed(bench, "AT#SSLSECCFG=1,0,0")
            assert BINARY == await download(bench, "AT#FTPGET=a", BINARY)


@pytest.mark.parametrize("refusal", ["500 what?", "502 no", "504 no TLS here", "534 policy", HANG_UP])
async def test_a_server_without_tls_learns_nothing(refusal: str) -> None:
    """606, and the connection is closed before USER."""
    with ScriptedFtpServer(replies={"AUTH": refusal}) as server:
        async with ready(server.port) as bench:
            assert cme(606) == await bench.command(OPEN)
            assert cme(607) == await bench.command("AT#FTPPWD")
        assert ["AUTH TLS"] == server.heard


async def test_a_server_that_says_more_than_it_should_before_tls() -> None:
    """Clear text that came along with 234 is not taken for something said within TLS: the login ends."""
    with ScriptedFtpServer(replies={"AUTH": "234 go on\r\n230 you are in\r\n200 fine"}) as server:
        async with ready(server.port) as bench:
            assert cme(606) == await bench.command(OPEN)
        assert "PASS" not in server.verbs


async def test_a_server_that_promises_tls_and_does_nothing() -> None:
    """839 when it has been silent for the time limit in the handshake."""
    with ScriptedFtpServer(replies={"AUTH": "234 go on"}) as server:
        async with ready(server.port) as bench:
            bench.send(f"{OPEN}\r")
            await eventually(lambda: sent_hello(bench), "the module has begun the handshake")
            await bench.advance(10.1)
            assert cme(839) == await bench.answer()


def sent_hello(bench: Bench) -> bool:
    """Whether a handshake has begun."""
    return any(isinstance(event, HandshakeMessage) and event.name == "client_hello" for event in bench.events)


async def test_a_session_in_clear_text_stays_so() -> None:
    """FTPS switched on later is for the next session; no PROT, no handshake."""
    with FtpsServer(FILES) as server:
        async with ready(server.port) as bench:
            await succeed(bench, "AT#FTPCFG=100,0,0", f"{OPEN},1", "AT#FTPCFG=100,0,1")
            assert BINARY == await download(bench, "AT#FTPGET=a", BINARY)
            assert [] == outcomes(bench)


async def test_an_ssl_socket_and_an_ftps_session_exclude_each_other() -> None:
    """While the SSL socket is open there is no FTPS, and while FTPS is open no SSL socket; plain FTP does not mind."""
    with FtpsServer(FILES) as server, ObedientPeer() as peer:
        async with ready_beside(server, peer) as bench:
            dial = f"AT#SSLD=1,443,{HOST},0,1"
            await succeed(bench, dial)
            assert cme(835) == await bench.command(OPEN)
            await succeed(bench, "AT#FTPCFG=100,0,0", f"{OPEN},1", "AT#FTPCLOSE", "AT#SSLH=1", "AT#FTPCFG=100,0,1")
            await succeed(bench, f"{OPEN},1")
            assert cme(835) == await bench.command(dial)
            await succeed(bench, "AT#FTPCLOSE", dial, "AT#SSLH=1")


_CHANGES = [
    "AT#SSLSECCFG=1,0,1",
    "AT#SSLCFG=1,1,300,90,100,50",
    "AT#SSLSECDATA=1,0,1",
    "AT#SSLSECDATA=1,1,1,100",
    "AT#SSLEN=1,0",
]


async def test_ssl_is_frozen_while_an_ftps_session_is_open() -> None:
    """As while the SSL socket is open: both TLS sessions of FTPS use what the first one did. Guide chapter 5."""
    with FtpsServer(FILES) as server:
        async with ready(server.port) as bench:
            await succeed(bench, f"{OPEN},1")
            for line in _CHANGES:
                assert cme(834) == await bench.command(line), line
            assert information("#SSLEN: 1,1") == await bench.command("AT#SSLEN?")
            assert BINARY == await download(bench, "AT#FTPGET=a", BINARY)
            await succeed(bench, "AT#FTPCLOSE", "AT#SSLSECCFG=1,0,0", "AT#SSLEN=1,0")


async def test_plain_ftp_freezes_nothing_and_a_profile_can_free_ftps() -> None:
    """`ftp.freezes_ssl`."""
    with FtpsServer(FILES) as server:
        async with ready(server.port) as bench:
            await succeed(bench, "AT#FTPCFG=100,0,0", f"{OPEN},1", "AT#SSLSECCFG=1,0,0", "AT#SSLEN=1,0")
        async with ready(server.port, settings=[NOT_FROZEN]) as bench:
            await succeed(bench, f"{OPEN},1", "AT#SSLSECCFG=1,0,0", "AT#SSLEN=1,0")


async def test_another_generation_wants_ssl_disabled() -> None:
    """`ftp.beside_ssl`: configured while SSL is enabled, used while it is not."""
    with FtpsServer(FILES) as server:
        async with ready(server.port, settings=['ftp.beside_ssl=["disabled"]']) as bench:
            assert cme(835) == await bench.command(OPEN)
            await succeed(bench, "AT#SSLEN=1,0", f"{OPEN},1")
            assert cme(835) == await bench.command("AT#SSLEN=1,1")
            await succeed(bench, "AT#FTPCLOSE", "AT#SSLEN=1,1")


async def test_a_session_that_the_server_ends_excludes_nothing() -> None:
    """The SSL socket can be dialled at once."""
    with FtpsServer(FILES) as server, ObedientPeer() as peer:
        async with ready_beside(server, peer) as bench:
            await succeed(bench, f"{OPEN},1")
            session = bench.modem.device.ftp.session
            server.close()
            while not session.is_over:  # noqa: ASYNC110  the server's thread brings it about
                await asyncio.sleep(0.002)
            await succeed(bench, f"AT#SSLD=1,443,{HOST},0,1")


@asynccontextmanager
async def ready_beside(server: FtpsServer, peer: ObedientPeer) -> AsyncIterator[Bench]:
    """A bench with an SSL server at hand, too."""
    routes = {f"{SERVER}:21": f"127.0.0.1:{server.port}", HOST: f"127.0.0.1:{peer.port}"}
    async with Bench(UMTS, routes=routes) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=1,"IP","a"')
        await bench.command("AT#SGACT=1,1")
        await succeed(bench, "AT#SSLEN=1,1", "AT#FTPCFG=100,0,1")
        yield bench
