"""A private key that a host types where it does not belong: no trace has it, in no form."""

import msgspec
import pytest

from emulator.lab.http_server import HttpServer
from emulator.lab.http_site import ACCOUNT
from emulator.testing import Bench
from emulator.trace.transcript import Transcript
from tests.commands.http_bench import http_bench, query, send
from tests.commands.peer import eventually
from tests.commands.socket_bench import dialled
from tests.commands.ssl_bench import GSM, OK, UMTS, cme, enter, ssl_bench, succeed
from tests.peers.pki import CLIENT

_KEY = CLIENT.key_pem


def _traced(bench: Bench) -> str:
    """What every reader of the trace can show."""
    lines: list[str] = []
    transcript = Transcript(lines.append)
    for event in bench.events:
        transcript(0.0, event)
    return "\n".join(lines) + msgspec.json.encode([msgspec.to_builtins(event) for event in bench.events]).decode()


def _hides_the_key(bench: Bench) -> bool:
    traced = _traced(bench)
    assert "***" in traced
    return not any(line in traced for line in _KEY.decode().splitlines()[1:-1])


@pytest.mark.parametrize("kind", [0, 1])
async def test_in_the_place_of_a_certificate(kind: int) -> None:
    """It is refused, and starred all the same."""
    async with ssl_bench() as bench:
        answer = await enter(bench, f"AT#SSLSECDATA=1,1,{kind},{len(_KEY)}", _KEY + b"\x1a")

        assert cme(837) == answer
        assert _hides_the_key(bench)


async def test_in_der_in_the_place_of_a_certificate() -> None:
    """A counted entry has no marks."""
    der = CLIENT.key_bytes()
    async with ssl_bench(UMTS) as bench:
        await succeed(bench, "AT#SSLSECCFG=1,0,1,0")
        answer = await enter(bench, f"AT#SSLSECDATA=1,1,1,{len(der)}", der)

        assert cme(837) == answer
        assert der[30:50].decode("latin-1") not in "".join(getattr(event, "text", "") for event in bench.events)


async def test_as_a_short_message() -> None:
    """As it is typed, and as it is read."""
    text = _KEY[:150].replace(b"\n", b" ")
    async with Bench(GSM) as bench:
        await succeed(bench, "AT+CMGF=1")
        assert (await enter(bench, 'AT+CMGW="123"', text + b"\x1a")).endswith(OK)
        assert text[:60].decode() in await bench.command("AT+CMGR=1")

        assert (await enter(bench, 'AT+CMGS="123"', text + b"\x1a")).endswith(OK)

        assert text[40:90].decode() not in _traced(bench)


async def test_as_data_for_a_peer() -> None:
    """At a prompt and in data mode, in pieces as a slow line brings them; the peer gets it whole."""
    async with dialled(online=True) as (bench, peer):
        for start in range(0, len(_KEY), 100):
            bench.send(_KEY[start : start + 100])
        await bench.advance(6)
        await peer.heard(_KEY)
        await bench.escape()
        assert OK == await enter(bench, "AT#SSEND=1", _KEY + b"\x1a")

        assert _hides_the_key(bench)


async def test_as_the_body_of_an_http_request() -> None:
    """The server gets it whole."""
    with HttpServer() as server:
        async with http_bench(server.port) as bench:
            await send(bench, "/key", _KEY, 1)

            assert _KEY == server.pages["/key"]
            assert _hides_the_key(bench)


async def test_the_account_of_an_http_profile() -> None:
    """Where it is typed, shown, and sent, also in a header line of the host; the server gets it."""
    user, password = ACCOUNT
    token = "Basic dGVsaXQ6cHVibGljLWRlbW8="
    with HttpServer() as server:
        async with http_bench(server.port) as bench:
            await succeed(bench, f'AT#HTTPCFG=0,,,1,"{user}","{password}"')
            assert password in await bench.command("AT#HTTPCFG?")
            assert (await query(bench, "/private")).startswith("0,200,")
            assert token == server.requests[0].headers["Authorization"]
            await query(bench, "/private", more=f',"AUTHORIZATION: {token}"')
            await bench.command(f'AT#HTTPQRY=0,0,"/private","Authorization: {token}')
            await query(bench, "/", more=',"X-Key: shown"')
            assert token == server.requests[1].headers["AUTHORIZATION"]

            traced = _traced(bench)
            assert password not in traced
            assert token not in traced
            assert "http    > Authorization: ***" in traced
            assert 'AT#HTTPQRY=0,0,"/","X-Key: shown"' in traced


@pytest.mark.parametrize("before", [b"", b"1\x002\xff", b"-----BEGIN CERTIFICATE-----\nMIIB", b"\rATE0;"])
async def test_a_command_with_a_pin_that_an_unfinished_entry_takes(before: bytes) -> None:
    """The host does not know that the module still waits for the rest; what it types is starred, and its echo."""
    async with ssl_bench() as bench:
        bench.send("ATE1\r")
        await bench.advance(1)
        bench.send("AT#SSLSECDATA=1,1,1,100\r")
        await bench.advance(1)
        typed = before + b'AT+CPIN="73517351","8462"\rAT+CSQ\r'
        bench.send(typed.ljust(100, b".").decode("latin-1") + "\x1a")
        assert "ERROR" in await bench.answer()

        traced = _traced(bench)
    assert "AT+CSQ" in traced
    assert not [code for code in ("73517351", "8462") if code in traced]


async def test_a_command_with_a_pin_that_goes_over_a_connection() -> None:
    """The host does not know that it is online; all else is shown as it is."""
    async with dialled(online=True) as (bench, peer):
        bench.send('hello GREAT=1 AT+CSQ=12\rat+cpin="73517351"\r')
        await bench.advance(5)  # data waits for more
        await eventually(lambda: b"7351" in peer.received, "it arrives")

        traced = _traced(bench)
    assert "hello GREAT=1 AT" in traced
    assert "73517351" not in traced
