"""#SSLSECCFG2: the versions of TLS that are offered, the server's name, and what a firmware refuses."""

import errno
from pathlib import Path

import pytest

from emulator.testing import Bench
from emulator.trace.events import CommandMissing, EngineChosen, TlsOutcome
from tests.commands.peer import ObedientPeer
from tests.commands.reasons import reason_of, say
from tests.commands.ssl_bench import (
    ERROR,
    HOST,
    OK,
    UMTS,
    cme,
    dial,
    information,
    ssl_bench,
    succeed,
)
from tests.peers.nginx_names import nginx_named
from tests.peers.processes import openssl_server

V2 = "LE910-V2"
LTE_M = "ME310G1"
NAME = "www.example.com"
_DIAL = f'AT#SSLD=1,443,"{NAME}",0,1'
_TLS_1_2 = ("-tls1_2", "-cipher", "ALL:@SECLEVEL=0")


@pytest.mark.parametrize(
    ("firmware", "described", "factory", "given", "shown"),
    [
        (V2, "(1),(0-3),(0,1)", "1,0,0,0,0,0", "3,1", "3,1,0,0,0,0"),
        (LTE_M, "(1-6),(1-4),(0,1),(0,1),(0,1)", "1,0,0,0,0,0", "4,1,1,1", "4,1,1,1,0,0"),
        ("ME910C1", "(1-6),(1-4),(0,1),(0-9),(0,1)", "1,0,0,0,0,0", "4,1,9,0", "4,1,9,0,0,0"),
    ],
)
async def test_it_is_set_and_shown(firmware: str, described: str, factory: str, given: str, shown: str) -> None:
    """The values that the line has; what is left out gets the factory's value."""
    async with ssl_bench(firmware) as bench:
        assert described.partition(",")[2] in await bench.command("AT#SSLSECCFG2=?")
        assert f"#SSLSECCFG2: 1,{factory}\r\n" in await bench.command("AT#SSLSECCFG2?")
        await succeed(bench, f"AT#SSLSECCFG2=1,{given}")
        assert f"#SSLSECCFG2: 1,{shown}\r\n" in await bench.command("AT#SSLSECCFG2?")
        await succeed(bench, "AT#SSLSECCFG2=1,2")
        assert "#SSLSECCFG2: 1,2,0,0,0,0,0\r\n" in await bench.command("AT#SSLSECCFG2?")


async def test_it_outlives_the_emulator_in_its_state_folder(tmp_path: Path) -> None:
    """As #SSLSECCFG does."""
    async with ssl_bench(V2, state=tmp_path) as bench:
        await succeed(bench, "AT#SSLSECCFG2=1,3,1")
    async with Bench(V2, state=tmp_path) as bench:
        assert information("#SSLSECCFG2: 1,3,1,0,0,0,0") == await bench.command("AT#SSLSECCFG2?")


@pytest.mark.parametrize(
    ("firmware", "line", "reason"),
    [
        (V2, "AT#SSLSECCFG2=1,4", "version is 4; 0 to 3"),
        (V2, "AT#SSLSECCFG2=1,3,2", "server_name is 2; 0 or 1"),
        (V2, "AT#SSLSECCFG2=1,3,1,1", "4 parameters; it takes at most 3 on this firmware: ssid, version, server_name"),
        (V2, "AT#SSLSECCFG2=1", "version is missing; 0 to 3"),
        (V2, "AT#SSLSECCFG=1,6,0", "cipher_suite is 6; 0 to 5"),
        (LTE_M, "AT#SSLSECCFG2=1,0", "version is 0; 1 to 4"),
        (LTE_M, "AT#SSLSECCFG2=1,5", "version is 5; 1 to 4"),
        (LTE_M, "AT#SSLSECCFG2=1,4,1,9", "preloaded_ca is 9; 0 or 1"),
        (LTE_M, "AT#SSLSECCFG2=1,4,1,1,2", "custom_ca is 2; 0 or 1"),
        (LTE_M, "AT#SSLSECCFG=1,1,0", "cipher_suite is 1; only 0"),
        ("ME910C1", "AT#SSLSECCFG=1,159,0", "cipher_suite is 159; only 0"),
    ],
)
async def test_a_value_without_a_meaning_is_refused_with_its_reason(firmware: str, line: str, reason: str) -> None:
    """Versions, names and suites that the firmware does not have."""
    async with ssl_bench(firmware) as bench:
        assert cme(4) == await bench.command(line)
        assert reason == reason_of(bench)


@pytest.mark.parametrize("firmware", [UMTS, "LE910"])
async def test_a_firmware_without_it_answers_as_for_any_unknown_command(firmware: str) -> None:
    """ERROR, and the trace says that there is no such command."""
    async with Bench(firmware) as bench:
        assert ERROR == await bench.command("AT#SSLSECCFG2=1,3,1")
        assert any(isinstance(event, CommandMissing) for event in bench.events)


async def test_it_may_be_set_while_ssl_is_disabled_where_the_firmware_allows_that() -> None:
    """As a published host of the ME310G1 does; others want SSL enabled first."""
    async with Bench(LTE_M) as bench:
        await succeed(bench, "AT#SSLSECCFG=1,0,0", "AT#SSLSECCFG2=1,4,1,1,1", "AT+CMEE=1")
        assert (await bench.command("AT#SSLCFG=1,1,300,90,100,50")).startswith("\r\n+CME ERROR")
        assert reason_of(bench).startswith("SSL is disabled")
    async with Bench(V2) as bench:
        for line in ("AT#SSLSECCFG=1,0,0", "AT#SSLSECCFG2=1,3"):
            assert ERROR == await bench.command(line)
            assert reason_of(bench).startswith("SSL is disabled")


async def test_it_is_refused_while_the_socket_is_open() -> None:
    """And a change forgets the session that was kept."""
    with ObedientPeer() as peer:
        async with ssl_bench(V2, peer.port) as bench:
            await dial(bench)
            assert (await bench.command("AT#SSLSECCFG2=1,3")).startswith("\r\n+CME ERROR")
            assert reason_of(bench) == "the secure socket is open: AT#SSLH=1 first"


@pytest.mark.parametrize(
    ("line", "kept"), [("AT#SSLSECCFG2=1,1,0", True), ("AT#SSLSECCFG2=1,2", False), ("AT#SSLSECCFG2=1,1,1", False)]
)
async def test_a_change_forgets_the_kept_session(line: str, kept: bool) -> None:
    """On a firmware of one's own that has #SSLFASTD, too."""
    own = ('commands."#SSLFASTD"=true', "secure_socket.closure_types={choices=[0,1],default=0}")
    with ObedientPeer() as peer:
        async with ssl_bench(V2, peer.port, settings=own) as bench:
            await dial(bench, closure=1)
            await succeed(bench, "AT#SSLH=1", line)
            assert (await bench.command("AT#SSLFASTD=1") == OK) is kept


async def test_a_memory_that_fails_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is refused, and what was set before holds."""

    def fail(encoded: bytes) -> None:
        raise OSError(errno.ENOSPC, "no space")

    async with ssl_bench(V2) as bench:
        await succeed(bench, "AT#SSLSECCFG2=1,3,1", "AT+CMEE=2")
        monkeypatch.setattr(bench.modem.device.store, "_keep", fail)
        assert "\r\n+CME ERROR: memory failure\r\n" == await bench.command("AT#SSLSECCFG2=1,2,0")
        assert information("#SSLSECCFG2: 1,3,1,0,0,0,0") == await bench.command("AT#SSLSECCFG2?")


async def test_the_version_that_was_set_is_spoken(tmp_path: Path) -> None:
    """A server that has TLS 1.2 alone refuses the factory's TLS 1.0; the reason says what to set."""
    with openssl_server(tmp_path, *_TLS_1_2) as port:
        async with ssl_bench(V2, port) as bench:
            reason = await say(bench, _DIAL)
            assert reason is not None
            assert reason == (
                "protocol version: the peer sent the alert protocol_version; the server may refuse TLS 1.0, "
                "which is what the host has chosen: AT#SSLSECCFG2=1,3,0 first"
            )
            await succeed(bench, "AT#SSLSECCFG2=1,3", _DIAL)
            assert "TLS_RSA_WITH_AES_256_CBC_SHA" == _outcome(bench).suite


async def test_a_version_that_no_engine_speaks_is_kept_and_not_dialled() -> None:
    """SSL 3.0 of the LE910 V2: accepted, and each dial fails with the reason."""
    with ObedientPeer() as peer:
        async with ssl_bench(V2, peer.port) as bench:
            await succeed(bench, "AT#SSLSECCFG2=1,0")
            assert await say(bench, _DIAL) == (
                "the host has chosen SSL 3.0, which no engine of the emulator speaks: AT#SSLSECCFG2=1,3,0 first"
            )


async def test_the_server_is_named_where_the_host_wants_that(tmp_path: Path) -> None:
    """nginx refuses who does not name it; the reason says what to set."""
    with nginx_named(tmp_path, NAME, "TLSv1.2") as port:
        async with ssl_bench(V2, port) as bench:
            await succeed(bench, "AT#SSLSECCFG2=1,3")
            reason = await say(bench, _DIAL)
            assert reason is not None
            assert reason == (
                "alert received: the peer sent the alert unrecognized_name; the server wants to be told its name "
                "(SNI), which the host has not asked for: AT#SSLSECCFG2=1,3,1 first"
            )
            await succeed(bench, "AT#SSLSECCFG2=1,3,1", _DIAL, "AT#SSLH=1")


async def test_https_follows_the_settings_of_the_first_socket(tmp_path: Path) -> None:
    """Its refusal says what to set, too."""
    with openssl_server(tmp_path, *_TLS_1_2) as port:
        async with ssl_bench(LTE_M, port) as bench:
            await succeed(bench, "AT#SSLEN=1,0", f'AT#HTTPCFG=0,"{NAME}",443,0,,,1')
            reason = await say(bench, 'AT#HTTPQRY=0,0,"/"')
            assert reason is not None
            assert reason.endswith(": AT#SSLSECCFG2=1,3,0 first")
            await succeed(bench, "AT#SSLSECCFG2=1,3", 'AT#HTTPQRY=0,0,"/"')
            assert "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" == _outcome(bench).suite


async def test_an_address_is_never_named(tmp_path: Path) -> None:
    """RFC 6066 3: the dial goes on without, and the trace says so."""
    with openssl_server(tmp_path, *_TLS_1_2) as port:
        async with ssl_bench(V2, port) as bench:
            await succeed(bench, "AT#SSLSECCFG2=1,3,1", f'AT#SSLD=1,443,"{HOST}",0,1')
            [chosen] = [event for event in bench.events if isinstance(event, EngineChosen)]
            assert chosen.reason.endswith(f"; {HOST} is no name that a hello could say (RFC 6066 3)")


def _outcome(bench: Bench) -> TlsOutcome:
    return [event for event in bench.events if isinstance(event, TlsOutcome)][-1]
