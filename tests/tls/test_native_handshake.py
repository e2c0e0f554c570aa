"""The native engine and servers that do what real ones seldom do: real flights, put together or told differently."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from emulator.tls.client import FailureCause, TlsConfiguration, TlsFailure, TlsState
from emulator.tls.native.client import NativeClient
from emulator.tls.native.states import TRANSITIONS, Event, State
from tests.peers.pki import CLIENT, ROOT
from tests.peers.recordings import PLAINTEXT, fixed_random, record, recording, split_records
from tests.tls.conftest import AES128, NULL, RC4_SHA, Notes

ALERT, HANDSHAKE, DATA = 21, 22, 23
RANDOM = bytes(range(32))


def message(message_type: int, body: bytes) -> bytes:
    return bytes([message_type]) + len(body).to_bytes(3, "big") + body


def server_hello(
    version: bytes = b"\x03\x01",
    session_id: bytes = b"",
    suite: int = AES128.number,
    compression: int = 0,
    rest: bytes = b"",
) -> bytes:
    session = bytes([len(session_id)]) + session_id
    return message(2, version + RANDOM + session + suite.to_bytes(2, "big") + bytes([compression]) + rest)


def certificate(*chain: bytes) -> bytes:
    entries = b"".join(len(der).to_bytes(3, "big") + der for der in chain)
    return message(11, len(entries).to_bytes(3, "big") + entries)


HELLO_REQUEST = message(0, b"")
SERVER_HELLO = server_hello()
CERTIFICATE = certificate(CLIENT.der)
REQUEST = message(13, b"\x01\x01\x00\x00")
DONE = message(14, b"")
CHANGE = record(20, b"\x01")
HELLO, CHAIN = record(HANDSHAKE, SERVER_HELLO), record(HANDSHAKE, CERTIFICATE)


def fresh(**changes: object) -> NativeClient:
    configuration = TlsConfiguration((AES128,), **changes)  # type: ignore[arg-type]  # the caller knows the fields
    client = NativeClient(configuration, fixed_random)
    client.data_to_send()
    return client


def failure_of(client: NativeClient, stream: bytes) -> TlsFailure:
    with pytest.raises(TlsFailure) as caught:
        client.receive(stream)
    assert client.state is TlsState.FAILED
    return caught.value


def refused(stream: bytes, **changes: object) -> tuple[FailureCause, bytes]:
    """The cause of the failure, and the alert that was sent."""
    client = fresh(**changes)
    cause = failure_of(client, stream).cause
    return cause, split_records(client.data_to_send())[-1][5:]


class TestTable:
    def test_every_state_leads_to_the_open_session(self) -> None:
        """There is no dead end, and nothing follows the end."""
        reached = {State.OPEN}
        for _ in State:
            reached |= {state for (state, _), after in TRANSITIONS.items() if after in reached}

        assert reached == set(State) == {state for state, _ in TRANSITIONS} | {State.OPEN}
        assert State.OPEN not in {state for state, _ in TRANSITIONS}

    def test_a_resumed_session_has_a_way_of_its_own(self) -> None:
        """The session id in the server's hello decides on it."""
        ways = {event: after for (state, event), after in TRANSITIONS.items() if state is State.SERVER_HELLO}

        assert ways == {
            Event.SERVER_HELLO: State.CERTIFICATE,
            Event.RESUMING_SERVER_HELLO: State.RESUMED_CHANGE_CIPHER_SPEC,
            Event.RESUMING_BEFORE_TICKET: State.RESUMED_TICKET,
        }

    def test_what_has_a_state_shows_it(self) -> None:
        """A person sees at a glance what a session waits for."""
        client = fresh()
        client.receive(b"\x16\x03")

        assert repr(client._handshake) == "<Handshake waits for server_hello>"
        assert repr(client._records._incoming) == "<RecordBuffer 2 bytes>"


class TestFraming:
    @pytest.mark.parametrize("size", [1, 5, 1000, 10**6])
    def test_messages_may_be_split_over_records_and_joined_in_them(self, size: int) -> None:
        """All that counts is the order of the bytes."""
        recorded = recording(AES128)
        content = b"".join(part[5:] for part in split_records(recorded.full))
        stream = b"".join(record(HANDSHAKE, content[i : i + size]) for i in range(0, len(content), size))
        client = recorded.full_client()
        client.data_to_send()

        client.receive(stream)

        # certificate, client_key_exchange, change_cipher_spec, finished
        assert [part[0] for part in split_records(client.data_to_send())] == [22, 22, 20, 22]

    def test_empty_data_records_are_nothing(self) -> None:
        """OpenSSL sends them against an old attack on CBC."""
        recorded = recording(AES128)
        client = recorded.resuming_client()

        client.receive(recorded.forge((22, recorded.finished()), (DATA, b""), (DATA, b"x"), (DATA, b"")))

        assert client.read() == b"x"

    def test_warnings_in_the_handshake_are_nothing(self) -> None:
        """Only close_notify means something; unrecognised descriptions are reported by their number."""
        notes = Notes()
        client = fresh(observer=notes)

        client.receive(record(ALERT, b"\x01\x5a") + record(ALERT, b"\x01\x70") + HELLO)

        assert client.state is TlsState.HANDSHAKING
        assert notes.names[1:3] == ["< alert user_canceled", "< alert unrecognized_name"]

    @pytest.mark.parametrize(
        ("stream", "cause", "alert"),
        [
            pytest.param(record(22, b""), "BAD_MESSAGE", 50, id="empty handshake record"),
            pytest.param(record(ALERT, b"\x02"), "BAD_MESSAGE", 50, id="half an alert"),
            pytest.param(record(ALERT, b"\x03\x00"), "BAD_MESSAGE", 47, id="alert of no level"),
            pytest.param(HELLO + record(24, b"\x00"), "BAD_MESSAGE", 10, id="record of unknown type"),
            pytest.param(b"\x16\x03\x01\x48\x01", "BAD_MESSAGE", 22, id="record too long"),
            pytest.param(record(22, bytes(16385)), "BAD_MESSAGE", 22, id="plaintext too long"),
            pytest.param(b"\x16\x03\x03\x00\x01\x00", "PROTOCOL_VERSION", 70, id="first record of another version"),
            pytest.param(HELLO + b"\x15\x03\x02\x00\x02\x02\x28", "PROTOCOL_VERSION", 70, id="later one"),
            pytest.param(b"\x15\x02\x00\x00\x02\x02\x28", "NOT_TLS", 10, id="first record of no TLS version"),
            pytest.param(b"\x00", "NOT_TLS", 10, id="first byte of no record"),
        ],
    )
    def test_what_is_no_proper_record_is_refused(self, stream: bytes, cause: str, alert: int) -> None:
        """Each fault by its cause and its alert."""
        assert refused(stream) == (FailureCause[cause], bytes([2, alert]))


class TestOrder:
    @pytest.mark.parametrize(
        "stream",
        [
            pytest.param(CHAIN, id="certificate first"),
            pytest.param(record(22, DONE), id="server_hello_done first"),
            pytest.param(HELLO + HELLO, id="server_hello twice"),
            pytest.param(HELLO + record(22, DONE), id="no certificate"),
            pytest.param(HELLO + record(22, REQUEST), id="certificate_request before certificate"),
            pytest.param(HELLO + CHAIN + CHAIN, id="certificate twice"),
            pytest.param(HELLO + CHAIN + record(22, REQUEST + REQUEST), id="certificate_request twice"),
            pytest.param(HELLO + CHAIN + record(22, message(12, b"")), id="server_key_exchange"),
            pytest.param(HELLO + record(22, message(99, b"")), id="unknown message"),
            pytest.param(record(22, message(1, b"")), id="client_hello from a server"),
            pytest.param(CHANGE, id="change_cipher_spec first"),
            pytest.param(HELLO + CHANGE, id="change_cipher_spec early"),
            pytest.param(HELLO + CHAIN + record(22, DONE) + record(22, message(20, bytes(12))), id="finished in clear"),
            pytest.param(record(DATA, b"data"), id="data in the handshake"),
            pytest.param(HELLO + record(22, b"\x0b") + CHANGE, id="change_cipher_spec within a message"),
        ],
    )
    def test_what_the_table_does_not_list_ends_the_session(self, stream: bytes) -> None:
        """Unexpected_message, whatever it is that is out of order."""
        client = fresh()

        failure = failure_of(client, stream)

        assert failure.cause is FailureCause.BAD_MESSAGE
        alert = [part for part in split_records(client.data_to_send()) if part[0] == ALERT]
        assert len(alert) == 1

    def test_an_alert_says_unexpected_message(self) -> None:
        """The alert of RFC 2246 7.2.2 for it."""
        assert refused(CHAIN) == (FailureCause.BAD_MESSAGE, b"\x02\x0a")

    def test_an_unknown_message_is_reported_by_its_number(self) -> None:
        """The trace shows what came, known or not."""
        notes = Notes()
        failure_of(fresh(observer=notes), record(22, message(99, b"abc")))

        assert notes.messages[1] == ("received", "handshake_message_99", 3)

    def test_a_hello_request_in_the_handshake_is_nothing(self) -> None:
        """RFC 2246 7.4.1.1; it is no part of the transcript either."""
        recorded = recording(AES128)
        client = recorded.resuming_client()

        client.receive(record(22, HELLO_REQUEST) + recorded.resumed)

        assert client.read() == PLAINTEXT

    def test_hello_requests_are_declined_once(self) -> None:
        """Servers that insist get one answer."""
        recorded = recording(AES128)
        notes = Notes()
        client = recorded.resuming_client(observer=notes)

        client.receive(recorded.forge((22, recorded.finished()), (22, HELLO_REQUEST * 3), (22, HELLO_REQUEST)))

        assert client.state is TlsState.OPEN
        assert notes.names.count("> alert no_renegotiation") == 1

    def test_nothing_behind_close_notify_counts(self) -> None:
        """RFC 2246 7.2.1: what follows is ignored, even in the same packet."""
        recorded = recording(AES128)
        client = recorded.resuming_client()

        client.receive(recorded.forge((22, recorded.finished()), (ALERT, b"\x01\x00"), (DATA, b"ghost")))

        assert (client.state, client.read()) == (TlsState.CLOSED, b"")


class TestServerHello:
    @pytest.mark.parametrize(
        ("hello", "cause", "alert"),
        [
            pytest.param(server_hello(version=b"\x03\x00"), "PROTOCOL_VERSION", 70, id="SSL 3.0"),
            pytest.param(server_hello(version=b"\x03\x03"), "PROTOCOL_VERSION", 70, id="TLS 1.2"),
            pytest.param(server_hello(suite=RC4_SHA.number), "NO_COMMON_SUITE", 47, id="a suite not offered"),
            pytest.param(server_hello(suite=0xC014), "NO_COMMON_SUITE", 47, id="a suite never heard of"),
            pytest.param(server_hello(compression=1), "BAD_MESSAGE", 47, id="compression"),
            pytest.param(server_hello(session_id=bytes(33)), "BAD_MESSAGE", 50, id="session id too long"),
            pytest.param(server_hello(rest=b"\x00\x00"), "BAD_MESSAGE", 50, id="extensions"),
            pytest.param(message(2, server_hello()[4:-1]), "BAD_MESSAGE", 50, id="cut short"),
            pytest.param(message(2, b""), "BAD_MESSAGE", 50, id="empty"),
        ],
    )
    def test_a_choice_that_was_not_offered_is_refused(self, hello: bytes, cause: str, alert: int) -> None:
        """Each by its cause and its alert."""
        assert refused(record(22, hello)) == (FailureCause[cause], bytes([2, alert]))

    def test_a_session_cannot_change_its_suite(self) -> None:
        """RFC 2246 7.4.1.3: a resumed session keeps what it had."""
        recorded = recording(AES128)
        configuration = TlsConfiguration((AES128, NULL), session=recorded.session)
        client = NativeClient(configuration, fixed_random)
        hello = server_hello(session_id=recorded.session.session_id, suite=NULL.number)

        failure = failure_of(client, record(22, hello))

        assert (failure.cause, "0x0002" in failure.detail) == (FailureCause.BAD_MESSAGE, True)

    def test_alerts_in_answer_to_the_hello_say_what_was_refused(self) -> None:
        """Later the same alert is an alert like any other; its record may be of the server's own version."""
        causes = [
            failure_of(fresh(), b"\x15\x03\x03\x00\x02\x02\x28").cause,
            failure_of(fresh(), b"\x15\x03\x00\x00\x02\x02\x46").cause,
            failure_of(fresh(), record(ALERT, b"\x02\x50")).cause,
            failure_of(fresh(), HELLO + record(ALERT, b"\x02\x28")).cause,
        ]

        assert causes == [
            FailureCause.NO_COMMON_SUITE,
            FailureCause.PROTOCOL_VERSION,
            FailureCause.ALERT_RECEIVED,
            FailureCause.ALERT_RECEIVED,
        ]

    def test_an_alert_received_is_not_answered(self) -> None:
        """The session is over on both sides."""
        client = fresh()
        failure_of(client, record(ALERT, b"\x02\x28"))

        assert client.data_to_send() == b""


def odd_certificate(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> bytes:
    builder = x509.CertificateBuilder().subject_name(CLIENT.subject).issuer_name(ROOT.subject).public_key(key)
    builder = builder.serial_number(1).not_valid_before(datetime(2010, 1, 1, tzinfo=UTC))
    signed = builder.not_valid_after(datetime(2040, 1, 1, tzinfo=UTC)).sign(ROOT.key, SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


EC_CERTIFICATE = odd_certificate(ec.generate_private_key(ec.SECP256R1()).public_key())
TINY_KEY_CERTIFICATE = odd_certificate(rsa.RSAPublicNumbers(65537, (1 << 399) + 1).public_key())
HUGE_KEY_CERTIFICATE = odd_certificate(rsa.RSAPublicNumbers(65537, (1 << 16400) + 1).public_key())


class TestCertificates:
    @pytest.mark.parametrize(
        ("chain", "cause", "alert"),
        [
            pytest.param(certificate(), "BAD_MESSAGE", 42, id="no certificate"),
            pytest.param(certificate(b"rubbish"), "BAD_MESSAGE", 42, id="no X.509"),
            pytest.param(certificate(EC_CERTIFICATE), "KEY_UNUSABLE", 43, id="EC key"),
            pytest.param(certificate(TINY_KEY_CERTIFICATE), "KEY_UNUSABLE", 43, id="key too short for the secret"),
            pytest.param(certificate(HUGE_KEY_CERTIFICATE), "KEY_UNUSABLE", 43, id="key too long"),
            pytest.param(certificate(b""), "BAD_MESSAGE", 50, id="empty certificate"),
            pytest.param(message(11, b"\x00\x00\x05\x00\x00\x09ab"), "BAD_MESSAGE", 50, id="cut short"),
            pytest.param(message(11, b"\x00\x00\x00\x00"), "BAD_MESSAGE", 50, id="a byte too many"),
            pytest.param(b"\x0b\x01\x00\x01", "BAD_MESSAGE", 47, id="longer than is taken"),
        ],
    )
    def test_a_chain_that_cannot_be_used_is_refused(self, chain: bytes, cause: str, alert: int) -> None:
        """Each by its cause and its alert, at the latest when the server's flight is complete."""
        assert refused(HELLO + record(22, chain + DONE)) == (FailureCause[cause], bytes([2, alert]))

    @pytest.mark.parametrize(
        "request_body",
        [b"", b"\x00\x00\x00", b"\x01\x01\x00\x02\x00\x00", b"\x01\x01\x00\x03\x00\x05a", b"\x01\x01\x00\x00\x00"],
    )
    def test_a_malformed_request_is_refused(self, request_body: bytes) -> None:
        """No types, an empty name, a name cut short, a byte too many."""
        stream = HELLO + CHAIN + record(22, message(13, request_body))

        assert refused(stream) == (FailureCause.BAD_MESSAGE, b"\x02\x32")

    def test_a_request_for_another_kind_of_key_gets_an_empty_certificate(self) -> None:
        """The module has RSA and nothing else; a list of names makes no difference."""
        notes = Notes()
        client = fresh(identity=CLIENT.identity, observer=notes)
        wants_dss = message(13, b"\x01\x02\x00\x06\x00\x04\x30\x02\x31\x00")

        client.receive(HELLO + CHAIN + record(22, wants_dss + DONE))

        assert ("sent", "certificate", 3) in notes.messages
        assert "> certificate_verify" not in notes.names
