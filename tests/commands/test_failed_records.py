"""A TLS session that fails while it is open: a record with a wrong MAC, a malformed record, a fatal alert.

Guide 4.2.2: a command that waits answers ERROR; data mode ends with NO CARRIER (4.2.1).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import pytest
from tlslite.messages import Alert

from emulator.testing import Bench
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import (
    ERROR,
    GSM,
    NO_CARRIER,
    PROMPT,
    cme,
    dial,
    dial_online,
    has_come,
    information,
    socket_of,
    ssl_bench,
    succeed,
)

Engine = Literal["native", "openssl"]
_ENGINES: list[Engine] = ["native", "openssl"]

_INTERNAL_ERROR, _FATAL = 80, 2


def _send_raw(data: bytes) -> Any:
    return lambda connection: connection.sock.socket.sendall(data)


def _send_alert(connection: Any) -> None:
    for _ in connection._sendMsg(Alert().create(_INTERNAL_ERROR, _FATAL)):
        raise AssertionError("the socket blocks")


_FAILURES = {
    "a wrong MAC": _send_raw(b"\x17\x03\x01\x00\x40" + bytes(64)),
    "a malformed record": _send_raw(b"GET / HTTP/1.0\r\n\r\n"),
    "an alert": _send_alert,
}


@asynccontextmanager
async def _opened(engine: Engine, *, online: bool = False) -> AsyncIterator[tuple[Bench, ObedientPeer]]:
    with ObedientPeer() as peer:
        async with ssl_bench(GSM, peer.port, tls_engine=engine) as bench:
            await succeed(bench, "AT#SSLSECCFG=1,3,0")
            await (dial_online if online else dial)(bench)
            yield bench, peer


async def _failed(bench: Bench) -> None:
    stream = socket_of(bench)._stream
    assert stream is not None
    await eventually(lambda: stream.failure, "the session has failed")


@pytest.mark.parametrize("engine", _ENGINES)
@pytest.mark.parametrize("failure", _FAILURES)
@pytest.mark.parametrize(
    ("mode", "error"), [(0, ERROR), (1, cme(838)), (2, "\r\n+CME ERROR: SSL error enc/dec data\r\n")]
)
async def test_a_read_that_waits_answers_error(engine: Engine, failure: str, mode: int, error: str) -> None:
    """With the cause of a record that cannot be decrypted; the end of the connection follows."""
    async with _opened(engine) as (bench, peer):
        await succeed(bench, f"AT+CMEE={mode}")
        bench.send("AT#SSLRECV=1,100,5000\r")
        await bench.advance(1)
        peer.tell(_FAILURES[failure])
        assert error + NO_CARRIER == await bench.until(NO_CARRIER)
        assert information("#SSLS: 1,1") == await bench.command("AT#SSLS=1")


@pytest.mark.parametrize("engine", _ENGINES)
async def test_what_came_before_the_failure_is_read_first(engine: Engine) -> None:
    """Then the end is said, as after an orderly one."""
    async with _opened(engine) as (bench, peer):
        peer.say(b"Good news")
        await has_come(bench, 9)
        peer.tell(_FAILURES["a wrong MAC"])
        await _failed(bench)
        assert information("#SSLRECV: 4", "Good") == await bench.command("AT#SSLRECV=1,4")
        expected = information("#SSLRECV: 5", " news") + NO_CARRIER
        assert expected == await bench.command("AT#SSLRECV=1,100") + bench.read()


@pytest.mark.parametrize("engine", _ENGINES)
async def test_a_failure_while_no_command_runs_is_said_as_no_carrier(engine: Engine) -> None:
    """In command mode and in data mode."""
    for online in (False, True):
        async with _opened(engine, online=online) as (bench, peer):
            peer.tell(_FAILURES["a wrong MAC"])
            assert NO_CARRIER == await bench.until(NO_CARRIER)


@pytest.mark.parametrize("engine", _ENGINES)
async def test_a_failure_while_the_host_is_at_the_prompt_fails_the_entry(engine: Engine) -> None:
    """Nothing is sent, and the cause is that of the record."""
    async with _opened(engine) as (bench, peer):
        assert PROMPT == await bench.command("AT#SSLSEND=1")
        peer.tell(_FAILURES["a wrong MAC"])
        await _failed(bench)
        bench.send("too late\x1a")
        assert cme(838) + NO_CARRIER == await bench.until(NO_CARRIER)


@pytest.mark.parametrize("engine", _ENGINES)
async def test_the_peer_is_told_of_a_failure_by_an_alert(engine: Engine) -> None:
    """RFC 2246 7.2.2: bad_record_mac, and then the end of the stream."""
    async with _opened(engine) as (bench, peer):
        peer.tell(_FAILURES["a wrong MAC"])
        assert NO_CARRIER == await bench.until(NO_CARRIER)
        (session,) = await asyncio.to_thread(peer.server.wait_for, 1)
        assert "bad_record_mac" in session.error
