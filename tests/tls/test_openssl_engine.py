"""What is particular to the OpenSSL engine: hostile servers end in named failures here too."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from OpenSSL import SSL

from emulator.tls.client import FailureCause, TlsFailure, TlsState
from emulator.tls.openssl import engine, lists
from emulator.tls.openssl.client import OpensslClient
from emulator.tls.openssl.context import context_of
from emulator.tls.openssl.engine import OpensslEngine
from emulator.tls.openssl.sealing import seal
from emulator.tls.wire.extensions import Extension
from emulator.tls.wire.signatures import SignatureScheme
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_2
from tests.peers.recordings import record, recording, split_records
from tests.peers.tls_mutations import Mutation, apply
from tests.tls.conftest import AES128, NULL, offering
from tests.tls.later_offers import EXTENSIONS, offer
from tests.tls.test_native_fuzz import chunk_sizes, mutations
from tests.tls.test_native_handshake import (
    CERTIFICATE,
    DONE,
    EC_CERTIFICATE,
    HELLO,
    certificate,
    server_hello,
)

GCM = CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256


def failure_of(stream: bytes) -> TlsFailure:
    client = OpensslClient(offering(AES128))
    with pytest.raises(TlsFailure) as caught:
        client.receive(stream)
    assert client.state is TlsState.FAILED
    return caught.value


@settings(max_examples=150, deadline=None)
@given(mutations, chunk_sizes)
def test_a_mutated_first_flight_never_opens_a_session(changes: list[Mutation], chunk: int) -> None:
    """It fails by name or waits; no other exception leaves the engine."""
    client = OpensslClient(offering(NULL))
    stream = apply(recording(NULL).full, changes)

    try:
        for start in range(0, len(stream), chunk):
            client.receive(stream[start : start + chunk])
    except TlsFailure:
        assert client.state is TlsState.FAILED
    else:
        assert client.state is TlsState.HANDSHAKING

    assert client.read() == b""


@pytest.mark.parametrize(
    ("stream", "cause"),
    [
        pytest.param(record(22, server_hello(version=b"\x03\x03")), "PROTOCOL_VERSION", id="TLS 1.2"),
        pytest.param(record(22, server_hello(suite=NULL.number)), "NO_COMMON_SUITE", id="a suite not offered"),
        pytest.param(HELLO + record(22, certificate()), "BAD_MESSAGE", id="no certificate"),
        pytest.param(HELLO + record(22, certificate(EC_CERTIFICATE)), "KEY_UNUSABLE", id="EC key"),
        pytest.param(HELLO + record(22, DONE), "BAD_MESSAGE", id="no certificate message"),
        pytest.param(HELLO + record(22, CERTIFICATE) + record(23, b"x"), "BAD_MESSAGE", id="data in the handshake"),
        pytest.param(record(20, b"\x01"), "BAD_MESSAGE", id="change_cipher_spec first"),
    ],
)
def test_causes_are_those_of_the_native_engine(stream: bytes, cause: str) -> None:
    """What OpenSSL finds and what is found before it are told in the same words."""
    assert failure_of(stream).cause is FailureCause[cause]


@pytest.mark.parametrize("size", [100, 10**6])
def test_messages_may_be_split_over_records_and_joined_in_them(size: int) -> None:
    """The messages are found and named whatever records they come in."""
    content = b"".join(part[5:] for part in split_records(recording(NULL).full))
    client = OpensslClient(offering(NULL))
    client.data_to_send()

    client.receive(b"".join(record(22, content[i : i + size]) for i in range(0, len(content), size)))

    assert [part[0] for part in split_records(client.data_to_send())] == [22, 22, 20, 22]


def test_an_alert_in_clear_is_not_sent_once_keys_are_in_use() -> None:
    """Behind our change_cipher_spec nothing may go out in clear: the session then ends without a word."""
    client = OpensslClient(offering(NULL))
    client.receive(recording(NULL).full)
    flight = split_records(client.data_to_send())
    with pytest.raises(TlsFailure):
        client.receive(b"\x00")

    assert [part[0] for part in flight[-2:]] == [20, 22]
    assert client.data_to_send() == b""


def test_what_openssl_does_not_seal_is_an_error() -> None:
    """As with data while no handshake has been: it waits for the server."""
    connection = SSL.Connection(SSL.Context(SSL.TLS_CLIENT_METHOD), None)
    connection.set_connect_state()

    with pytest.raises(SSL.WantReadError):
        seal(connection, [b"", b"data"])


@pytest.mark.parametrize(
    ("changes", "deviation"),
    [
        ({"signatures": (SignatureScheme.RSA_PKCS1_MD5,)}, "begins no session: it has none of RSA+md5"),
        (
            {"signatures": (SignatureScheme.RSA_PKCS1_SHA256, SignatureScheme.RSA_PKCS1_MD5)},
            "says something else in signature_algorithms of the hello",
        ),
        ({"extensions": (*EXTENSIONS, Extension.KEY_SHARE)}, None),
        ({"extensions": EXTENSIONS[1:]}, "adds renegotiation_info to the hello"),
        ({"extensions": (*EXTENSIONS, Extension.SESSION_TICKET)}, "orders the extensions of the hello otherwise"),
        ({"scsv": True}, "leaves out 00ff of the hello"),
    ],
)
def test_it_says_in_what_its_hello_differs(changes: dict[str, Any], deviation: str | None) -> None:
    """It is read off a hello of this OpenSSL."""
    assert OpensslEngine().deviation(offer(TLS_1_2.alone, GCM, **changes)) == deviation


def test_it_says_when_it_cannot_choose_the_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """A `cryptography` that does not bind the calls leaves OpenSSL's own lists."""
    monkeypatch.setattr(lists, "Binding", lambda: SimpleNamespace(lib=None))
    _forget_contexts()
    try:
        deviation = OpensslEngine().deviation(offer(TLS_1_2.alone, GCM))
    finally:
        _forget_contexts()

    assert deviation == "says something else in supported_groups, signature_algorithms of the hello"


def _forget_contexts() -> None:
    engine._probe.cache_clear()
    context_of.cache_clear()
