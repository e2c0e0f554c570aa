"""The ClientHello of the lines with #SSLSECCFG2, for each version that it can set, read off a loopback socket.

What stands here was written down by hand; that it is what the profile says is compared, too.
"""

import asyncio
import socket
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from emulator.firmware.loader import load_firmware
from emulator.firmware.selection import distinct_firmwares
from emulator.testing import Bench
from emulator.tls.wire.vectors import Reader
from emulator.trace.events import EngineChosen
from tests.peers.sockets import TIMEOUT

NAME, ADDRESS = "www.example.com", "10.0.0.1"
SNI = "0012" + "00" + "000f" + NAME.encode().hex()
SCSV = 0x00FF


class Hello(NamedTuple):
    """What a hello says, but for its random numbers."""

    version: int
    session_id: int
    """Its length."""
    suites: tuple[int, ...]
    extensions: tuple[tuple[int, str], ...]
    """Number and content in hex, in their order; of a key share only its group."""


RENEGOTIATION, POINTS, GROUPS = (0xFF01, "00"), (11, "0100"), (10, "000400170018")
SIGNATURES = (13, "001004030804040105030805050106010201")
VERSIONS, MODES, SHARE = (43, "080304030303020301"), (45, "0101"), (51, "0017")
OLD = (0x0035, 0x0033, 0x0039)
"""RSA with AES-256, and ephemeral Diffie-Hellman: what TLS 1.0 has of the vendor's reduced list."""
NEW = (0xC02F, *OLD, 0x003C, 0x0067, 0x003D)
REDUCED = {
    1: Hello(0x0301, 0, (*OLD, SCSV), ()),
    2: Hello(0x0302, 0, OLD, (RENEGOTIATION,)),
    3: Hello(0x0303, 0, NEW, (RENEGOTIATION, POINTS, GROUPS, SIGNATURES)),
    4: Hello(0x0303, 32, (0x1301, 0x1302, 0x1303, *NEW, SCSV), (POINTS, GROUPS, SIGNATURES, VERSIONS, MODES, SHARE)),
}
WEAK = (0x0035, 0x002F, 0x0005, 0x0004)
V2 = {
    1: Hello(0x0301, 0, WEAK, ()),
    2: Hello(0x0302, 0, WEAK, ()),
    3: Hello(0x0303, 0, WEAK, ((13, "00080501040102010101"),)),
}
LINES = {"20.00": (V2, "native"), **dict.fromkeys(("25.20", "30.00", "37.00"), (REDUCED, "openssl"))}
FIRMWARES = [
    choice.name
    for choice in distinct_firmwares()
    if (profile := load_firmware(choice.name).profile.secure_socket) and profile.extended_security
]


def read(heard: bytes) -> Hello:
    """Take a hello apart, which is one record with one message."""
    assert (heard[0], len(heard)) == (22, 5 + int.from_bytes(heard[3:5], "big"))
    body = Reader(heard[9:], "client_hello")
    version, _ = body.integer(2), body.take(32)
    session_id, suites, compression = body.vector(1), body.vector(2), body.vector(1)
    assert compression == b"\x00"
    listed = tuple(int.from_bytes(suites[at : at + 2], "big") for at in range(0, len(suites), 2))
    return Hello(version, len(session_id), listed, tuple(_extensions(Reader(body.vector(2), "list"))) if body else ())


def _extensions(listed: Reader) -> Iterator[tuple[int, str]]:
    while listed:
        number, content = listed.integer(2), listed.vector(2)
        yield number, content[2:4].hex() if number == SHARE[0] else content.hex()


async def said(bench: Bench, listener: socket.socket, host: str) -> Hello:
    """What a server hears of a modem that dials `host`, and then is left alone."""
    bench.send(f'AT#SSLD=1,443,"{host}",0,1\r')
    stream, _ = await asyncio.to_thread(listener.accept)
    with stream:
        stream.settimeout(TIMEOUT)
        heard = await asyncio.to_thread(stream.recv, 65536)
    assert "ERROR" in await bench.answer()
    return read(heard)


@pytest.mark.parametrize("firmware", FIRMWARES)
async def test_each_version_has_the_hello_of_its_line(firmware: str) -> None:
    """Without a name, with the name that was dialled, and with none where that was an address."""
    loaded = load_firmware(firmware)
    hellos, engine = LINES[loaded.line]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(TIMEOUT)
        port = listener.getsockname()[1]
        async with Bench(firmware, routes=dict.fromkeys((NAME, ADDRESS), f"127.0.0.1:{port}")) as bench:
            for line in ('AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
                await bench.command(line)
            for version, hello in hellos.items():
                assert "OK" in await bench.command(f"AT#SSLSECCFG2=1,{version},0")
                assert hello == await said(bench, listener, NAME)
                assert "OK" in await bench.command(f"AT#SSLSECCFG2=1,{version},1")
                assert hello == await said(bench, listener, ADDRESS)
                named = await said(bench, listener, NAME)
                assert (0, SNI) in named.extensions
                assert hello == named._replace(extensions=tuple(e for e in named.extensions if e[0] != 0))
            chosen = [event for event in bench.events if isinstance(event, EngineChosen)]

    assert {engine} == {event.engine for event in chosen}
    assert not any("asked for" in event.reason for event in chosen)


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_it_is_what_the_profile_says(firmware: str) -> None:
    """Every version of the profile is here, with its suites; SSL 3.0 is refused before a hello."""
    loaded = load_firmware(firmware)
    profile, (hellos, _) = loaded.profile.secure_socket, LINES[loaded.line]
    assert profile is not None and profile.extended_security is not None

    numbers = {choice.number for choice in profile.extended_security.versions if choice.lowest != "SSL 3.0"}
    suites = {number: [suite.number for suite in profile.offer(0, profile.versions(number))] for number in numbers}

    assert suites == {number: [one for one in hello.suites if one != SCSV] for number, hello in hellos.items()}
