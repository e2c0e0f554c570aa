"""A session of the OpenSSL engine: memory buffers, with the messages in clear read along."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from OpenSSL import SSL

from emulator.tls.client import (
    FailureCause,
    TlsConfiguration,
    TlsFailure,
    TlsState,
)
from emulator.tls.decisions import Agreement, agree, judge_chain, server_key
from emulator.tls.openssl.context import BUFFER, Profile, make_context, reason
from emulator.tls.plaintext import Plaintext
from emulator.tls.sniffer import HandshakeSniffer
from emulator.tls.wire import messages
from emulator.tls.wire.alerts import Alert, AlertLevel, AlertMessage, FatalError, alert_name, failure_told_by
from emulator.tls.wire.handshake import HandshakeMessage, HandshakeType, message_name
from emulator.tls.wire.idling import Idle, IdleCounter
from emulator.tls.wire.records import MAX_PLAINTEXT, ContentType, Record, RecordBuffer
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import ProtocolVersion

_CAUSES_BY_ALERT_SENT: dict[int, FailureCause] = {
    Alert.BAD_RECORD_MAC: FailureCause.BAD_RECORD_MAC,
    Alert.DECRYPT_ERROR: FailureCause.BAD_FINISHED,
    Alert.PROTOCOL_VERSION: FailureCause.PROTOCOL_VERSION,
    Alert.INTERNAL_ERROR: FailureCause.INTERNAL,
}


@dataclass(frozen=True)
class OpensslSession:
    """A session to resume, with the context that made it: OpenSSL needs both."""

    suite: CipherSuite
    profile: Profile = field(repr=False)
    context: SSL.Context = field(repr=False)
    session: SSL.Session = field(repr=False)


class OpensslClient:
    """Implements `TlsClient`."""

    def __init__(self, configuration: TlsConfiguration) -> None:
        self._agreement: Agreement | None = None
        self.resumed = False
        self.peer_chain: tuple[bytes, ...] = ()
        self._configuration = configuration
        self._observer = configuration.observer
        self._state = TlsState.HANDSHAKING
        self._failure: TlsFailure | None = None
        self._session: OpensslSession | None = None
        self._session_id = self._offered_session_id = b""
        self._fatal_alert_received: int | None = None
        self._fatal_alert_sent: int | None = None
        self._raised: Exception | None = None
        self._idle = IdleCounter()
        self._plaintext = Plaintext()
        self._outgoing: list[bytes] = []
        self._profile = Profile(configuration.versions, configuration.suites, configuration.identity)
        self._received = self._sniffer("received", RecordBuffer(configuration.versions), self._on_received)
        self._sent = self._sniffer("sent", RecordBuffer(), self._on_sent)  # a hello's record may be of an older version
        self._connection, self._context = self._connect()
        self._process()

    def __repr__(self) -> str:
        return f"<OpensslClient {self._state.value}, {self.suite.name if self.suite else 'no suite'}>"

    @property
    def state(self) -> TlsState:
        return self._state

    @property
    def version(self) -> ProtocolVersion | None:
        return self._agreement.version if self._agreement else None

    @property
    def suite(self) -> CipherSuite | None:
        return self._agreement.suite if self._agreement else None

    @property
    def session(self) -> OpensslSession | None:
        return None if self._state is TlsState.FAILED else self._session

    @property
    def pending(self) -> int:
        return len(self._plaintext)

    def receive(self, data: bytes) -> None:
        if self._failure is not None:
            raise self._failure
        if self._state is TlsState.CLOSED:
            return
        if not data:
            self._receive_end()
            return
        try:
            self._received.feed(data)
            self._connection.bio_write(data)
            self._process()
        except FatalError as error:
            self._send_clear_alert(AlertLevel.FATAL, error.alert)
            raise self._fail(TlsFailure(error.cause, error.detail, error.alert)) from error
        except SSL.Error as error:
            raise self._fail(self._explain(error)) from error

    def data_to_send(self) -> bytes:
        data = b"".join(self._outgoing)
        self._outgoing.clear()
        return data

    def write(self, plaintext: bytes) -> None:
        if self._state is not TlsState.OPEN:
            raise self._failure or TlsFailure(FailureCause.INTERNAL, f"the session is {self._state.value}")
        if len(plaintext) > MAX_PLAINTEXT:
            raise ValueError(f"{len(plaintext)} bytes do not fit into one record of {MAX_PLAINTEXT}")
        if plaintext:
            self._connection.send(plaintext)
            self._drain()

    def read(self, limit: int = -1) -> bytes:
        return self._plaintext.take(limit)

    def close(self) -> None:
        if self._state is TlsState.HANDSHAKING:
            self._send_clear_alert(AlertLevel.WARNING, Alert.CLOSE_NOTIFY)
        elif self._state is TlsState.OPEN:
            self._connection.shutdown()
            self._drain()
        else:
            return
        self._state = TlsState.CLOSED

    def _connect(self) -> tuple[SSL.Connection, SSL.Context]:
        kept = self._configuration.session
        if isinstance(kept, OpensslSession) and kept.profile == self._profile:
            context = kept.context
        else:
            kept, context = None, make_context(self._profile)
        connection = SSL.Connection(context, None)
        connection.set_app_data(self)
        connection.set_connect_state()
        if kept is not None:
            connection.set_session(kept.session)
        return connection, context

    def _process(self) -> None:
        """Let OpenSSL take what has come; whatever it makes of it, its answer goes out."""
        try:
            if self._state is TlsState.HANDSHAKING:
                self._step_handshake()
            if self._state is TlsState.OPEN:
                self._read_records()
        finally:
            self._drain()
        if self._raised is not None:
            raise self._raised

    def _step_handshake(self) -> None:
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            return
        assert self.suite is not None
        assert self.resumed or self.peer_chain, "OpenSSL opened a session whose chain was not judged"
        self._state = TlsState.OPEN
        kept = self._connection.get_session()
        if kept is not None and self._session_id:
            self._session = OpensslSession(self.suite, self._profile, self._context, kept)

    def _read_records(self) -> None:
        try:
            while True:
                self._plaintext.add(self._connection.recv(BUFFER))
                self._idle.reset()
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.close()

    def _receive_end(self) -> None:
        if self._state is TlsState.HANDSHAKING:
            raise self._fail(TlsFailure(FailureCause.PEER_CLOSED, self._progress))
        # OpenSSL would forget a session that ended without close_notify; the server may choose to know it still.
        self._connection.set_shutdown(SSL.SENT_SHUTDOWN | SSL.RECEIVED_SHUTDOWN)
        self._state = TlsState.CLOSED

    def _drain(self) -> None:
        """Move what OpenSSL has to send to where `data_to_send` finds it."""
        while True:
            try:
                data = self._connection.bio_read(BUFFER)
            except SSL.WantReadError:
                return
            self._sent.feed(data)
            self._outgoing.append(data)
            if len(data) < BUFFER:
                return

    def _on_sent(self, message: HandshakeMessage) -> None:
        self._report("sent", message_name(message.message_type), len(message.body))
        if message.message_type == HandshakeType.CLIENT_HELLO:
            reader = messages.Reader(message.body, "client_hello")
            reader.take(34)  # version and random
            self._offered_session_id = reader.vector(1)

    def _on_received(self, message: HandshakeMessage) -> None:
        self._report("received", message_name(message.message_type), len(message.body))
        if message.message_type == HandshakeType.HELLO_REQUEST:
            self._idle.count(Idle.HELLO_REQUEST)
        else:
            self._idle.reset()
        match messages.decode(message, self.version or self._configuration.versions.highest):
            case messages.ServerHello() as hello:
                self._agree(hello)
            case messages.Certificate(chain):
                self._judge(chain)

    def _agree(self, hello: messages.ServerHello) -> None:
        agreement = agree(hello, replace(self._configuration, scsv=True))  # OpenSSL sends it in any case
        self._agreement = agreement
        self._received.agree(agreement.version)
        self._sent.agree(agreement.version)
        self._session_id = hello.session_id
        self.resumed = bool(hello.session_id) and hello.session_id == self._offered_session_id

    def _judge(self, chain: tuple[bytes, ...]) -> None:
        self.peer_chain = chain
        judge_chain(chain, self._configuration.verify)
        server_key(chain[0])

    def call_back(self, report: Callable[[], None]) -> None:
        """Run what a callback of OpenSSL reports, and keep what it raises: OpenSSL could only print it."""
        try:
            report()
        except Exception as error:
            self._raised = self._raised or error

    def on_alert(self, direction: Literal["sent", "received"], level: int, description: int) -> None:
        """Take an alert from OpenSSL's callback."""
        self._report(direction, f"alert {alert_name(description)}", 2)
        if level == AlertLevel.FATAL and direction == "sent":
            self._fatal_alert_sent = description
        elif level == AlertLevel.FATAL:
            self._fatal_alert_received = description
        elif direction == "received" and description != Alert.CLOSE_NOTIFY:
            self._idle.count(Idle.WARNING)
        elif direction == "sent" and description == Alert.NO_RENEGOTIATION:
            self._idle.count(Idle.HELLO_REQUEST)

    def on_secret(self, line: str) -> None:
        """Take a line for the key log from OpenSSL's callback."""
        self._observer.secret(line)

    def _sniffer(
        self,
        direction: Literal["sent", "received"],
        records: RecordBuffer,
        on_message: Callable[[HandshakeMessage], None],
    ) -> HandshakeSniffer:
        return HandshakeSniffer(records, on_message, lambda: self._report(direction, "change_cipher_spec", 1))

    def _report(self, direction: Literal["sent", "received"], name: str, length: int) -> None:
        self._observer.message(direction, name, length)

    def _send_clear_alert(self, level: AlertLevel, description: Alert) -> None:
        """Send an alert without OpenSSL, as long as we write in clear."""
        if not self._sent.in_clear:
            return
        alert = AlertMessage(level, description).encode()
        version = self.version or self._configuration.versions.of_first_record
        self._outgoing.append(Record(ContentType.ALERT, version.record_number, alert).encode())
        self._report("sent", f"alert {alert_name(description)}", 2)

    def _explain(self, error: SSL.Error) -> TlsFailure:
        """Return what an error of OpenSSL means: the alerts tell it better than its reasons do."""
        if self._fatal_alert_received is not None:
            return failure_told_by(self._fatal_alert_received, answers_hello=self.suite is None)
        if isinstance(error, SSL.ZeroReturnError):
            return TlsFailure(FailureCause.PEER_CLOSED, self._progress)
        sent = self._fatal_alert_sent
        cause = FailureCause.BAD_MESSAGE if sent is None else _CAUSES_BY_ALERT_SENT.get(sent, FailureCause.BAD_MESSAGE)
        return TlsFailure(cause, reason(error))

    @property
    def _progress(self) -> str:
        return "while waiting for server_hello" if self.suite is None else "within the handshake"

    def _fail(self, failure: TlsFailure) -> TlsFailure:
        self._state = TlsState.FAILED
        self._failure = failure
        return failure
