"""Mails within TLS: #SMTPCFG, from the start or by STARTTLS, and what excludes them. RFC 8314, RFC 3207."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from emulator.lab.smtp_server import SmtpServer
from emulator.testing import Bench
from emulator.trace.events import HandshakeMessage, SmtpSaid, TlsOutcome
from tests.commands.email_bench import MAIL, SERVER, begin, email_bench, send
from tests.commands.lines import EVERY_LINE
from tests.commands.peer import eventually
from tests.commands.ssl_bench import ERROR, OK, authenticate, cme, information, succeed
from tests.commands.test_board import restart
from tests.peers.pki import NOW, OTHER_ROOT, ROOT
from tests.peers.pki import SERVER as TRUSTED

HANDSHAKE = 839
"""Number of the error of a handshake."""

WITH_TLS = [
    "email.configuration.secure={choices=[0,1],default=0}",
    "email.configuration.port={range=[1,65535],default=25}",
    "email.configuration.modes={choices=[0,1],default=0}",
    "email.configuration.start_tls_modes=[1]",
    "email.configuration.reserved=2",
    "email.configuration.cids={range=[1,5],default=1}",
]
CLOCK = f'AT+CCLK="{NOW:%y/%m/%d,%H:%M:%S}+00"'
IMPLICIT, START_TLS = 0, 1


def context(folder: Path) -> ssl.SSLContext:
    """That of a server which speaks what old modules speak, too, with a certificate of the tests' authority."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1
    made.set_ciphers("ALL:@SECLEVEL=0")
    made.load_cert_chain(*TRUSTED.write(folder))
    return made


@asynccontextmanager
async def secure_bench(port: int, mode: int, **options: Any) -> AsyncIterator[Bench]:
    """A module that has SSL enabled and sends its mails within TLS."""
    routes = {f"{SERVER}:465": f"127.0.0.1:{port}"}
    async with email_bench(9, settings=WITH_TLS, more_routes=routes, **options) as bench:
        await succeed(bench, CLOCK, "AT#SSLEN=1,1", f"AT#SMTPCFG=1,465,{mode}")
        yield bench


def said(bench: Bench) -> list[str]:
    """The verbs that were sent, and the handshakes between them."""
    return [
        event.text.partition(" ")[0] if isinstance(event, SmtpSaid) else event.outcome.partition(":")[0]
        for event in bench.events
        if isinstance(event, TlsOutcome) or (isinstance(event, SmtpSaid) and event.direction == "sent")
    ]


@EVERY_LINE
async def test_older_lines_send_in_clear_text(firmware: str) -> None:
    """There is no #SMTPCFG."""
    async with email_bench(9, firmware) as bench:
        assert ERROR == await bench.command("AT#SMTPCFG=1,465")


async def test_what_is_left_out_stays_and_esav_saves_it() -> None:
    """Six values where the line has them, two where it has two; #ERST restores the factory's."""
    async with email_bench(9, settings=WITH_TLS) as bench:
        assert information("#SMTPCFG: (0,1),(1-65535),(0,1),(0),(0),(1-5)") == await bench.command("AT#SMTPCFG=?")
        assert information("#SMTPCFG: 0,25,0,0,0,1") == await bench.command("AT#SMTPCFG?")
        await succeed(bench, "AT#SMTPCFG=1,465,1,0,0,2", "AT#SMTPCFG=0")
        assert information("#SMTPCFG: 0,465,1,0,0,2") == await bench.command("AT#SMTPCFG?")
        assert cme(4) == await bench.command("AT#SMTPCFG=0,25,0,1")
        await succeed(bench, "AT#ESAV", "AT#ERST")
        assert information("#SMTPCFG: 0,25,0,0,0,1") == await bench.command("AT#SMTPCFG?")
        await restart(bench)
        await bench.command("ATE0")
        assert information("#SMTPCFG: 0,465,1,0,0,2") == await bench.command("AT#SMTPCFG?")
    async with email_bench(9, settings=WITH_TLS[:2]) as bench:
        await succeed(bench, "AT#SMTPCFG=1,465")
        assert information("#SMTPCFG: 1,465") == await bench.command("AT#SMTPCFG?")
        assert cme(4) == await bench.command("AT#SMTPCFG=1,465,0")


@pytest.mark.parametrize("mode", [IMPLICIT, START_TLS])
async def test_a_mail_within_tls(mode: int, tmp_path: Path) -> None:
    """The server is authenticated by the stored certificate, and the login comes after the handshake."""
    with SmtpServer(tls=context(tmp_path), starts_tls=mode == START_TLS, requires_login=True) as server:
        async with secure_bench(server.port, mode) as bench:
            await authenticate(bench, ROOT)
            await succeed(bench, 'AT#EUSER="telit"', 'AT#EPASSW="public-demo"')
            assert OK == await send(bench)
            began = ["EHLO", "STARTTLS", "established"] if mode == START_TLS else ["established"]
            login = ["EHLO", "AUTH", "***", "***", "MAIL", "RCPT", "DATA", "QUIT"]
            assert [*began, *login] == said(bench)

            await authenticate(bench, OTHER_ROOT)
            assert cme(HANDSHAKE) == await send(bench)
            assert said(bench)[-1] == "untrusted"
        assert ["telit"] == [mail.user for mail in server.mails]


async def test_a_server_without_starttls_gets_no_mail() -> None:
    """Nothing of the account or the mail is said in clear text."""
    with SmtpServer() as server:
        async with secure_bench(server.port, START_TLS) as bench:
            assert cme(550) == await send(bench)
            assert ["EHLO", "STARTTLS", "QUIT"] == said(bench)
        assert [] == server.mails


def _begun(bench: Bench, number: int) -> bool:
    """Whether so many hellos are out. A server that finds LF in one takes it for a command, and says so at once."""
    hellos = [event for event in bench.events if isinstance(event, HandshakeMessage) and event.name == "client_hello"]
    return len(hellos) == number


@pytest.mark.parametrize(
    ("mode", "failing", "cause"),
    [
        (IMPLICIT, {}, HANDSHAKE),
        (START_TLS, {"STARTTLS": "220 go ahead"}, HANDSHAKE),
        (START_TLS, {"STARTTLS": "220 go ahead\r\n250 ok"}, 550),
        (START_TLS, {"STARTTLS": "220 go ahead\r\n250"}, 550),
    ],
)
async def test_a_handshake_that_fails(mode: int, failing: dict[str, str], cause: int) -> None:
    """A server that speaks no TLS, is silent after STARTTLS, or says more than its reply; #SMTPCL, too."""
    with SmtpServer(failing=failing) as server:
        async with secure_bench(server.port, mode) as bench:
            for number, line in enumerate((MAIL, 'AT#SMTPCL="you@example.com","Hello",0'), start=1):
                await begin(bench, line)
                if cause == HANDSHAKE and failing:
                    await eventually(partial(_begun, bench, number), "its hello is out, and its timer runs")
                    await bench.advance(21)
                assert cme(cause) == await bench.answer()
            assert not {"MAIL", "AUTH"} & {*said(bench)}
        assert [] == server.mails


async def test_missing_security_data_and_an_open_socket_are_told_before_the_prompt(tmp_path: Path) -> None:
    """As by #SSLD; without TLS neither matters."""
    with SmtpServer(tls=context(tmp_path)) as server:
        async with secure_bench(server.port, IMPLICIT) as bench:
            await succeed(bench, "AT#SSLSECCFG=1,0,1")
            assert cme(837) == await bench.command(MAIL)
            await succeed(bench, "AT#SSLSECCFG=1,0,0", f'AT#SSLD=1,465,"{SERVER}",0,1')
            assert cme(835) == await bench.command(MAIL)
            await succeed(bench, "AT#SSLH=1")
            assert OK == await send(bench)
            assert OK == await bench.command(f'AT#SSLD=1,465,"{SERVER}",0,1')
        assert 1 == len(server.mails)
