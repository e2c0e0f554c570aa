"""What the modem puts on the wire first: the ClientHello, read off a loopback socket and compared whole."""

import asyncio
import socket
import struct
from collections.abc import Sequence
from typing import Literal

import pytest

from emulator.firmware.loader import list_models, load_firmware
from emulator.testing import Bench
from emulator.tls.openssl import OpensslEngine
from emulator.tls.wire.suites import suites_of
from emulator.tls.wire.versions import TLS_1_0
from tests.peers.sockets import TIMEOUT

RANDOM = slice(11, 43)
"""Where the client random stands: behind the record's 5 bytes, the message's 4 and the version's 2."""

GSM_CHOICES = {0: [0x0004, 0x0005, 0x0035], 1: [0x0004], 2: [0x0005], 3: [0x0035]}
HSPA_CHOICES = {0: [0x002F, 0x0005, 0x0004], 1: [0x0004], 2: [0x0005], 3: [0x002F], 4: [0x0002]}
"""Tab. 1 and chapter 3.2 of the guide, by the suites' numbers on the wire."""

SCSV = 0x00FF
"""TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746 3.3), which OpenSSL cannot leave out."""

CASES = [
    pytest.param(model.name, choice, suites, id=f"{model.name}-{choice}")
    for model in list_models()
    for choice, suites in (HSPA_CHOICES if model.line == "12.00" else GSM_CHOICES).items()
]

RC4 = {0x0004, 0x0005}
"""No OpenSSL that is easy to install has these."""

CASES_WITHOUT_RC4 = [case for case in CASES if RC4.isdisjoint(case.values[2])]  # type: ignore[arg-type]  # the suites


def client_hello(suites: Sequence[int], random: bytes) -> bytes:
    """RFC 2246 7.4.1.2 in one record: version 3.1, no session, these suites, no compression, and nothing else."""
    listed = b"".join(struct.pack(">H", suite) for suite in suites)
    body = b"\x03\x01" + random + b"\x00" + struct.pack(">H", len(listed)) + listed + b"\x01\x00"
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + struct.pack(">H", len(message)) + message


async def first_words(model: str, choice: int, engine: Literal["native", "openssl"]) -> bytes:
    """What a server hears of a modem that dials it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(TIMEOUT)
        route = {"10.0.0.1:443": f"127.0.0.1:{listener.getsockname()[1]}"}
        async with Bench(model, routes=route, tls_engine=engine) as bench:
            for line in ('AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SSLEN=1,1", f"AT#SSLSECCFG=1,{choice},0"):
                assert (await bench.command(line)).endswith("OK\r\n")
            bench.send('AT#SSLD=1,443,"10.0.0.1",0,1\r')
            stream, _ = await asyncio.to_thread(listener.accept)
            with stream:
                stream.settimeout(TIMEOUT)
                heard = await asyncio.to_thread(stream.recv, 65536)
            assert "ERROR" in await bench.answer()
    return heard


@pytest.mark.parametrize(("model", "choice", "suites"), CASES)
async def test_the_hello_holds_the_suites_of_the_guide_and_nothing_else(
    model: str, choice: int, suites: Sequence[int]
) -> None:
    """Every firmware and choice, with the engine that can say exactly what the module says."""
    heard = await first_words(model, choice, "native")

    assert client_hello(suites, heard[RANDOM]) == heard


@pytest.mark.parametrize(("model", "choice", "suites"), CASES_WITHOUT_RC4)
async def test_openssl_adds_its_signalling_suite_and_nothing_else(
    model: str, choice: int, suites: Sequence[int]
) -> None:
    """The one deviation of that engine."""
    heard = await first_words(model, choice, "openssl")

    assert client_hello([*suites, SCSV], heard[RANDOM]) == heard


async def test_a_forced_engine_that_lacks_a_suite_says_so_and_dials_nobody() -> None:
    """Choice 0 of the G families has RC4, which stock OpenSSL builds lack."""
    if OpensslEngine().supports(suites_of(TLS_1_0), TLS_1_0):
        pytest.skip("this OpenSSL has every suite")

    async with Bench("GE865-QUAD", tls_engine="openssl") as bench:
        for line in ("AT+CMEE=2", 'AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
            assert (await bench.command(line)).endswith("OK\r\n")
        answer = await bench.command('AT#SSLD=1,443,"10.0.0.1",0,1')

    assert answer == "\r\n+CME ERROR: SSL error during handshake\r\n"
    assert "Dialled" not in [type(event).__name__ for event in bench.events]


def test_every_model_of_the_table_was_tried() -> None:
    """So that a new model cannot be forgotten here."""
    assert {model.name for model in list_models()} == {str(case.values[0]) for case in CASES}
    assert load_firmware("HE910").profile.secure_socket is not None
