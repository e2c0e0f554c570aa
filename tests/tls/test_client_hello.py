"""The ClientHello of each engine, compared whole: what is offered on the wire is what was asked for."""

import pytest

from emulator.tls.native.client import NativeEngine
from emulator.tls.openssl.engine import OpensslEngine
from emulator.tls.wire.suites import CipherSuite
from tests.peers.plain import scripted_server
from tests.peers.sockets import Wire
from tests.tls.conftest import AES128, AES256, NULL, RC4_MD5, RC4_SHA, offering


def hello(suites: str, random: bytes) -> bytes:
    """A TLS 1.0 ClientHello by RFC 2246 7.4.1.2: no session id, null compression, nothing behind it."""
    numbers = bytes.fromhex(suites)
    body = b"\x03\x01" + random + b"\x00" + len(numbers).to_bytes(2, "big") + numbers + b"\x01\x00"
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + len(message).to_bytes(2, "big") + message


@pytest.mark.parametrize(
    ("suites", "numbers"),
    [
        ((RC4_MD5, RC4_SHA, AES256), "000400050035"),
        ((AES128, RC4_SHA, RC4_MD5), "002f00050004"),
        ((AES256,), "0035"),
        ((NULL,), "0002"),
    ],
)
def test_the_native_engine_offers_exactly_what_it_is_asked_to(suites: tuple[CipherSuite, ...], numbers: str) -> None:
    """The suites in their order and nothing else: no SCSV, no extension, not even the length of none."""
    sent = NativeEngine().connect(offering(*suites)).data_to_send()

    assert sent == hello(numbers, random=sent[11:43])


@pytest.mark.parametrize(
    ("suites", "numbers"),
    [
        ((AES128, AES256), "002f0035"),
        ((AES256, NULL, AES128), "00350002002f"),
        ((NULL,), "0002"),
    ],
)
def test_openssl_adds_the_renegotiation_scsv_and_nothing_else(suites: tuple[CipherSuite, ...], numbers: str) -> None:
    """OpenSSL keeps the order and sends no extension; the SCSV 00ff at the end is its one known deviation."""
    sent = OpensslEngine().connect(offering(*suites)).data_to_send()

    assert sent == hello(numbers + "00ff", random=sent[11:43])


def test_each_hello_has_a_random_of_its_own() -> None:
    """Two sessions never share a client random."""
    first, second = (NativeEngine().connect(offering(AES128)).data_to_send() for _ in range(2))

    assert first[11:43] != second[11:43]


def test_the_hello_is_what_a_server_gets() -> None:
    """Read off a real socket, the hello is the first thing sent, in one record of 54 bytes for three suites."""
    heard = bytearray()
    with scripted_server(b"", heard) as port, Wire(NativeEngine(), port, offering(AES128, RC4_SHA, RC4_MD5)) as wire:
        wire.flush()

    assert heard[:54] == hello("002f00050004", random=bytes(heard[11:43]))
