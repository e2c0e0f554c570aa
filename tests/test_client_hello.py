"""What the modem puts on the wire first: the ClientHello, read off a loopback socket and compared whole."""

import asyncio
import socket
import struct
from collections.abc import Sequence
from typing import Literal

import pytest

from emulator.firmware.loader import load_firmware
from emulator.firmware.selection import distinct_firmwares
from emulator.testing import Bench
from emulator.tls.openssl.engine import OpensslEngine
from emulator.tls.wire.suites import KeyExchange, suites_of
from emulator.tls.wire.versions import TLS_1_0
from emulator.trace.events import EngineChosen
from tests.commands.ssl_bench import activate
from tests.peers.sockets import TIMEOUT

RANDOM = slice(11, 43)
"""Where the client random stands: behind the record's 5 bytes, the message's 4 and the version's 2."""

GSM_CHOICES = {0: [0x0004, 0x0005, 0x0035], 1: [0x0004], 2: [0x0005], 3: [0x0035]}
HSPA_CHOICES = {0: [0x002F, 0x0005, 0x0004], 1: [0x0004], 2: [0x0005], 3: [0x002F], 4: [0x0002]}
"""Tab. 1 and chapter 3.2 of the guide, by the suites' numbers on the wire."""
LATER_CHOICES = {
    "14.00": {0: [0x0004, 0x0005, 0x002F], 1: [0x0004], 2: [0x0005], 3: [0x002F]},
    "17.00": GSM_CHOICES,
    "20.00": {0: [0x0035, 0x002F, 0x0005, 0x0004], 1: [0x0004], 2: [0x0005], 3: [0x002F], 4: [0x0002], 5: [0x0035]},
    **{line: {0: [0x0035, 0x0033, 0x0039, 0x00FF]} for line in ("25.20", "30.00", "37.00")},
}
"""Those of the lines after the guide, which public sources or a choice of ours give."""

SCSV = 0x00FF
"""TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746 3.3), which OpenSSL cannot leave out."""

FIRMWARES = [choice.name for choice in distinct_firmwares() if load_firmware(choice.name).profile.secure_socket]
"""One firmware of each distinct behaviour that has SSL."""


def choices(firmware: str) -> dict[int, list[int]]:
    """The suites of each <cipher_suite>, by the guide where it names the line."""
    line = load_firmware(firmware).line
    return LATER_CHOICES.get(line, HSPA_CHOICES if line == "12.00" else GSM_CHOICES)


CASES = [
    pytest.param(firmware, choice, suites, id=f"{firmware}-{choice}")
    for firmware in FIRMWARES
    for choice, suites in choices(firmware).items()
]

RC4 = {0x0004, 0x0005}
"""No OpenSSL that is easy to install has these."""

CASES_WITHOUT_RC4 = [
    case
    for case in CASES
    if (RC4 | {SCSV}).isdisjoint(case.values[2])  # type: ignore[arg-type]  # the suites
]
"""Those that OpenSSL can say but for the SCSV."""


def client_hello(suites: Sequence[int], random: bytes) -> bytes:
    """RFC 2246 7.4.1.2 in one record: version 3.1, no session, these suites, no compression, and nothing else."""
    listed = b"".join(struct.pack(">H", suite) for suite in suites)
    body = b"\x03\x01" + random + b"\x00" + struct.pack(">H", len(listed)) + listed + b"\x01\x00"
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + struct.pack(">H", len(message)) + message


async def first_words(
    firmware: str,
    choice: int,
    engine: Literal["auto", "native", "openssl"] = "auto",
    settings: Sequence[str] = (),
) -> tuple[bytes, EngineChosen]:
    """What a server hears of a modem that dials it, and the engine that said it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(TIMEOUT)
        route = {"10.0.0.1:443": f"127.0.0.1:{listener.getsockname()[1]}"}
        async with Bench(firmware, routes=route, tls_engine=engine, settings=settings) as bench:
            assert (await bench.command('AT+CGDCONT=1,"IP","apn"')).endswith("OK\r\n")
            await activate(bench)
            for line in ("AT#SSLEN=1,1", f"AT#SSLSECCFG=1,{choice},0"):
                assert (await bench.command(line)).endswith("OK\r\n")
            bench.send('AT#SSLD=1,443,"10.0.0.1",0,1\r')
            stream, _ = await asyncio.to_thread(listener.accept)
            with stream:
                stream.settimeout(TIMEOUT)
                heard = await asyncio.to_thread(stream.recv, 65536)
            assert "ERROR" in await bench.answer()
            [chosen] = [event for event in bench.events if isinstance(event, EngineChosen)]
    return heard, chosen


@pytest.mark.parametrize(("firmware", "choice", "suites"), CASES)
async def test_the_hello_holds_the_suites_of_the_guide_and_nothing_else(
    firmware: str, choice: int, suites: Sequence[int]
) -> None:
    """Every behaviour and choice, with the engine that is taken by default; it says what the profile says, too."""
    heard, chosen = await first_words(firmware, choice)

    assert client_hello(suites, heard[RANDOM]) == heard
    profile = load_firmware(firmware).profile.secure_socket
    assert profile is not None
    assert chosen.engine == ("openssl" if profile.hello.scsv else "native")
    (version,) = profile.versions(1)
    signal = [SCSV] if profile.hello.scsv else []
    assert [suite.number for suite in profile.offer(choice, version.alone)] + signal == suites
    assert version is TLS_1_0


def test_every_choice_of_every_behaviour_was_tried() -> None:
    """So that a new row of a profile cannot be forgotten here."""
    for firmware in FIRMWARES:
        profile = load_firmware(firmware).profile.secure_socket
        assert profile is not None
        assert set(choices(firmware)) == {0, *(row.number for row in profile.suites)}, firmware


async def test_why_an_engine_was_taken_stands_in_the_trace() -> None:
    """And so in the live view."""
    _, chosen = await first_words("HE910", 3)

    assert chosen == EngineChosen(engine="native", reason="openssl adds 00ff to the hello")


@pytest.mark.parametrize(
    ("settings", "rest", "engine"),
    [
        (["secure_socket.hello.scsv=true"], b"\x00\x04\x00\x2f\x00\xff\x01\x00", "openssl"),
        (
            ['secure_socket.hello.extensions=["renegotiation_info"]'],
            b"\x00\x02\x00\x2f\x01\x00\x00\x05\xff\x01\x00\x01\x00",
            "native",
        ),
    ],
)
async def test_a_profile_decides_the_rest_of_the_hello(settings: Sequence[str], rest: bytes, engine: str) -> None:
    """SCSV and extensions; whoever says exactly that is taken."""
    heard, chosen = await first_words("HE910", 3, settings=settings)

    assert (heard[44:], chosen.engine) == (rest, engine)


@pytest.mark.parametrize(("firmware", "choice", "suites"), CASES_WITHOUT_RC4)
async def test_openssl_adds_its_signalling_suite_and_nothing_else(
    firmware: str, choice: int, suites: Sequence[int]
) -> None:
    """The one deviation of that engine, which is taken only where it is asked for."""
    heard, chosen = await first_words(firmware, choice, "openssl")

    assert client_hello([*suites, SCSV], heard[RANDOM]) == heard
    assert chosen == EngineChosen(engine="openssl", reason="asked for, though it adds 00ff to the hello")


async def test_a_forced_engine_that_lacks_a_suite_says_so_and_dials_nobody() -> None:
    """Choice 0 of the G families has RC4, which stock OpenSSL builds lack."""
    if OpensslEngine().supports(suites_of(TLS_1_0, KeyExchange.RSA), TLS_1_0):
        pytest.skip("this OpenSSL has every suite")

    async with Bench("GE865-QUAD", tls_engine="openssl") as bench:
        for line in ("AT+CMEE=2", 'AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
            assert (await bench.command(line)).endswith("OK\r\n")
        answer = await bench.command('AT#SSLD=1,443,"10.0.0.1",0,1')

    assert answer == "\r\n+CME ERROR: SSL error during handshake\r\n"
    assert "Dialled" not in [type(event).__name__ for event in bench.events]
