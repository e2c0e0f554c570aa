"""OpenSSL as an engine: pyOpenSSL over memory buffers, held to what a module's TLS does.

OpenSSL does the protocol and the cryptography; what passes in clear is read along, which names the messages for the
observer and brings the server's chain before the verifier *before* OpenSSL sees it: a refusal is then told by exactly
the alert that the verifier chose, and nothing else has been sent in answer.

Known deviations from the native engine:

- The ClientHello ends its list with the renegotiation SCSV 00ff (RFC 5746): OpenSSL has no switch for it.
- A hello_request behind the handshake is answered (no_renegotiation) but not reported: it does not pass in clear.
- From TLS 1.2 on, the hello names more signature algorithms than the native engine's.
- The first four bytes of the client's random are the time of the host or not, as OpenSSL was built.
- A malformed record between our Finished and the server's ends the session with no alert.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from cryptography import x509
from OpenSSL import SSL

from emulator.tls.client import (
    ClientIdentity,
    FailureCause,
    TlsConfiguration,
    TlsFailure,
    TlsState,
    require,
)
from emulator.tls.decisions import agreed_suite, judge_chain, server_key
from emulator.tls.plaintext import Plaintext
from emulator.tls.security_data import load_identity_key
from emulator.tls.sniffer import HandshakeSniffer
from emulator.tls.wire import messages
from emulator.tls.wire.alerts import Alert, AlertLevel, AlertMessage, FatalError, alert_name, failure_told_by
from emulator.tls.wire.handshake import HandshakeMessage, HandshakeType, message_name
from emulator.tls.wire.records import MAX_PLAINTEXT, ContentType, Record, RecordBuffer
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import ProtocolVersion

_BUFFER = 65536

_NO_EXTENDED_MASTER_SECRET = 1 << 0  # pyOpenSSL has no names for these two
_NO_ENCRYPT_THEN_MAC = 1 << 19
_OPTIONS = (
    SSL.OP_NO_TICKET
    | SSL.OP_NO_COMPRESSION
    | SSL.OP_NO_RENEGOTIATION
    | SSL.OP_LEGACY_SERVER_CONNECT  # servers of the module's time know no RFC 5746
    | SSL.OP_DONT_INSERT_EMPTY_FRAGMENTS  # one packet, one record
    | _NO_EXTENDED_MASTER_SECRET
    | _NO_ENCRYPT_THEN_MAC
)

_CAUSES_BY_ALERT_SENT = {
    Alert.BAD_RECORD_MAC: FailureCause.BAD_RECORD_MAC,
    Alert.DECRYPT_ERROR: FailureCause.BAD_FINISHED,
    Alert.PROTOCOL_VERSION: FailureCause.PROTOCOL_VERSION,
    Alert.INTERNAL_ERROR: FailureCause.INTERNAL,
}


@dataclass(frozen=True)
class Profile:
    """The parameters of a context; a session can be resumed only in a context with the same ones."""

    version: ProtocolVersion
    suites: tuple[CipherSuite, ...]
    identity: ClientIdentity | None


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
        self.suite: CipherSuite | None = None
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
        self._plaintext = Plaintext()
        self._outgoing: list[bytes] = []
        self._profile = Profile(configuration.version, configuration.suites, configuration.identity)
        self._received = self._sniffer("received", RecordBuffer(configuration.version), self._on_received)
        self._sent = self._sniffer("sent", RecordBuffer(), self._on_sent)  # a hello's record may be of an older version
        self._connection, self._context = self._connect()
        self._step_handshake()

    def __repr__(self) -> str:
        return f"<OpensslClient {self._state.value}, {self.suite.name if self.suite else 'no suite'}>"

    @property
    def state(self) -> TlsState:
        return self._state

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
        except FatalError as error:
            self._send_clear_alert(AlertLevel.FATAL, error.alert)
            raise self._fail(TlsFailure(error.cause, error.detail)) from error
        self._connection.bio_write(data)
        try:
            if self._state is TlsState.HANDSHAKING:
                self._step_handshake()
            if self._state is TlsState.OPEN:
                self._read_records()
        except SSL.Error as error:
            self._drain()
            raise self._fail(self._explain(error)) from error
        self._drain()

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
            kept, context = None, _context(self._profile)
        connection = SSL.Connection(context, None)
        connection.set_app_data(self)
        connection.set_connect_state()
        if kept is not None:
            connection.set_session(kept.session)
        return connection, context

    def _step_handshake(self) -> None:
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            self._drain()
            return
        self._drain()
        assert self.suite is not None
        assert self.resumed or self.peer_chain, "OpenSSL opened a session whose chain was not judged"
        self._state = TlsState.OPEN
        kept = self._connection.get_session()
        if kept is not None and self._session_id:
            self._session = OpensslSession(self.suite, self._profile, self._context, kept)

    def _read_records(self) -> None:
        try:
            while True:
                self._plaintext.add(self._connection.recv(_BUFFER))
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
                data = self._connection.bio_read(_BUFFER)
            except SSL.WantReadError:
                return
            self._sent.feed(data)
            self._outgoing.append(data)
            if len(data) < _BUFFER:
                return

    def _on_sent(self, message: HandshakeMessage) -> None:
        self._report("sent", message_name(message.message_type), len(message.body))
        if message.message_type == HandshakeType.CLIENT_HELLO:
            reader = messages.Reader(message.body, "client_hello")
            reader.take(34)  # version and random
            self._offered_session_id = reader.vector(1)

    def _on_received(self, message: HandshakeMessage) -> None:
        self._report("received", message_name(message.message_type), len(message.body))
        if message.message_type not in (HandshakeType.SERVER_HELLO, HandshakeType.CERTIFICATE):
            return
        match messages.decode(message, self._configuration.version):
            case messages.ServerHello() as hello:
                self._agree(hello)
            case messages.Certificate(chain):
                self._judge(chain)

    def _agree(self, hello: messages.ServerHello) -> None:
        self.suite = agreed_suite(hello, self._configuration)
        self._session_id = hello.session_id
        self.resumed = bool(hello.session_id) and hello.session_id == self._offered_session_id

    def _judge(self, chain: tuple[bytes, ...]) -> None:
        self.peer_chain = chain
        judge_chain(chain, self._configuration.verify)
        server_key(chain[0])

    def on_alert(self, direction: Literal["sent", "received"], level: int, description: int) -> None:
        """Take an alert from OpenSSL's callback."""
        self._report(direction, f"alert {alert_name(description)}", 2)
        if level == AlertLevel.FATAL and direction == "sent":
            self._fatal_alert_sent = description
        elif level == AlertLevel.FATAL:
            self._fatal_alert_received = description

    def on_secret(self, line: str) -> None:
        """Take a line for the key log from OpenSSL's callback."""
        self._observer.secret(line)

    def _sniffer(
        self,
        direction: Literal["sent", "received"],
        records: RecordBuffer,
        on_message: Callable[[HandshakeMessage], None],
    ) -> HandshakeSniffer:
        version = self._configuration.version
        return HandshakeSniffer(version, records, on_message, lambda: self._report(direction, "change_cipher_spec", 1))

    def _report(self, direction: Literal["sent", "received"], name: str, length: int) -> None:
        self._observer.message(direction, name, length)

    def _send_clear_alert(self, level: AlertLevel, description: Alert) -> None:
        """Send an alert without OpenSSL, as long as we write in clear."""
        if not self._sent.in_clear:
            return
        alert = AlertMessage(level, description).encode()
        self._outgoing.append(Record(ContentType.ALERT, self._configuration.version.number, alert).encode())
        self._report("sent", f"alert {alert_name(description)}", 2)

    def _explain(self, error: SSL.Error) -> TlsFailure:
        """Return what an error of OpenSSL means: the alerts tell it better than its reasons do."""
        if self._fatal_alert_received is not None:
            return failure_told_by(self._fatal_alert_received, answers_hello=self.suite is None)
        if isinstance(error, SSL.ZeroReturnError):
            return TlsFailure(FailureCause.PEER_CLOSED, self._progress)
        sent = self._fatal_alert_sent
        cause = _CAUSES_BY_ALERT_SENT.get(Alert(sent), FailureCause.BAD_MESSAGE) if sent is not None else None
        return TlsFailure(cause or FailureCause.BAD_MESSAGE, _reason(error))

    @property
    def _progress(self) -> str:
        return "while waiting for server_hello" if self.suite is None else "within the handshake"

    def _fail(self, failure: TlsFailure) -> TlsFailure:
        self._state = TlsState.FAILED
        self._failure = failure
        return failure


class OpensslEngine:
    """The engine of the OpenSSL that `cryptography` brings along."""

    name = "openssl"

    def supports(self, suites: Sequence[CipherSuite], version: ProtocolVersion) -> bool:
        return all(_available(suite, version) for suite in suites)

    def connect(self, configuration: TlsConfiguration) -> OpensslClient:
        require(self, configuration.suites, configuration.version)
        return OpensslClient(configuration)


def _context(profile: Profile) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(profile.version.number)
    context.set_max_proto_version(profile.version.number)
    context.set_options(_OPTIONS)
    context.set_verify(SSL.VERIFY_NONE)  # the chain is judged before OpenSSL gets it
    names = [suite.openssl_name for suite in profile.suites]
    context.set_cipher_list(":".join([*names, "@SECLEVEL=0"]).encode())
    context.set_info_callback(_tell_of_alert)
    context.set_keylog_callback(_tell_secret)
    if profile.identity is not None:
        _use(context, profile.identity)
    return context


def _use(context: SSL.Context, identity: ClientIdentity) -> None:
    key = load_identity_key(identity)
    try:
        certificate, *issuers = (x509.load_der_x509_certificate(der) for der in identity.chain)
        context.use_certificate(certificate)
        context.use_privatekey(key)
        for issuer in issuers:
            context.add_extra_chain_cert(issuer)
    except (ValueError, SSL.Error) as error:
        raise TlsFailure(FailureCause.KEY_UNUSABLE, f"the module's own certificate or key: {error}") from error


def _tell_of_alert(connection: SSL.Connection, where: int, value: int) -> None:
    client: OpensslClient | None = connection.get_app_data()
    if client is None or not where & SSL.SSL_CB_ALERT:
        return
    client.on_alert("sent" if where & SSL.SSL_CB_WRITE else "received", value >> 8, value & 0xFF)


def _tell_secret(connection: SSL.Connection, line: bytes) -> None:
    client: OpensslClient | None = connection.get_app_data()
    if client is not None and line.startswith(b"CLIENT_RANDOM "):
        client.on_secret(line.decode())


def _reason(error: SSL.Error) -> str:
    """Return OpenSSL's own words for an error."""
    entries: Any = error.args[0] if error.args else ()
    return str(entries[-1][2]) if entries else type(error).__name__


@cache
def _available(suite: CipherSuite, version: ProtocolVersion) -> bool:
    """Return whether this build puts the suite into a ClientHello, behind header, random and empty session id."""
    try:
        connection = SSL.Connection(_context(Profile(version, (suite,), None)), None)
        connection.set_connect_state()
        with suppress(SSL.WantReadError):
            connection.do_handshake()
        return connection.bio_read(_BUFFER)[46:48] == suite.number.to_bytes(2, "big")
    except SSL.Error:
        return False
