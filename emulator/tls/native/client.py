"""A session of the native engine: received records go to the handshake or to the reader.

Source: RFC 2246 6 and 7.
"""

import os
from collections.abc import Callable, Sequence

from emulator.tls.client import FailureCause, TlsConfiguration, TlsFailure, TlsState, lacking, require
from emulator.tls.native.handshake import Handshake
from emulator.tls.native.protection import available
from emulator.tls.native.records import RecordLayer
from emulator.tls.native.sessions import NativeSession
from emulator.tls.native.states import State
from emulator.tls.plaintext import Plaintext
from emulator.tls.security_data import load_rsa_identity_key
from emulator.tls.wire.alerts import Alert, AlertLevel, AlertMessage, FatalError, alert_name, failure_told_by
from emulator.tls.wire.extensions import Extension
from emulator.tls.wire.idling import Idle, IdleCounter
from emulator.tls.wire.records import ContentType, require_fitting
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, TLS_1_1, TLS_1_2, ProtocolVersion

_SPOKEN = (TLS_1_0, TLS_1_1, TLS_1_2)
_UNDERSTOOD = (
    Extension.SERVER_NAME,
    Extension.SIGNATURE_ALGORITHMS,
    Extension.ENCRYPT_THEN_MAC,
    Extension.EXTENDED_MASTER_SECRET,
    Extension.SESSION_TICKET,
    Extension.RENEGOTIATION_INFO,
)


class NativeClient:
    """Implements `TlsClient`; every random number comes from `random_bytes`."""

    def __init__(self, configuration: TlsConfiguration, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        identity_key = load_rsa_identity_key(configuration.identity) if configuration.identity else None
        self._state = TlsState.HANDSHAKING
        self._failure: TlsFailure | None = None
        self._observer = configuration.observer
        self._plaintext = Plaintext()
        self._records = RecordLayer(configuration.versions)
        self._idle = IdleCounter()
        self._handshake = Handshake(configuration, identity_key, self._records, self._idle, random_bytes)
        self._handshake.start()

    def __repr__(self) -> str:
        return f"<NativeClient {self._state.value}, {self.suite.name if self.suite else 'no suite'}>"

    @property
    def state(self) -> TlsState:
        return self._state

    @property
    def version(self) -> ProtocolVersion | None:
        return self._handshake.agreement.version if self._handshake.agreement else None

    @property
    def suite(self) -> CipherSuite | None:
        return self._handshake.agreement.suite if self._handshake.agreement else None

    @property
    def resumed(self) -> bool:
        return self._handshake.resumed

    @property
    def peer_chain(self) -> tuple[bytes, ...]:
        return self._handshake.peer_chain

    @property
    def session(self) -> NativeSession | None:
        return None if self._state is TlsState.FAILED else self._handshake.session

    @property
    def pending(self) -> int:
        return len(self._plaintext)

    def receive(self, data: bytes) -> None:
        if self._failure is not None:
            raise self._failure
        if self._state is TlsState.CLOSED:
            return  # what comes after the end is ignored (RFC 2246 7.2.1)
        try:
            if data:
                self._receive_records(data)
            else:
                self._receive_end()
        except FatalError as error:
            self._send_alert(AlertLevel.FATAL, error.alert)
            raise self._fail(TlsFailure(error.cause, error.detail, error.alert)) from error

    def data_to_send(self) -> bytes:
        return self._records.data_to_send()

    def write(self, *packets: bytes) -> None:
        if self._state is not TlsState.OPEN:
            raise self._failure or TlsFailure(FailureCause.INTERNAL, f"the session is {self._state.value}")
        require_fitting(packets)
        self._records.send_each(ContentType.APPLICATION_DATA, [packet for packet in packets if packet])

    def read(self, limit: int = -1) -> bytes:
        return self._plaintext.take(limit)

    def close(self) -> None:
        if self._state in (TlsState.HANDSHAKING, TlsState.OPEN):
            self._send_alert(AlertLevel.WARNING, Alert.CLOSE_NOTIFY)
            self._state = TlsState.CLOSED

    def _receive_records(self, data: bytes) -> None:
        self._records.receive(data)
        while self._state is not TlsState.CLOSED and (received := self._records.next_content()) is not None:
            content_type, content = received
            if content_type is ContentType.APPLICATION_DATA:
                self._receive_plaintext(content)
            elif content_type is ContentType.HANDSHAKE:
                self._handshake.receive(content)
                self._open_if_finished()
            elif content_type is ContentType.CHANGE_CIPHER_SPEC:
                self._handshake.receive_change_cipher_spec(content)
            else:
                self._receive_alert(AlertMessage.decode(content))

    def _receive_plaintext(self, content: bytes) -> None:
        if self._state is TlsState.HANDSHAKING:
            raise FatalError(Alert.UNEXPECTED_MESSAGE, "application data within the handshake")
        if content:
            self._idle.reset()
        else:
            self._idle.count(Idle.EMPTY_RECORD)
        self._plaintext.add(content)

    def _open_if_finished(self) -> None:
        if self._handshake.state is State.OPEN:
            self._state = TlsState.OPEN

    def _receive_alert(self, alert: AlertMessage) -> None:
        self._observer.message("received", f"alert {alert_name(alert.description)}", 2)
        if alert.level is AlertLevel.FATAL:
            answers_hello = self._handshake.state is State.SERVER_HELLO
            raise self._fail(failure_told_by(alert.description, answers_hello))
        if alert.description == Alert.CLOSE_NOTIFY:
            if self._state is TlsState.HANDSHAKING:
                raise self._fail(TlsFailure(FailureCause.PEER_CLOSED, f"while waiting for {self._awaited}"))
            self.close()
        else:
            self._idle.count(Idle.WARNING)

    def _receive_end(self) -> None:
        if self._state is TlsState.HANDSHAKING:
            raise self._fail(TlsFailure(FailureCause.PEER_CLOSED, f"while waiting for {self._awaited}"))
        self._state = TlsState.CLOSED

    @property
    def _awaited(self) -> str:
        return self._handshake.state.value

    def _send_alert(self, level: AlertLevel, description: Alert) -> None:
        self._records.send_alert(AlertMessage(level, description))
        self._observer.message("sent", f"alert {alert_name(description)}", 2)

    def _fail(self, failure: TlsFailure) -> TlsFailure:
        self._state = TlsState.FAILED
        self._failure = failure
        return failure


class NativeEngine:
    """Our own TLS client. It offers what it is asked to and nothing else."""

    name = "native"

    def supports(self, suites: Sequence[CipherSuite], version: ProtocolVersion) -> bool:
        return version in _SPOKEN and all(available(suite) for suite in suites)

    def deviation(self, configuration: TlsConfiguration) -> str | None:
        return lacking(self, configuration) or _lacking_extensions(configuration)

    def connect(self, configuration: TlsConfiguration) -> NativeClient:
        require(self, configuration)
        if lack := _lacking_extensions(configuration):
            raise TlsFailure(FailureCause.UNSUPPORTED, f"the {self.name} engine {lack}")
        return NativeClient(configuration)


def _lacking_extensions(configuration: TlsConfiguration) -> str | None:
    """Return which extensions of the hello the engine does not understand, as in `has no key_share`; None for none."""
    unknown = [each.name.lower() for each in configuration.sent_extensions if each not in _UNDERSTOOD]
    return f"has no {', '.join(unknown)}" if unknown else None
