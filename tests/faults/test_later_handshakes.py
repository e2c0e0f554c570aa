"""Faults at messages of TLS 1.2 with ephemeral keys, and of TLS 1.3, which protects them."""

import asyncio
import ssl
from pathlib import Path

import pytest

from emulator.device.connection.states import State
from emulator.lab.conversations import echo
from emulator.lab.loopback import CHAIN, KEY
from emulator.lab.server import LabServer
from emulator.trace.events import FaultSkipped, HandshakeMessage
from tests.commands.peer import eventually
from tests.commands.ssl_bench import HOST, OK, dial, enter, has_come, socket_of, ssl_bench, succeed
from tests.faults.test_connection_faults import finished, fired
from tests.peers.processes import openssl_server

ME310 = "ME310G1"
DIAL = f'AT#SSLD=1,443,"{HOST}",0,1'
FLIGHTS = {
    3: ["server_hello", "certificate", "server_key_exchange", "server_hello_done", "change_cipher_spec", "finished"],
    4: [
        "server_hello",
        "change_cipher_spec",
        "encrypted_extensions",
        "certificate",
        "certificate_verify",
        "finished",
    ],
}
"""The server's messages by <version> of #SSLSECCFG2, that is of TLS 1.2 and of TLS 1.3."""


@pytest.mark.parametrize(
    ("version", "message"),
    [(3, "server_key_exchange"), (4, "server_hello"), (4, "certificate"), (4, "finished"), (4, 3)],
)
async def test_a_handshake_stalls_before_a_message(version: int, message: int | str, tmp_path: Path) -> None:
    """What comes before it has come, and nothing else, under protection too."""
    with openssl_server(tmp_path, "-cipher", "ALL:@SECLEVEL=0") as port:
        async with ssl_bench(ME310, port) as bench:
            await succeed(bench, f"AT#SSLSECCFG2=1,{version}")
            bench.modem.faults.add("handshake-stalled", message=message)
            bench.send(f"{DIAL}\r")
            assert "ERROR" in await finished(bench)
            received = [e.name for e in bench.events if isinstance(e, HandshakeMessage) and e.direction == "received"]
            assert len(fired(bench)) == 1

    flight = FLIGHTS[version]
    assert flight[: flight.index(message) if isinstance(message, str) else message - 1] == received


async def test_messages_of_one_protected_record_pass_together() -> None:
    """This server protects its whole flight in one record, and no message of it passes alone."""
    with LabServer(echo) as server:
        async with ssl_bench(ME310, server.port) as bench:
            await succeed(bench, "AT#SSLSECCFG2=1,4")
            bench.modem.faults.add("handshake-stalled", message="certificate_verify")
            bench.send(f"{DIAL}\r")
            assert "ERROR" in await finished(bench)
            received = [e.name for e in bench.events if isinstance(e, HandshakeMessage) and e.direction == "received"]

    assert received == ["server_hello", "change_cipher_spec"]


async def test_bytes_of_a_session_are_counted_behind_its_tickets(tmp_path: Path) -> None:
    """A handshake of TLS 1.3, and what follows it under protection, is no data: so little of it comes."""
    with openssl_server(tmp_path, "-cipher", "ALL:@SECLEVEL=0") as port:
        async with ssl_bench(ME310, port) as bench:
            await succeed(bench, "AT#SSLSECCFG2=1,4")
            bench.modem.faults.add("connection-reset", byte=150, at="received")
            await dial(bench)
            assert OK == await enter(bench, "AT#SSLSEND=1", b"x" * 49 + b"\n\x1a")
            await has_come(bench, 50)

            assert [] == fired(bench)
            assert OK == await enter(bench, "AT#SSLSEND=1", b"x" * 199 + b"\n\x1a")
            await eventually(lambda: len(fired(bench)) == 1, "the byte passes")


async def test_a_damaged_record_is_told_by_its_tag() -> None:
    """As a wrong MAC is in older versions."""
    with LabServer(echo) as server:
        async with ssl_bench(ME310, server.port) as bench:
            await succeed(bench, "AT#SSLSECCFG2=1,4")
            await dial(bench)
            bench.modem.faults.add("record-corrupted")
            assert OK == await enter(bench, "AT#SSLSEND=1", b"x" * 50 + b"\x1a")
            await eventually(lambda: socket_of(bench).state is State.LOST, "the module finds it")

    assert len(fired(bench)) == 1


async def test_a_fault_that_cannot_find_its_message_says_so() -> None:
    """A slow network: the secrets are told after the messages have come to where they are counted.

    The server writes its flight at once, else the secrets might be told between its pieces.
    """
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CHAIN[0], KEY)
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0, ssl=tls)
    async with server, ssl_bench(ME310, server.sockets[0].getsockname()[1]) as bench:
        await succeed(bench, "AT#SSLSECCFG2=1,4")
        bench.modem.faults.add("slow-network", latency=0.2)
        bench.modem.faults.add("handshake-cut", message="certificate")
        bench.send(f"{DIAL}\r")
        assert OK == await finished(bench, 0.05)
        (skipped,) = [event.rule for event in bench.events if isinstance(event, FaultSkipped)]

    assert "address it by a number" in skipped
