"""The handshake: the answer to each message that may come by `states`.

Whatever depends on the version is asked of it. Source: RFC 2246 7.3 and 7.4, RFC 5246 in the same clauses.
"""

import hmac
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.hashes import Hash

from emulator.states import StateMachine
from emulator.tls.client import FailureCause, TlsConfiguration
from emulator.tls.decisions import Agreement, agree, agreed_version, judge_chain, server_key
from emulator.tls.native import rsa
from emulator.tls.native.ciphers import HASHES
from emulator.tls.native.protection import ClearState, ReadState, WriteState, protection
from emulator.tls.native.records import RecordLayer
from emulator.tls.native.sessions import NativeSession, resumable
from emulator.tls.native.states import TRANSITIONS, Event, State, unexpected
from emulator.tls.wire import messages
from emulator.tls.wire.alerts import Alert, AlertLevel, AlertMessage, FatalError
from emulator.tls.wire.extensions import Extension
from emulator.tls.wire.handshake import HandshakeMessage, MessageBuffer, message_name
from emulator.tls.wire.idling import Idle, IdleCounter
from emulator.tls.wire.keys import MASTER_SECRET_LENGTH, extended_master_secret, key_block, master_secret, verify_data
from emulator.tls.wire.records import ContentType
from emulator.tls.wire.signatures import SignatureForm

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

CHANGE_CIPHER_SPEC = b"\x01"


class Transcript:
    """All handshake messages, sent and received; which digests of them are needed is known late."""

    def __init__(self) -> None:
        self._messages = bytearray()

    def add(self, message: bytes) -> None:
        """Take a message with its header."""
        self._messages += message

    def digest(self, names: tuple[str, ...]) -> bytes:
        """Return the digests of these names, side by side."""
        return b"".join(self._digest(name) for name in names)

    def _digest(self, name: str) -> bytes:
        digest = _empty(name).copy()
        digest.update(self._messages)
        return digest.finalize()


@cache
def _empty(name: str) -> Hash:
    """Return a digest of nothing, to be copied; kept, since looking for it by its name takes longer than a copy."""
    return Hash(HASHES[name])


class Handshake:
    """One handshake, full or abbreviated."""

    def __init__(
        self,
        configuration: TlsConfiguration,
        identity_key: "RSAPrivateKey | None",
        records: RecordLayer,
        idle: IdleCounter,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._states = StateMachine(TRANSITIONS, State.SERVER_HELLO, refusal=unexpected)
        self.agreement: Agreement | None = None
        self.resumed = False
        self.peer_chain: tuple[bytes, ...] = ()
        self._configuration = configuration
        self._identity_key = identity_key
        self._records = records
        self._idle = idle
        self._random_bytes = random_bytes
        self._buffer = MessageBuffer()
        self._transcript = Transcript()
        # All of it random, though RFC 2246 puts the time into its first four bytes: the server must not rely on it,
        # and would learn the host's clock.
        self._client_random = random_bytes(messages.RANDOM_LENGTH)
        self._server_random = b""
        self._session_id = b""
        self._ticket = b""
        self._master_secret = b""
        self._request: messages.CertificateRequest | None = None
        self._offered = resumable(configuration)
        self._declined = False
        self._pending_read_state: ReadState = ClearState()
        self._pending_write_state: WriteState = ClearState()

    def __repr__(self) -> str:
        return f"<Handshake waits for {self.state.value}>"

    @property
    def state(self) -> State:
        """Return what the client waits for."""
        return self._states.state

    @property
    def _agreed(self) -> Agreement:
        assert self.agreement is not None, "used before the server's hello"
        return self.agreement

    @property
    def session(self) -> NativeSession | None:
        """The session to resume later; None before the end, or when the server gave neither session id nor ticket."""
        if self.state is not State.OPEN:
            return None
        return NativeSession.of(self._agreed, self._master_secret, self._session_id, self._ticket)

    def start(self) -> None:
        """Send the ClientHello."""
        offered = self._offered
        session_id, ticket = (offered.session_id, offered.ticket) if offered else (b"", b"")
        hello = self._configuration.hello(self._client_random, session_id, {Extension.SESSION_TICKET: ticket})
        self._send(hello.encode())

    def receive(self, content: bytes) -> None:
        """Take the content of a handshake record."""
        self._buffer.add(content)
        while (message := self._buffer.next_message()) is not None:
            self._take(message)

    def receive_change_cipher_spec(self, content: bytes) -> None:
        """Take a change_cipher_spec: what follows comes under the new keys."""
        self._configuration.observer.message("received", "change_cipher_spec", len(content))
        if content != CHANGE_CIPHER_SPEC:
            raise FatalError(Alert.DECODE_ERROR, "a change_cipher_spec that is not one byte 1")
        if self._buffer:
            raise FatalError(Alert.UNEXPECTED_MESSAGE, "change_cipher_spec within a handshake message")
        self._states.apply(Event.CHANGE_CIPHER_SPEC)
        self._records.read_state = self._pending_read_state

    def _take(self, message: HandshakeMessage) -> None:
        self._configuration.observer.message("received", message_name(message.message_type), len(message.body))
        version = self.agreement.version if self.agreement else self._configuration.versions.highest
        match messages.decode(message, version):
            case messages.HelloRequest():
                self._decline()
            case messages.ServerHello() as hello:
                self._take_hello(hello, message)
            case messages.Certificate(chain):
                self._enter(Event.CERTIFICATE, message)
                self._judge(chain)
            case messages.CertificateRequest() as request:
                self._enter(Event.CERTIFICATE_REQUEST, message)
                self._request = request
            case messages.ServerHelloDone():
                self._enter(Event.DONE_BEFORE_TICKET if self._expects_ticket else Event.SERVER_HELLO_DONE, message)
                self._answer()
            case messages.NewSessionTicket(ticket):
                self._enter(Event.TICKET, message)
                self._ticket = ticket or self._ticket  # an empty one means nothing (RFC 5077 3.3)
            case messages.Finished() as finished:
                self._conclude(finished, message)

    def _enter(self, event: Event, message: HandshakeMessage) -> None:
        self._states.apply(event)
        self._idle.reset()
        self._transcript.add(message.encode())

    def _decline(self) -> None:
        """Refuse to negotiate again, once; within a handshake the request means nothing (RFC 2246 7.4.1.1)."""
        self._idle.count(Idle.HELLO_REQUEST)
        if self.state is State.OPEN and not self._declined:
            self._declined = True
            self._records.send_alert(AlertMessage(AlertLevel.WARNING, Alert.NO_RENEGOTIATION))
            self._configuration.observer.message("sent", "alert no_renegotiation", 2)

    def _take_hello(self, hello: messages.ServerHello, message: HandshakeMessage) -> None:
        self._states.check(Event.SERVER_HELLO)
        version = agreed_version(hello, self._configuration)
        self._records.agree(version)
        self.agreement = agree(hello, self._configuration, version)
        self._session_id = hello.session_id
        self._server_random = hello.random
        if self._offered is None or hello.session_id != self._offered.session_id:
            self._enter(Event.SERVER_HELLO, message)
            return
        self._enter(Event.RESUMING_BEFORE_TICKET if self._expects_ticket else Event.RESUMING_SERVER_HELLO, message)
        self._offered.check(self.agreement)
        self.resumed = True
        self._ticket = self._offered.ticket
        self._derive_keys(self._offered.master_secret)

    @property
    def _expects_ticket(self) -> bool:
        """Return whether the server has announced a ticket."""
        return self.agreement is not None and Extension.SESSION_TICKET in self.agreement.answered

    def _judge(self, chain: tuple[bytes, ...]) -> None:
        self.peer_chain = chain
        judge_chain(chain, self._configuration.verify)

    def _answer(self) -> None:
        """Send our flight: certificate if asked for, premaster secret, Finished under the new keys."""
        form = None if self._request is None else self._show_certificate(self._request)
        newest = self._configuration.versions.of_hello.record_number.to_bytes(2, "big")
        premaster = newest + self._random_bytes(MASTER_SECRET_LENGTH - 2)
        encrypted = rsa.encrypt_premaster(server_key(self.peer_chain[0]), premaster)
        self._send(messages.ClientKeyExchange(encrypted).encode())
        master = self._master(premaster)
        if form is not None:
            self._sign(form)
        self._derive_keys(master)
        self._finish()

    def _master(self, premaster: bytes) -> bytes:
        """Return the master secret; where it is extended, it is bound to the handshake so far (RFC 7627 4)."""
        prf = self._agreed.prf
        if Extension.EXTENDED_MASTER_SECRET in self._agreed.answered:
            return extended_master_secret(prf, premaster, self._transcript.digest(self._agreed.finished))
        return master_secret(prf, premaster, self._client_random, self._server_random)

    def _show_certificate(self, request: messages.CertificateRequest) -> SignatureForm | None:
        """Answer a certificate_request; return the form in which to sign, None after an empty chain."""
        identity = self._configuration.identity
        form = None
        if identity is not None:
            form = request.signature(self._agreed.version, self._configuration.signatures)
        self._send(messages.Certificate(identity.chain if identity is not None and form is not None else ()).encode())
        return form

    def _sign(self, form: SignatureForm) -> None:
        """Sign the handshake: proof that the certificate shown is ours."""
        assert self._identity_key is not None, "a certificate shown without its key"
        signature = rsa.sign(self._identity_key, form.digests, self._transcript.digest(form.digests))
        self._send(messages.CertificateVerify(form, signature).encode())

    def _derive_keys(self, master: bytes) -> None:
        self._master_secret = master
        self._configuration.observer.secret(f"CLIENT_RANDOM {self._client_random.hex()} {master.hex()}")
        protected = protection(self._agreed)
        client_keys, server_keys = key_block(
            self._agreed.prf, master, self._client_random, self._server_random, protected.sizes
        )
        self._pending_write_state = protected.write_state(client_keys, self._random_bytes)
        self._pending_read_state = protected.read_state(server_keys)

    def _finish(self) -> None:
        """Change to the new keys and send Finished."""
        self._configuration.observer.message("sent", "change_cipher_spec", len(CHANGE_CIPHER_SPEC))
        self._records.send(ContentType.CHANGE_CIPHER_SPEC, CHANGE_CIPHER_SPEC)
        self._records.write_state = self._pending_write_state
        self._send(messages.Finished(self._verify_data(b"client finished")).encode())

    def _conclude(self, finished: messages.Finished, message: HandshakeMessage) -> None:
        """Check the server's Finished; in a resumed session ours comes after it."""
        self._states.check(Event.FINISHED)
        if not hmac.compare_digest(self._verify_data(b"server finished"), finished.verify_data):
            detail = "the server's finished does not match the handshake"
            raise FatalError(Alert.DECRYPT_ERROR, detail, FailureCause.BAD_FINISHED)
        self._transcript.add(message.encode())
        self._states.apply(Event.FINISHED)
        if self.resumed:
            self._finish()

    def _verify_data(self, label: bytes) -> bytes:
        digest, length = self._transcript.digest(self._agreed.finished), self._agreed.version.verify_data_length
        return verify_data(self._agreed.prf, self._master_secret, label, digest, length)

    def _send(self, message: HandshakeMessage) -> None:
        encoded = message.encode()
        self._transcript.add(encoded)
        self._records.send(ContentType.HANDSHAKE, encoded)
        self._configuration.observer.message("sent", message_name(message.message_type), len(message.body))
