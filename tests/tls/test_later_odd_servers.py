"""Hostile and broken servers of TLS 1.2 with ephemeral keys and of TLS 1.3: a named failure, or the engine waits."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from OpenSSL import SSL
from tlslite.constants import KeyUpdateMessageType
from tlslite.messages import CertificateRequest

from emulator.testing.contracts.tls_peers import Seen, echo
from emulator.tls.client import FailureCause, TlsClient, TlsConfiguration, TlsFailure, TlsState
from emulator.tls.openssl.engine import OpensslEngine
from emulator.tls.trust import ChainVerifier
from emulator.tls.wire.extensions import NamedGroup
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_2, TLS_1_3, ProtocolVersion
from tests.peers.openssl_in_memory import OpensslInMemory
from tests.peers.pki import NOW, ROOT, Party
from tests.peers.recordings import split_records
from tests.peers.sockets import Wire
from tests.peers.tls_mutations import Mutation, apply
from tests.peers.tlslite_server import TlsliteServer
from tests.tls.conftest import Notes
from tests.tls.later_offers import offer
from tests.tls.test_native_fuzz import chunk_sizes, mutations
from tests.tls.test_native_handshake import message, server_hello

OPENSSL = OpensslEngine()
OFFERS = {
    TLS_1_2: offer(TLS_1_2.alone, CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
    TLS_1_3: offer(TLS_1_3.alone, CipherSuite.TLS_AES_128_GCM_SHA256),
}
GCM = CipherSuite.TLS_AES_128_GCM_SHA256.number
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


def record(content_type: int, fragment: bytes) -> bytes:
    return bytes([content_type, 3, 3]) + len(fragment).to_bytes(2, "big") + fragment


def hear(client: TlsClient, stream: bytes, chunk: int = 1 << 20) -> TlsFailure | None:
    """Let the client hear `stream` in pieces; gives its failure. No other exception is caught."""
    for start in range(0, len(stream), chunk):
        try:
            client.receive(stream[start : start + chunk])
        except TlsFailure as failure:
            assert client.state is TlsState.FAILED
            return failure
    return None


def without_signals(stream: bytes) -> bytes:
    """The stream less change_cipher_spec, which means nothing in TLS 1.3 (RFC 8446 D.4)."""
    return b"".join(part for part in split_records(stream) if part[0] != 20)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(list(OFFERS)), mutations, chunk_sizes)
def test_a_mutated_flight_never_opens_a_session(version: ProtocolVersion, changes: list[Mutation], chunk: int) -> None:
    """It fails by name or waits; of TLS 1.3 the flight opens the session, and only where it is the server's own."""
    client = OPENSSL.connect(replace(OFFERS[version], verify=ChainVerifier([ROOT.der], NOW)))
    flight = OpensslInMemory(version).answer(client)
    stream = apply(flight, changes)

    failure = hear(client, stream, chunk)

    assert client.read() == b""
    if client.state is TlsState.OPEN:
        assert version is TLS_1_3
        assert without_signals(stream).startswith(without_signals(flight))
    else:
        assert (client.state is TlsState.FAILED) is (failure is not None)


@pytest.mark.parametrize("version", OFFERS, ids=lambda version: version.name)
def test_an_empty_change_cipher_spec_is_refused(version: ProtocolVersion) -> None:
    """It is one byte (RFC 5246 7.1, RFC 8446 5); OpenSSL passes over one of none."""
    client = OPENSSL.connect(replace(OFFERS[version], verify=ChainVerifier([ROOT.der], NOW)))
    flight = OpensslInMemory(version).answer(client)

    failure = hear(client, record(20, b"") + flight)

    assert failure is not None
    assert (FailureCause.BAD_MESSAGE, "an empty change_cipher_spec") == (failure.cause, failure.detail)


def share(group: int, length: int = 0) -> bytes:
    """key_share of a server; without a length it only names the group it wants."""
    content = group.to_bytes(2, "big") + (length.to_bytes(2, "big") + bytes(length) if length else b"")
    return b"\x00\x33" + len(content).to_bytes(2, "big") + content


def hello_1_3(*extensions: bytes, random: bytes = bytes(32), suite: int = GCM, session_id: bytes = b"") -> bytes:
    """A server_hello that chooses TLS 1.3, in a record."""
    listed = b"\x00\x2b\x00\x02\x03\x04" + b"".join(extensions)
    body = b"\x03\x03" + random + bytes([len(session_id)]) + session_id + suite.to_bytes(2, "big") + b"\x00"
    return record(22, message(2, body + len(listed).to_bytes(2, "big") + listed))


@pytest.mark.parametrize(
    ("stream", "cause", "words"),
    [
        pytest.param(b"HTTP/1.0 400 Bad Request\r\n\r\n", "NOT_TLS", "the first byte", id="no TLS"),
        pytest.param(record(21, b"\x02\xfe"), "ALERT_RECEIVED", "the alert 254", id="an alert never heard of"),
        pytest.param(record(21, b"\x02\x28"), "NO_COMMON_SUITE", "handshake_failure", id="no common suite"),
        pytest.param(record(21, b"\x02\x46"), "PROTOCOL_VERSION", "protocol_version", id="no common version"),
        pytest.param(hello_1_3(suite=0x1302), "NO_COMMON_SUITE", "suite 0x1302, which was not", id="another suite"),
        pytest.param(
            record(22, server_hello(version=b"\x03\x03", suite=0xC02F)), "PROTOCOL_VERSION", "0x0303", id="TLS 1.2"
        ),
        pytest.param(hello_1_3(share(24), random=RETRY), "BAD_MESSAGE", "", id="a retry without our session id"),
        pytest.param(hello_1_3(share(0x11EC), random=RETRY), "BAD_MESSAGE", "", id="a retry for a group we have not"),
        pytest.param(record(23, bytes(40)), "BAD_MESSAGE", "", id="protected before any hello"),
        pytest.param(record(22, message(8, b"\x00\x00")), "BAD_MESSAGE", "", id="encrypted_extensions in clear"),
        pytest.param(record(22, message(24, b"\x00")), "BAD_MESSAGE", "", id="key_update first"),
    ],
)
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_an_odd_answer_is_a_named_failure(stream: bytes, cause: str, words: str, size: int) -> None:
    """Whole or byte by byte."""
    client = OPENSSL.connect(OFFERS[TLS_1_3])

    failure = hear(client, stream, size)

    assert failure is not None
    assert (FailureCause[cause], words in failure.detail) == (failure.cause, True), failure


def test_garbage_in_the_place_of_protected_messages() -> None:
    """What cannot be opened is a bad record, as in older versions."""
    client = OPENSSL.connect(OFFERS[TLS_1_3])
    hello, signal, first, *_ = split_records(OpensslInMemory(TLS_1_3).answer(client))
    assert (hello[0], signal[0], first[0]) == (22, 20, 23)

    failure = hear(client, hello + signal + record(23, bytes(100)))

    assert failure is not None and failure.cause is FailureCause.BAD_RECORD_MAC


@pytest.mark.parametrize("version", list(OFFERS), ids=lambda version: version.name)
def test_a_certificate_of_64_kilobytes_is_refused_by_its_size(version: ProtocolVersion) -> None:
    """Before the verifier or OpenSSL get it."""
    client = OPENSSL.connect(OFFERS[version])
    server = OpensslInMemory(version, Party("enormous", ballast=1 << 16))

    failure = hear(client, server.answer(client))

    assert failure is not None
    assert "a certificate of " in failure.detail and "at most 65536 are taken" in failure.detail


def test_a_server_cannot_ask_for_another_hello_twice() -> None:
    """The second HelloRetryRequest ends the session."""
    configuration = replace(OFFERS[TLS_1_3], groups=(NamedGroup.SECP256R1, NamedGroup.SECP384R1))
    client = OPENSSL.connect(configuration)
    session_id = client.data_to_send()[44:76]
    retry = hello_1_3(share(24), random=RETRY, session_id=session_id)
    assert hear(client, retry) is None
    assert client.state is TlsState.HANDSHAKING

    assert hear(client, retry) is not None


def open_session(configuration: TlsConfiguration) -> tuple[TlsClient, OpensslInMemory]:
    """A session of TLS 1.3 that both sides have opened."""
    client, server = OPENSSL.connect(configuration), OpensslInMemory(TLS_1_3)
    assert hear(client, server.answer(client)) is None
    assert hear(client, server.answer(client)) is None
    assert client.state is TlsState.OPEN
    return client, server


def test_tickets_and_data_come_in_any_order() -> None:
    """A session to keep is there once a ticket has come, and what is read is data alone."""
    notes = Notes()
    client, server = OPENSSL.connect(replace(OFFERS[TLS_1_3], observer=notes)), OpensslInMemory(TLS_1_3)
    assert hear(client, server.answer(client)) is None
    assert (client.state, client.session) == (TlsState.OPEN, None)

    tickets = server.answer(client)
    server.connection.send(b"data")

    assert hear(client, tickets + server.said(), 7) is None
    assert (client.pending, client.read()) == (4, b"data")
    assert client.session is not None
    assert "< new_session_ticket" in notes.names


def test_one_direction_may_end_before_the_other() -> None:
    """The server's close_notify ends the session for the module, which answers it; what came before can be read."""
    client, server = open_session(OFFERS[TLS_1_3])
    server.connection.send(b"last words")
    server.connection.shutdown()

    assert hear(client, server.said()) is None
    assert (client.state, client.read()) == (TlsState.CLOSED, b"last words")
    server.connection.bio_write(client.data_to_send())
    with pytest.raises(SSL.ZeroReturnError):
        server.connection.recv(1)


def renews_its_keys(connection: Any, seen: Seen) -> None:
    """Ask for new keys both ways between two words, and echo what is said then."""
    connection.write(b"before ")
    for _ in connection.send_keyupdate_request(KeyUpdateMessageType.update_requested):
        pass
    connection.write(b"after")
    echo(connection, seen)


def asks_for_a_certificate_later(connection: Any, seen: Seen) -> None:
    """Send what only a client may get that has offered post_handshake_auth (RFC 8446 4.6.2)."""
    request = CertificateRequest((3, 4)).create(context=b"later", extensions=[])
    for _ in connection._sendMsg(request):
        pass
    connection.read(min=1, max=1)


def test_new_keys_disturb_nobody() -> None:
    """A key_update is answered by one of ours, and data goes on both ways."""
    with (
        TlsliteServer([CipherSuite.TLS_AES_128_GCM_SHA256], handler=renews_its_keys, version=TLS_1_3) as server,
        Wire(OPENSSL, server.port, OFFERS[TLS_1_3]) as wire,
    ):
        wire.handshake()
        assert wire.receive(12) == b"before after"
        wire.send(b"and on")

        assert wire.receive(6) == b"and on"


def test_a_certificate_cannot_be_asked_for_later() -> None:
    """Nobody has offered that: the session ends, with the alert that says so."""
    with TlsliteServer(
        [CipherSuite.TLS_AES_128_GCM_SHA256], handler=asks_for_a_certificate_later, version=TLS_1_3
    ) as server:
        with Wire(OPENSSL, server.port, OFFERS[TLS_1_3]) as wire:
            wire.handshake()
            with pytest.raises(TlsFailure) as caught:
                wire.receive(1)
        [seen] = server.wait_for(1)

    assert FailureCause.BAD_MESSAGE is caught.value.cause
    assert "unexpected_message" in seen.error
