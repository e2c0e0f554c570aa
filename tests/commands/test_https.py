"""HTTPS: suites, security data and their lack, and what it excludes. RFC 2818; the settings are the SSL socket's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.device.http.client import HttpClient
from emulator.lab.ftps_server import PASSWORD, USER, FtpsServer
from emulator.lab.http_server import HttpServer
from emulator.lab.http_site import PAGES
from emulator.lab.tls_server import TlsOptions
from emulator.testing import Bench
from emulator.trace.events import HandshakeMessage, TlsOutcome
from tests.commands.http_bench import HTTPS, SERVER, http_bench, query, received
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import HOST, OK, RINGING, authenticate, cme, information, succeed
from tests.peers.pki import CLIENT, NOW, OTHER_ROOT, ROOT, Party
from tests.peers.pki import SERVER as TRUSTED

REQUEST = 'AT#HTTPQRY=0,0,"/"'
SILENT = 'AT#HTTPQRY=0,0,"/silent"'
ANSWER = f'0,200,"text/plain",{len(PAGES["/"])}'
DIAL = f'AT#SSLD=1,443,"{HOST}",0,1'
CLOCK = f'AT+CCLK="{NOW:%y/%m/%d,%H:%M:%S}+00"'
CHANGES = [
    "AT#SSLSECCFG=1,0,1",
    "AT#SSLCFG=1,1,300,90,100,50",
    "AT#SSLSECDATA=1,0,1",
    "AT#SSLSECDATA=1,1,1,100",
    "AT#SSLEN=1,0",
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[HttpServer]:
    """A server with a certificate of the tests' authority."""
    with HttpServer(**shown(TRUSTED, tmp_path)) as server:
        yield server


def shown(party: Party, folder: Path) -> TlsOptions:
    """The options of a server that shows a party's chain."""
    chain, key = party.write(folder)
    return TlsOptions(chain=(chain,), key=key)


def outcomes(bench: Bench) -> list[str]:
    """How each handshake ended, with its suite."""
    return [f"{event.outcome} {event.suite or ''}".strip() for event in bench.events if isinstance(event, TlsOutcome)]


@pytest.mark.parametrize(
    ("firmware", "number", "suite"),
    [
        ("GE910-QUAD", 1, "TLS_RSA_WITH_RC4_128_MD5"),
        ("GE910-QUAD", 3, "TLS_RSA_WITH_AES_256_CBC_SHA"),
        ("GL865-QUAD-V3", 2, "TLS_RSA_WITH_RC4_128_SHA"),
        (RINGING, 3, "TLS_RSA_WITH_AES_128_CBC_SHA"),
    ],
)
async def test_the_suite_is_that_of_the_ssl_socket(server: HttpServer, firmware: str, number: int, suite: str) -> None:
    """#SSLSECCFG chooses it, on each line by its own number; no session is resumed."""
    async with http_bench(server.port, firmware) as bench:
        await succeed(bench, *HTTPS, f"AT#SSLSECCFG=1,{number},0")
        for _ in range(2):
            assert ANSWER == await query(bench, "/")
            assert PAGES["/"] == await received(bench)

        assert [f"established {suite}"] * 2 == outcomes(bench)


async def test_a_server_is_authenticated(server: HttpServer) -> None:
    """By the stored CA certificate; with that of another authority the trace tells why not, and nothing is asked."""
    async with http_bench(server.port) as bench:
        await succeed(bench, *HTTPS, CLOCK)
        await authenticate(bench, ROOT)
        assert ANSWER == await query(bench, "/")
        assert PAGES["/"] == await received(bench)

        await authenticate(bench, OTHER_ROOT)
        assert cme(839) == await bench.command(REQUEST)

        untrusted = "untrusted: certificate CN=Test intermediate: unable to get local issuer certificate"
        assert outcomes(bench)[-1].startswith(untrusted)
        assert 1 == len(server.requests)


async def test_the_module_shows_its_certificate(tmp_path: Path) -> None:
    """<auth_mode> 2; with less the server hangs up after the handshake, so that there is no answer."""
    options = shown(TRUSTED, tmp_path) | TlsOptions(requires_certificate=True)
    with HttpServer(**options) as server:
        async with http_bench(server.port) as bench:
            await succeed(bench, *HTTPS, CLOCK)
            await authenticate(bench, ROOT, CLIENT)
            assert ANSWER == await query(bench, "/")
            assert PAGES["/"] == await received(bench)

            await succeed(bench, "AT#SSLSECCFG=1,0,1")
            bench.send(f"{REQUEST}\r")
            heard = await bench.until('#HTTPRING: 0,0,"",0\r\n')
            assert heard.startswith(OK) or heard in (cme(563), cme(839))
        assert 1 == len(server.requests)


async def test_missing_security_data_is_told_before_dialling(server: HttpServer) -> None:
    """As by #SSLD."""
    async with http_bench(server.port) as bench:
        await succeed(bench, *HTTPS, "AT#SSLSECCFG=1,0,1")
        assert cme(837) == await bench.command(REQUEST)
        assert cme(837) == await bench.command('AT#HTTPSND=0,0,"/",5')
    assert 0 == server.served


@pytest.mark.parametrize("misbehaviour", ["hangs-up", "resets", "refuses", "no-tls"])
async def test_a_handshake_that_fails(misbehaviour: str) -> None:
    """Told by the command itself."""
    with HttpServer(misbehaviour=misbehaviour) as server:
        async with http_bench(server.port) as bench:
            await succeed(bench, *HTTPS)
            assert cme(839) == await bench.command(REQUEST)


async def test_a_handshake_without_a_word_ends_with_the_timeout() -> None:
    """That of the profile, from packet to packet."""
    with HttpServer(misbehaviour="silent") as server:
        async with http_bench(server.port) as bench:
            await succeed(bench, *HTTPS, "AT#HTTPCFG=0,,,,,,,20")
            bench.send(f"{REQUEST}\r")
            await eventually(lambda: any(isinstance(event, HandshakeMessage) for event in bench.events), "it begins")
            await bench.advance(19)
            assert "" == bench.read()
            await bench.advance(2)
            assert cme(839) == await bench.answer()


async def test_the_ssl_socket_excludes_https(server: HttpServer) -> None:
    """While it is open; HTTP in clear text does not mind."""
    async with http_bench(server.port) as bench:
        await succeed(bench, *HTTPS, f'AT#SSLD=1,443,"{SERVER}",0,1')
        assert cme(835) == await bench.command(REQUEST)
        assert cme(835) == await bench.command('AT#HTTPSND=0,0,"/",5')
        await succeed(bench, f'AT#HTTPCFG=1,"{SERVER}"')
        assert ANSWER.replace("0,", "1,", 1) == await query(bench, "/", number=1)
        await succeed(bench, "AT#SSLH=1")
        assert ANSWER == await query(bench, "/")


async def test_https_excludes_the_ssl_socket_and_freezes_its_settings(server: HttpServer) -> None:
    """Until the answer is over, however it ends."""
    with ObedientPeer() as peer:
        async with http_bench(server.port, others={HOST: f"127.0.0.1:{peer.port}"}) as bench:
            await succeed(bench, *HTTPS, SILENT)
            assert cme(835) == await bench.command(DIAL)
            for line in CHANGES:
                assert cme(834) == await bench.command(line), line
            assert information("#SSLEN: 1,1") == await bench.command("AT#SSLEN?")

            await bench.advance(121)
            assert '\r\n#HTTPRING: 0,0,"",0\r\n' == await bench.until("\r\n", '0,0,"",0\r\n')
            await succeed(bench, DIAL, "AT#SSLH=1", "AT#SSLSECCFG=1,0,0", "AT#SSLEN=1,0")


async def test_an_answer_that_is_over_excludes_nothing(server: HttpServer) -> None:
    """Though its body is not read yet."""
    async with http_bench(server.port) as bench:
        await succeed(bench, *HTTPS)
        assert ANSWER == await query(bench, "/")
        client: HttpClient = bench.modem.device.http
        await eventually(lambda: client.connections == 0, "the server has closed")
        await succeed(bench, f'AT#SSLD=1,443,"{SERVER}",0,1', "AT#SSLH=1")
        assert PAGES["/"] == await received(bench)


async def test_there_is_one_https_connection_at_a_time(server: HttpServer) -> None:
    """[choice] as there is one SSL socket; `secure_socket.services_at_once` allows more."""
    second = f'AT#HTTPCFG=1,"{SERVER}",443,0,"","",1'
    async with http_bench(server.port) as bench:
        await succeed(bench, *HTTPS, second, SILENT)
        assert cme(835) == await bench.command('AT#HTTPQRY=1,0,"/"')
    async with http_bench(server.port, settings=["secure_socket.services_at_once=2"]) as bench:
        await succeed(bench, *HTTPS, second, SILENT)
        assert ANSWER.replace("0,", "1,", 1) == await query(bench, "/", number=1)


async def test_ftps_and_https_exclude_each_other(server: HttpServer) -> None:
    """In both orders."""
    with FtpsServer() as files:
        async with http_bench(server.port, others={"ftp.lab:21": files.address}) as bench:
            login = f"AT#FTPOPEN=ftp.lab,{USER},{PASSWORD},1"
            await succeed(bench, *HTTPS, "AT#FTPCFG=100,0,1", login)
            assert cme(835) == await bench.command(REQUEST)
            await succeed(bench, "AT#FTPCLOSE", SILENT)
            assert cme(835) == await bench.command(login)


async def test_another_generation_wants_ssl_disabled(server: HttpServer) -> None:
    """`http.beside_ssl`: configured while SSL is enabled, used while it is not."""
    async with http_bench(server.port, settings=['http.beside_ssl=["disabled"]']) as bench:
        await succeed(bench, *HTTPS)
        assert cme(835) == await bench.command(REQUEST)
        await succeed(bench, "AT#SSLEN=1,0")
        assert ANSWER == await query(bench, "/")


@pytest.mark.parametrize("firmware", ["HE910@12.00.001", "GE910-QUAD@13.00.002"])
async def test_a_release_without_ssl_has_no_https(firmware: str) -> None:
    """<ssl_enabled> can only be 0, as 12.00.004 shows it, which knows no HTTPS either."""
    async with http_bench(9, firmware) as bench:
        await succeed(bench, 'AT#HTTPCFG=0,"a",80,0,"","",0,20,1')
        assert cme(4) == await bench.command('AT#HTTPCFG=0,"b",443,0,"","",1')
        assert cme(4) == await bench.command('AT#HTTPCFG=0,"b",443,0,"","",1,20,1')
        shown, form = await bench.command("AT#HTTPCFG?"), await bench.command("AT#HTTPCFG=?")

    assert '#HTTPCFG: 0,"a",80,0,"","",0,20,1\r\n' in shown
    assert "#HTTPCFG: (0-2),50,(1-65535),(0,1),50,50,(0),(1-65535),(1-5)" in form
