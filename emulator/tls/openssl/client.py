"""A session of the OpenSSL engine: memory buffers, with the messages in clear read along."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from msgspec.structs import replace
from OpenSSL import SSL

from emulator.tls.client import (
    FailureCause,
    TlsConfiguration,
    TlsFailure,
    TlsState,
)
from emulator.tls.decisions import Agreement, agree, agreed_version, check_exchange, check_server_key, judge_chain
from emulator.tls.openssl.context import BUFFER, Profile, context_of, reason
from emulator.tls.openssl.messages import read_message
from emulator.tls.openssl.sealing import seal
from emulator.tls.plaintext import Plaintext
from emulator.tls.sniffer import HandshakeSniffer
from emulator.tls.wire import messages
from emulator.tls.wire.alerts import Alert, AlertLevel, AlertMessage, FatalError, alert_name, failure_told_by
from emulator.tls.wire.extensions import Extension
from emulator.tls.wire.handshake import HandshakeMessage, HandshakeType, message_name
from emulator.tls.wire.idling import Idle, IdleCounter
from emulator.tls.wire.key_exchange import ServerKeyExchange
from emulator.tls.wire.protection import ProtectedRecords
from emulator.tls.wire.records import ContentType, Record, RecordBuffer, require_fitting
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import ProtocolVersion

_CAUSES_BY_ALERT_SENT: dict[int, FailureCause] = {
    Alert.BAD_RECORD_MAC: FailureCause.BAD_RECORD_MAC,
    Alert.DECRYPT_ERROR: FailureCause.BAD_FINISHED,
    Alert.PROTOCOL_VERSION: FailureCause.PROTOCOL_VERSION,
    Alert.INTERNAL_ERROR: FailureCause.INTERNAL,
}
_READ_ALONG = ("SERVER_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0", "CLIENT_HANDSHAKE_TRAFFIC_SECRET")
"""Lines of a key log whose secrets open the messages of a handshake."""


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
        self._session_id = self._offered_session_id = b""
        self._has_ticket = False
        self._keys: ProtectedRecords | None = None
        """Seals an alert of ours within the handshake."""
        self._refuses = False
        """Whether we have ended the handshake, and what OpenSSL says of it counts no more."""
        self._fatal_alert_received: int | None = None
        self._fatal_alert_sent: int | None = None
        self._raised: Exception | None = None
        self._idle = IdleCounter()
        self._plaintext = Plaintext()
        self._outgoing: list[bytes] = []
        self._has_sealed = False
        """Whether OpenSSL has records of data to send."""
        self._profile = Profile.of(configuration)
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
        """See `TlsClient`; what resumes a session of TLS 1.3 comes behind the handshake, and again and again."""
        if self._state in (TlsState.HANDSHAKING, TlsState.FAILED) or not (self._session_id or self._has_ticket):
            return None
        kept, suite = self._connection.get_session(), self.suite
        return OpensslSession(suite, self._profile, self._context, kept) if kept is not None and suite else None

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
            self._take(data)
        except FatalError as error:
            self._learn_keys()
            self._send_alert(AlertLevel.FATAL, error.alert)
            raise self._fail(TlsFailure(error.cause, error.detail, error.alert)) from error
        except SSL.Error as error:
            raise self._fail(self._explain(error)) from error

    def _take(self, data: bytes) -> None:
        """Read along, and let OpenSSL take it: as a whole, unless it tells by each record how to read the next one."""
        try:
            for part in self._received.read(data):
                self._connection.bio_write(part)
                if not self._reads_ahead:
                    self._process()
        except FatalError:
            if self._reads_ahead:
                self._process()  # which may raise, too: what comes first counts
            raise
        if self._reads_ahead:
            self._process()

    @property
    def _reads_ahead(self) -> bool:
        """Whether the version is known, and its handshake can be read without OpenSSL."""
        return self._agreement is not None and not self._agreement.version.hides_handshake

    def data_to_send(self) -> bytes:
        if self._has_sealed:
            self._drain()
        data = b"".join(self._outgoing)
        self._outgoing.clear()
        return data

    def write(self, *packets: bytes) -> None:
        if self._state is not TlsState.OPEN:
            raise self._failure or TlsFailure(FailureCause.INTERNAL, f"the session is {self._state.value}")
        require_fitting(packets)
        self._has_sealed = True
        seal(self._connection, packets)

    def read(self, limit: int = -1) -> bytes:
        return self._plaintext.take(limit)

    def close(self) -> None:
        if self._state is TlsState.HANDSHAKING:
            self._send_alert(AlertLevel.WARNING, Alert.CLOSE_NOTIFY)
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
            kept, context = None, context_of(self._profile)
        connection = SSL.Connection(context, None)
        connection.set_app_data(self)
        connection.set_connect_state()
        self._profile.name_server(connection)
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
        self._has_sealed = False
        while True:
            try:
                data = self._connection.bio_read(BUFFER)
            except SSL.WantReadError:
                return
            self._outgoing += self._sent.read(data)
            if len(data) < BUFFER:
                return

    def _on_sent(self, message: HandshakeMessage) -> None:
        self._report("sent", message_name(message.message_type), len(message.body))
        if message.message_type == HandshakeType.CLIENT_HELLO:
            self._offered_session_id = messages.ClientHello.decode_session_id(message)

    def _on_received(self, message: HandshakeMessage) -> None:
        self._report("received", messages.name_of(message), len(message.body))
        if message.message_type == HandshakeType.HELLO_REQUEST:
            self._idle.count(Idle.HELLO_REQUEST)
        else:
            self._idle.reset()
        self._has_ticket = self._has_ticket or message.message_type == HandshakeType.NEW_SESSION_TICKET
        match read_message(message, self._agreement, self._configuration.versions):
            case messages.ServerHello() as hello:
                self._agree(hello)
            case messages.Certificate(chain):
                self._judge(chain)
            case ServerKeyExchange() as exchange:
                check_exchange(exchange, self._configuration)

    def _agree(self, hello: messages.ServerHello) -> None:
        offer = self._offer
        agreement = agree(hello, offer, agreed_version(hello, offer))
        self._agreement = agreement
        self._received.agree(agreement.version)
        self._sent.agree(agreement.version)
        if agreement.version.hides_handshake:
            self.resumed = Extension.PRE_SHARED_KEY in agreement.answered
            return
        self._session_id = hello.session_id
        self.resumed = bool(hello.session_id) and hello.session_id == self._offered_session_id

    @property
    def _offer(self) -> TlsConfiguration:
        """Return what the hello has offered, with what OpenSSL says in any case."""
        asked = self._configuration
        resumes = () if asked.session is None else (Extension.PRE_SHARED_KEY,)
        return replace(asked, scsv=True, extensions=(*asked.extensions, *resumes))

    def _judge(self, chain: tuple[bytes, ...]) -> None:
        assert self._agreement is not None, "a chain before server_hello, which OpenSSL refuses"
        self.peer_chain = chain
        judge_chain(chain, self._configuration.verify)
        check_server_key(chain[0], self._agreement.suite.key_exchange)

    def call_back(self, report: Callable[[], None]) -> None:
        """Run what a callback of OpenSSL reports, and keep what it raises: OpenSSL could only print it."""
        try:
            report()
        except Exception as error:
            self._raised = self._raised or error

    def on_alert(self, direction: Literal["sent", "received"], level: int, description: int) -> None:
        """Take an alert from OpenSSL's callback."""
        if self._refuses:
            return
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
        """Take a line for the key log from OpenSSL's callback; that of a handshake opens what is read along."""
        self._observer.secret(line)
        label, _, secret = line.split(" ")
        if label not in _READ_ALONG or self.suite is None:
            return
        sniffer = self._received if label.startswith("SERVER") else self._sent
        sniffer.open_by(ProtectedRecords(self.suite, bytes.fromhex(secret)))
        if sniffer is self._sent:
            self._keys = ProtectedRecords(self.suite, bytes.fromhex(secret))

    def _sniffer(
        self,
        direction: Literal["sent", "received"],
        records: RecordBuffer,
        on_message: Callable[[HandshakeMessage], None],
    ) -> HandshakeSniffer:
        return HandshakeSniffer(records, on_message, lambda: self._report(direction, "change_cipher_spec", 1))

    def _report(self, direction: Literal["sent", "received"], name: str, length: int) -> None:
        self._observer.message(direction, name, length)

    def _learn_keys(self) -> None:
        """Let OpenSSL take the rest of the flight that is refused: then it tells by which keys to say so.

        From TLS 1.3 on an alert in answer to a certificate is protected (RFC 8446 6), and OpenSSL knows its keys only
        behind the server's finished.
        """
        if self.version is None or not self.version.hides_handshake or not self._sent.in_clear:
            return
        self._refuses = True
        self._connection.bio_write(self._received.take_rest())
        with suppress(SSL.Error):
            self._connection.do_handshake()

    def _send_alert(self, level: AlertLevel, description: Alert) -> None:
        """Send an alert without OpenSSL, as long as it has sent nothing under keys."""
        if not self._sent.in_clear:
            return
        version = self.version or self._configuration.versions.of_first_record
        alert = Record(ContentType.ALERT, version.record_number, AlertMessage(level, description).encode())
        self._outgoing.append((self._keys.seal(alert) if self._keys is not None else alert).encode())
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
