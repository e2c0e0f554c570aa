"""HTTPS, FTPS and SMTPS of later lines: all of SSId 1's settings hold for them, with servers that speak TLS 1.2 alone.

On an LE910 V2 the native engine runs them while SSL is enabled, on an ME910G1 the OpenSSL engine while it is not.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from emulator.device.connection.states import State
from emulator.lab.ftps_server import PASSWORD, USER, FtpsServer
from emulator.lab.http_server import HttpServer
from emulator.lab.http_site import PAGES
from emulator.lab.smtp_server import SmtpServer
from emulator.testing import Bench
from emulator.trace.events import EngineChosen, TlsOutcome
from tests.commands.email_bench import SERVER as SMTP_SERVER
from tests.commands.email_bench import send as send_mail
from tests.commands.ftp_bench import SERVER as FTP_SERVER
from tests.commands.ftp_bench import append, upload
from tests.commands.http_bench import SERVER, query, received
from tests.commands.later import LE910_V2, ME910G1
from tests.commands.ssl_bench import NO_CARRIER, OK, authenticate, cme, socket_of, succeed
from tests.commands.test_email_tls import IMPLICIT, START_TLS
from tests.commands.test_ftp_online import BINARY
from tests.commands.test_ftps import download
from tests.commands.test_later_services import active
from tests.peers.ftp_servers import FtpPeer, proftpd_server, vsftpd_server
from tests.peers.nginx_names import nginx_named
from tests.peers.pki import CLIENT, NOW, OTHER_ROOT, ROOT, Party
from tests.peers.pki import SERVER as TRUSTED

BOTH = pytest.mark.parametrize(("firmware", "handshake"), [(LE910_V2, 839), (ME910G1, 1004)])
"""With the number of `SSL error during handshake`."""
TLS_1_2 = "AT#SSLSECCFG2=1,3"
TLS_1_0 = "AT#SSLSECCFG2=1,1"
CLOCK = f'AT+CCLK="{NOW:%y/%m/%d,%H:%M:%S}+00"'
REQUEST = 'AT#HTTPQRY=0,0,"/"'


async def ready(bench: Bench, firmware: str, ca: Party = ROOT, client: Party | None = None) -> None:
    """A context, the time of the certificates, what authentication needs, and SSL enabled where the line wants that."""
    await active(bench)
    await succeed(bench, CLOCK)
    await stored(bench, firmware, ca, client)


async def stored(bench: Bench, firmware: str, ca: Party, client: Party | None = None) -> None:
    """Certificates are stored while SSL is enabled."""
    await bench.command("AT#SSLEN=1,1")
    await authenticate(bench, ca, client)
    if firmware == ME910G1:
        await succeed(bench, "AT#SSLEN=1,0")


def outcomes(bench: Bench) -> list[str]:
    """How each handshake ended, and whether it resumed a session."""
    return [f"{event.outcome} {event.resumed}" for event in bench.events if isinstance(event, TlsOutcome)]


def engines(bench: Bench) -> set[str]:
    return {event.engine for event in bench.events if isinstance(event, EngineChosen)}


@BOTH
async def test_https_speaks_the_version_and_says_the_name(firmware: str, handshake: int, tmp_path: Path) -> None:
    """To an nginx that takes TLS 1.2 alone and knows its name, by #SSLSECCFG2; a wrong CA certificate is not enough."""
    with nginx_named(tmp_path, SERVER, "TLSv1.2") as port:
        async with Bench(firmware, routes={f"{SERVER}:443": f"127.0.0.1:{port}"}) as bench:
            await ready(bench, firmware)
            await succeed(bench, f'AT#HTTPCFG=0,"{SERVER}",443,0,"","",1')
            for settings in (f"{TLS_1_0},1", f"{TLS_1_2},0"):
                await succeed(bench, settings)
                assert cme(handshake) == await bench.command(REQUEST), settings
            await succeed(bench, f"{TLS_1_2},1")
            assert (await query(bench, "/nothing")).startswith("0,404,")
            await stored(bench, firmware, OTHER_ROOT)
            assert cme(handshake) == await bench.command(REQUEST)
            assert {"native" if firmware == LE910_V2 else "openssl"} == engines(bench)
            state = State.CLOSED if firmware == LE910_V2 else State.DISABLED
            assert state is socket_of(bench).state


@BOTH
async def test_https_shows_the_certificate_of_the_module(firmware: str, handshake: int, tmp_path: Path) -> None:
    """<auth_mode> 2, and not with 1; the suite that #SSLSECCFG chooses by number, where the line has numbers."""
    chain, key = TRUSTED.write(tmp_path)
    options = {"chain": (chain,), "key": key, "requires_certificate": True, "versions": ("TLS 1.2", "TLS 1.2")}
    with HttpServer(**options) as server:  # type: ignore[arg-type]  # of several types
        async with Bench(firmware, routes={f"{SERVER}:443": server.address}) as bench:
            await ready(bench, firmware, client=CLIENT)
            await succeed(bench, TLS_1_2, f'AT#HTTPCFG=0,"{SERVER}",443,0,"","",1')
            if firmware == LE910_V2:
                await succeed(bench, "AT#SSLSECCFG=1,3,2")
            assert (await query(bench, "/")).startswith("0,200,")
            suites = [event.suite for event in bench.events if isinstance(event, TlsOutcome)]
            assert PAGES["/"] == await received(bench)
            assert (suites == ["TLS_RSA_WITH_AES_128_CBC_SHA"]) is (firmware == LE910_V2)
            await succeed(bench, "AT#SSLSECCFG=1,0,1")
            bench.send(f"{REQUEST}\r")
            heard = await bench.until('#HTTPRING: 0,0,"",0\r\n')
            assert heard.startswith(OK) or heard in (cme(563), cme(handshake))
        assert 1 == len(server.requests)


@contextmanager
def pyftpdlib(folder: Path, *, reuse: bool) -> Iterator[FtpPeer]:
    chain, key = TRUSTED.write(folder)
    with FtpsServer({}, chain=(chain,), key=key, versions=("TLS 1.2", "TLS 1.3")) as server:
        yield FtpPeer(server.port, server.root, USER, PASSWORD)


@contextmanager
def proftpd(folder: Path, *, reuse: bool) -> Iterator[FtpPeer]:
    with proftpd_server(folder, reuse=reuse, versions="TLSv1.2") as peer:
        yield peer


SERVERS: dict[str, tuple[Callable[..., AbstractContextManager[FtpPeer]], bool]] = {
    "vsftpd": (vsftpd_server, True),
    "proftpd": (proftpd, True),
    "pyftpdlib": (pyftpdlib, False),
}
"""With whether each insists on the session of the control connection for each data connection."""


@pytest.mark.parametrize("name", SERVERS)
async def test_ftps_resumes_its_session_for_each_data_connection(name: str, tmp_path: Path) -> None:
    """By TLS 1.2 on an ME910G1: up and down, online and in command mode, as servers of today insist on."""
    start, insists = SERVERS[name]
    with start(tmp_path, reuse=insists) as peer:
        async with Bench(ME910G1, routes={f"{FTP_SERVER}:21": f"127.0.0.1:{peer.port}"}) as bench:
            await ready(bench, ME910G1)
            await succeed(bench, TLS_1_2, "AT#FTPCFG=100,0,1")
            await succeed(bench, f"AT#FTPOPEN={FTP_SERVER},{peer.user},{peer.password},1")
            assert NO_CARRIER == await upload(bench, 'AT#FTPPUT="a.bin"', BINARY)
            assert BINARY == (peer.root / "a.bin").read_bytes()
            assert BINARY == await download(bench, 'AT#FTPGET="a.bin"', BINARY)
            await succeed(bench, 'AT#FTPAPP="b",1')
            assert (await append(bench, b"data", end=True)).endswith(OK)
            assert b"data" == (peer.root / "b").read_bytes()
            await succeed(bench, "AT#FTPCLOSE")
            assert ["established False", *[f"established {insists}"] * 3] == outcomes(bench)


async def test_ftps_without_resuming(tmp_path: Path) -> None:
    """On an LE910 V2 as on older lines: such a server takes no data connection; `ftp.resumes_session` says so."""
    with vsftpd_server(tmp_path, reuse=True) as peer:
        async with Bench(LE910_V2, routes={f"{FTP_SERVER}:21": f"127.0.0.1:{peer.port}"}) as bench:
            await ready(bench, LE910_V2)
            await succeed(bench, TLS_1_2, "AT#FTPCFG=100,0,1")
            await succeed(bench, f"AT#FTPOPEN={FTP_SERVER},{peer.user},{peer.password},1")
            bench.send("AT#FTPPUT=a\r")
            await bench.until(NO_CARRIER)
            assert cme(615) == await bench.command("AT#FTPPUT=b,1")


@pytest.mark.parametrize("mode", [IMPLICIT, START_TLS])
async def test_mails_speak_the_version_and_say_the_name(mode: int, tmp_path: Path) -> None:
    """To a server of TLS 1.2 alone; an LE910 V2 has no <mode>, its TLS begins at once."""
    names: list[str | None] = []
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = made.maximum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers("ALL:@SECLEVEL=0")
    made.load_cert_chain(*TRUSTED.write(tmp_path))
    made.sni_callback = lambda connection, name, context: names.append(name)
    with SmtpServer(tls=made, starts_tls=mode == START_TLS) as server:
        for firmware in (LE910_V2, ME910G1) if mode == IMPLICIT else (ME910G1,):
            async with Bench(firmware, routes={f"{SMTP_SERVER}:465": f"127.0.0.1:{server.port}"}) as bench:
                await ready(bench, firmware)
                await succeed(bench, f'AT#ESMTP="{SMTP_SERVER}"', 'AT#EADDR="me@example.com"')
                await succeed(bench, "AT#SMTPCFG=1,465" + (f",{mode},0,0,1" if firmware == ME910G1 else ""), TLS_1_0)
                assert cme(839 if firmware == LE910_V2 else 1004) == await send_mail(bench)
                await succeed(bench, f"{TLS_1_2},1")
                assert OK == await send_mail(bench)
                assert [SMTP_SERVER] == names
                names.clear()
    assert (2 if mode == IMPLICIT else 1) == len(server.mails)
