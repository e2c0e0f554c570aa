"""Servers that answer what nobody asked for, or talk without end: a named failure with either engine."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from msgspec.structs import replace

from emulator.testing.contracts.tls_peers import Seen, Server
from emulator.tls.client import FailureCause, TlsEngine, TlsFailure, TlsObserver, TlsState
from emulator.tls.wire.idling import Idle
from emulator.tls.wire.records import ContentType
from tests.peers.recordings import record, split_records
from tests.peers.sockets import Wire
from tests.tls.conftest import AES128, NULL, Notes, offering
from tests.tls.test_native_handshake import (
    CERTIFICATE,
    CHAIN,
    CHANGE,
    DONE,
    EC_CERTIFICATE,
    HELLO,
    HELLO_REQUEST,
    HUGE_KEY_CERTIFICATE,
    REQUEST,
    SERVER_HELLO,
    certificate,
    message,
    server_hello,
)

ALERT, HANDSHAKE, DATA = ContentType.ALERT, ContentType.HANDSHAKE, ContentType.APPLICATION_DATA


def extensions(*listed: tuple[int, bytes]) -> bytes:
    """A server_hello with these extensions, in a record."""
    content = b"".join(n.to_bytes(2, "big") + len(c).to_bytes(2, "big") + c for n, c in listed)
    return record(HANDSHAKE, server_hello(rest=len(content).to_bytes(2, "big") + content))


@pytest.mark.parametrize(
    ("stream", "cause", "alert"),
    [
        pytest.param(extensions((0, b"")), "BAD_MESSAGE", 110, id="server_name"),
        pytest.param(extensions((22, b"")), "BAD_MESSAGE", 110, id="encrypt_then_mac"),
        pytest.param(extensions((23, b"")), "BAD_MESSAGE", 110, id="extended_master_secret"),
        pytest.param(extensions((35, b"")), "BAD_MESSAGE", 110, id="session_ticket"),
        pytest.param(extensions((13, b"\x00\x02\x04\x01")), "BAD_MESSAGE", 110, id="signature_algorithms"),
        pytest.param(extensions((0xABCD, b"x")), "BAD_MESSAGE", 110, id="an extension never heard of"),
        pytest.param(record(HANDSHAKE, server_hello(rest=b"\x00\x03\x00\x00\x00")), "BAD_MESSAGE", 50, id="cut short"),
        pytest.param(record(HANDSHAKE, server_hello(rest=b"\x00")), "BAD_MESSAGE", 50, id="half a length"),
        pytest.param(record(HANDSHAKE, server_hello(rest=b"\x00\x00\x00")), "BAD_MESSAGE", 50, id="a byte behind"),
        pytest.param(record(HANDSHAKE, server_hello(compression=1)), "BAD_MESSAGE", 47, id="compression"),
        pytest.param(record(HANDSHAKE, server_hello(session_id=bytes(33))), "BAD_MESSAGE", 50, id="long session id"),
        pytest.param(record(HANDSHAKE, server_hello(version=b"\x03\x00")), "PROTOCOL_VERSION", 70, id="SSL 3.0"),
        pytest.param(record(HANDSHAKE, server_hello(suite=0xC014)), "NO_COMMON_SUITE", 47, id="another suite"),
        pytest.param(HELLO + HELLO, "BAD_MESSAGE", 10, id="server_hello twice"),
        pytest.param(HELLO + record(HANDSHAKE, DONE), "BAD_MESSAGE", 10, id="no certificate"),
        pytest.param(HELLO + CHAIN + CHAIN, "BAD_MESSAGE", 10, id="certificate twice"),
        pytest.param(HELLO + CHAIN + record(HANDSHAKE, REQUEST + REQUEST), "BAD_MESSAGE", 10, id="request twice"),
        pytest.param(HELLO + CHAIN + record(HANDSHAKE, message(12, b"")), "BAD_MESSAGE", 10, id="server_key_exchange"),
        pytest.param(HELLO + record(HANDSHAKE, message(22, b"\x01\x00\x00\x00")), "BAD_MESSAGE", 10, id="status"),
        pytest.param(HELLO + record(HANDSHAKE, message(99, b"")), "BAD_MESSAGE", 10, id="a message never heard of"),
        pytest.param(record(HANDSHAKE, message(1, b"")), "BAD_MESSAGE", 10, id="client_hello"),
        pytest.param(record(HANDSHAKE, message(0, b"x")), "BAD_MESSAGE", 50, id="hello_request with a body"),
        pytest.param(HELLO + CHAIN + record(HANDSHAKE, message(14, b"x")), "BAD_MESSAGE", 50, id="done with a body"),
        pytest.param(HELLO + CHAIN + record(HANDSHAKE, message(13, b"\x00")), "BAD_MESSAGE", 50, id="odd request"),
        pytest.param(HELLO + record(HANDSHAKE, certificate()), "BAD_MESSAGE", 42, id="empty chain"),
        pytest.param(HELLO + record(HANDSHAKE, certificate(b"x") + DONE), "BAD_MESSAGE", 42, id="no X.509"),
        pytest.param(HELLO + record(HANDSHAKE, certificate(EC_CERTIFICATE) + DONE), "KEY_UNUSABLE", 43, id="EC key"),
        pytest.param(
            HELLO + record(HANDSHAKE, certificate(HUGE_KEY_CERTIFICATE) + DONE), "KEY_UNUSABLE", 43, id="huge key"
        ),
        pytest.param(CHANGE, "BAD_MESSAGE", 10, id="change_cipher_spec first"),
        pytest.param(HELLO + CHANGE, "BAD_MESSAGE", 10, id="change_cipher_spec early"),
        pytest.param(HELLO + CHAIN + record(DATA, b"x"), "BAD_MESSAGE", 10, id="data in the handshake"),
        pytest.param(HELLO + record(24, b"\x00"), "BAD_MESSAGE", 10, id="a record never heard of"),
        pytest.param(b"\x16\x03\x01\x48\x01", "BAD_MESSAGE", 22, id="a record too long"),
        pytest.param(HELLO + b"\x16\x03\x03\x00\x01\x00", "PROTOCOL_VERSION", 70, id="a record of another version"),
        pytest.param(b"\x80\x03\x01", "NOT_TLS", 10, id="SSL 2.0"),
        pytest.param(record(ALERT, b"\x02\x28"), "NO_COMMON_SUITE", None, id="handshake_failure"),
        pytest.param(record(ALERT, b"\x02\x47"), "NO_COMMON_SUITE", None, id="insufficient_security"),
        pytest.param(record(ALERT, b"\x02\x6e"), "ALERT_RECEIVED", None, id="unsupported_extension"),
        pytest.param(record(ALERT, b"\x02\x70"), "ALERT_RECEIVED", None, id="unrecognized_name"),
        pytest.param(record(ALERT, b"\x02\xfe"), "ALERT_RECEIVED", None, id="an alert never heard of"),
        pytest.param(record(ALERT, b"\x01\x00"), "PEER_CLOSED", None, id="close_notify"),
        pytest.param(record(ALERT, b"\x01\x5a") * 5, "BAD_MESSAGE", 10, id="warnings"),
        pytest.param(HELLO + record(ALERT, b"\x01\x70") * 5, "BAD_MESSAGE", 10, id="warnings later"),
        pytest.param(record(HANDSHAKE, HELLO_REQUEST) * 33, "BAD_MESSAGE", 10, id="hello_requests"),
        pytest.param(HELLO + record(HANDSHAKE, HELLO_REQUEST * 33), "BAD_MESSAGE", 10, id="hello_requests later"),
        pytest.param(record(HANDSHAKE, SERVER_HELLO + b"\x00" * 2000), "BAD_MESSAGE", 10, id="zeros"),
        pytest.param(
            (record(ALERT, b"\x01\x5a") + record(HANDSHAKE, HELLO_REQUEST)) * 33, "BAD_MESSAGE", 10, id="in turn"
        ),
    ],
)
@pytest.mark.parametrize("size", [1, 10**6])
def test_an_odd_answer_is_a_named_failure(
    engine: TlsEngine, stream: bytes, cause: str, alert: int | None, size: int
) -> None:
    """The cause for the trace and the alert for the server are the same with both, whole or byte by byte."""
    client = engine.connect(offering(AES128, NULL))
    client.data_to_send()

    with pytest.raises(TlsFailure) as caught:
        for start in range(0, len(stream), size):
            client.receive(stream[start : start + size])

    sent = [part for part in split_records(client.data_to_send()) if part[0] == ALERT]
    answer = [] if alert is None else [record(ALERT, bytes([2, alert]))]
    assert (FailureCause[cause], answer) == (caught.value.cause, sent)
    assert client.state is TlsState.FAILED


def test_the_answer_to_the_scsv_is_taken_where_that_was_sent(engine: TlsEngine) -> None:
    """`renegotiation_info` of a first handshake, and no other."""
    answer = extensions((0xFF01, b"\x00"))
    client = engine.connect(replace(offering(AES128), scsv=True))
    client.receive(answer)
    assert client.state is TlsState.HANDSHAKING

    client = engine.connect(replace(offering(AES128), scsv=True))
    client.data_to_send()
    with pytest.raises(TlsFailure):
        client.receive(extensions((0xFF01, b"\x0c" + bytes(12))))
    assert client.data_to_send() == record(ALERT, b"\x02\x28")


class Ghost(TlsObserver):
    """Breaks at one message."""

    def __init__(self, name: str) -> None:
        self._name = name

    def message(self, direction: str, name: str, length: int) -> None:
        if name == self._name:
            raise RuntimeError("a defect")


@pytest.mark.parametrize("name", ["server_hello", "alert user_canceled"])
def test_a_defect_of_the_observer_comes_out_of_the_call(engine: TlsEngine, name: str) -> None:
    """Also where OpenSSL stands in between, which would only print it."""
    client = engine.connect(replace(offering(AES128), observer=Ghost(name)))

    with pytest.raises(RuntimeError, match="a defect"):
        client.receive(record(ALERT, b"\x01\x5a") + HELLO + record(HANDSHAKE, CERTIFICATE))


def _warn(connection: Any) -> None:
    from tlslite.messages import Alert

    _say(connection, Alert().create(90, 1))


def _ask_again(connection: Any) -> None:
    from tlslite.messages import HelloRequest

    _say(connection, HelloRequest().create())


def _say_nothing(connection: Any) -> None:
    from tlslite.messages import ApplicationData

    _say(connection, ApplicationData().create(bytearray()))


def _say(connection: Any, said: Any) -> None:
    for _ in connection._sendMsg(said, randomizeFirstBlock=False):
        pass


FLOODS = {Idle.WARNING: _warn, Idle.HELLO_REQUEST: _ask_again, Idle.EMPTY_RECORD: _say_nothing}


def flooding(say: Callable[[Any], None], times: int) -> Callable[[Any, Seen], None]:
    """A server that says it so many times, then "data", all of it twice."""

    def serve(connection: Any, seen: Seen) -> None:
        with suppress(OSError):
            for _ in range(2):
                for _ in range(times):
                    say(connection)
                connection.write(b"data")
            while connection.sock.recv(4096):
                pass  # what is left unread would reset the connection, and take the data with it

    return serve


@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_behind_the_handshake_ends_the_session(engine: TlsEngine, kind: Idle) -> None:
    """One more than is taken in a row; with the native engine the alert says so."""
    notes = Notes()
    configuration = replace(offering(AES128), observer=notes)
    with (
        Server(AES128, handler=flooding(FLOODS[kind], kind.most + 1)) as server,
        Wire(engine, server.port, configuration) as wire,
        pytest.raises(TlsFailure) as caught,
    ):
        wire.handshake()
        wire.receive(8)

    assert FailureCause.BAD_MESSAGE is caught.value.cause
    if engine.name == "native":
        assert f"more than {kind.most} {kind.plural} in a row" in caught.value.detail
        assert "> alert unexpected_message" in notes.names


@pytest.mark.parametrize("kind", FLOODS)
def test_what_is_taken_in_a_row_is_counted_anew_after_data(engine: TlsEngine, kind: Idle) -> None:
    """Just so many, twice, are no flood."""
    with (
        Server(AES128, handler=flooding(FLOODS[kind], kind.most)) as server,
        Wire(engine, server.port, offering(AES128)) as wire,
    ):
        wire.handshake()

        assert wire.receive(8) == b"datadata"
