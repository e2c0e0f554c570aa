"""The ClientHello of each <version> of #SSLSECCFG2, read off a loopback socket."""

import asyncio
import socket
from collections.abc import Sequence
from typing import NamedTuple

import pytest

from emulator.testing import Bench
from emulator.tls.wire.extensions import extension_name
from emulator.tls.wire.handshake import HandshakeMessage, HandshakeType
from emulator.tls.wire.messages import ClientHello
from emulator.tls.wire.records import HEADER
from emulator.tls.wire.vectors import Reader
from emulator.trace.events import EngineChosen
from tests.peers.sockets import TIMEOUT

NAME = "www.example.com"
V2, LTE_M = "LE910-V2", "ME310G1"
V2_SUITES = ["0035", "002f", "0005", "0004"]
OLD = ["0035", "0033", "0039"]
NEW = ["c02f", *OLD, "003c", "0067", "003d"]
TLS_1_3 = ["1301", "1302", "1303"]
OF_TLS_1_2 = ["ec_point_formats", "supported_groups", "signature_algorithms"]


class Heard(NamedTuple):
    """What a hello holds."""

    version: str
    suites: list[str]
    extensions: list[str]
    named: bytes


async def hello_of(firmware: str, security: str, host: str = NAME) -> tuple[Heard, str]:
    """What a server hears of a module that was told #SSLSECCFG2, and the engine that said it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(TIMEOUT)
        routes = {host: f"127.0.0.1:{server.getsockname()[1]}"}
        async with Bench(firmware, routes=routes) as bench:
            for line in ('AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SSLEN=1,1", f"AT#SSLSECCFG2=1,{security}"):
                await bench.command(line)
            bench.send(f'AT#SSLD=1,443,"{host}",0,1\r')
            stream, _ = await asyncio.to_thread(server.accept)
            with stream:
                heard = await asyncio.to_thread(stream.recv, 65536)
            await bench.answer()
            [chosen] = [event for event in bench.events if isinstance(event, EngineChosen)]
    return _read(heard), chosen.engine


def _read(heard: bytes) -> Heard:
    body = heard[HEADER.size + 4 :]
    message = HandshakeMessage(HandshakeType.CLIENT_HELLO, body)
    extensions = _extensions(body)
    suites = [f"{suite:04x}" for suite in ClientHello.decode_suites(message)]
    return Heard(
        body[:2].hex(), suites, [extension_name(number) for number, _ in extensions], dict(extensions).get(0, b"")
    )


def _extensions(body: bytes) -> Sequence[tuple[int, bytes]]:
    reader, found = Reader(body, "client_hello"), []
    reader.take(34)
    for size in (1, 2, 1):
        reader.vector(size)
    listed = Reader(reader.vector(2), "client_hello") if reader else Reader(b"", "client_hello")
    while listed:
        found.append((listed.integer(2), listed.vector(2)))
    return found


@pytest.mark.parametrize(
    ("firmware", "security", "version", "suites", "extensions"),
    [
        (V2, "1", "0301", V2_SUITES, []),
        (V2, "1,1", "0301", V2_SUITES, ["server_name"]),
        (V2, "2", "0302", V2_SUITES, []),
        (V2, "3,1", "0303", V2_SUITES, ["server_name", "signature_algorithms"]),
        (LTE_M, "1", "0301", [*OLD, "00ff"], []),
        (LTE_M, "2", "0302", OLD, ["renegotiation_info"]),
        (LTE_M, "3", "0303", NEW, ["renegotiation_info", *OF_TLS_1_2]),
        (LTE_M, "3,1", "0303", NEW, ["renegotiation_info", *OF_TLS_1_2, "server_name"]),
        (
            LTE_M,
            "4,1",
            "0303",
            [*TLS_1_3, *NEW, "00ff"],
            [*OF_TLS_1_2, "supported_versions", "psk_key_exchange_modes", "key_share", "server_name"],
        ),
    ],
)
async def test_a_hello_holds_what_the_version_has(
    firmware: str, security: str, version: str, suites: list[str], extensions: list[str]
) -> None:
    """Suites and extensions in the order of the profile; the name where <SNI> asks for it."""
    heard, engine = await hello_of(firmware, security)

    named = b"\x00\x12\x00\x00\x0f" + NAME.encode() if "server_name" in extensions else b""
    assert heard == Heard(version, suites, extensions, named)
    assert engine == ("native" if firmware == V2 else "openssl")


async def test_an_address_is_not_named() -> None:
    """RFC 6066 3."""
    heard, _ = await hello_of(V2, "1,1", "123.124.125.126")

    assert heard == Heard("0301", V2_SUITES, [], b"")
