"""Handshake messages, as values and as bytes. Every length is checked; nothing may stand behind a message's last field.

Source: RFC 2246 7.4, RFC 5246 7.4. A client encodes what it sends and decodes what it receives.
"""

from collections.abc import Callable, Sequence
from typing import Self

import msgspec

from emulator.tls.wire.alerts import Alert, FatalError
from emulator.tls.wire.extensions import Extension as Extension
from emulator.tls.wire.handshake import HandshakeMessage, HandshakeType, message_name
from emulator.tls.wire.signatures import SignatureForm, SignatureScheme
from emulator.tls.wire.vectors import Reader as Reader
from emulator.tls.wire.vectors import vector as vector
from emulator.tls.wire.versions import ProtocolVersion

RANDOM_LENGTH = 32
RSA_SIGN = 1
NULL_COMPRESSION = 0
HELLO_RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
"""The random of a server_hello that asks for another client_hello, a HelloRetryRequest (RFC 8446 4.1.3)."""
RENEGOTIATION_SCSV = 0x00FF
"""TLS_EMPTY_RENEGOTIATION_INFO_SCSV: a number among the suites that asks for `renegotiation_info` (RFC 5746 3.3)."""


class ClientHello(msgspec.Struct, frozen=True):
    """Our offer. Without extensions not even their length is sent."""

    version: ProtocolVersion
    """The highest one that is offered, up to TLS 1.2."""
    random: bytes
    session_id: bytes
    suites: tuple[int, ...]
    """With the SCSV, where the client sends it."""
    extensions: tuple[tuple[Extension, bytes], ...] = ()
    """Each with its content, in their order."""

    def encode(self) -> HandshakeMessage:
        """Return the message to send."""
        body = (
            self.version.number.to_bytes(2, "big")
            + self.random
            + vector(self.session_id, 1)
            + vector(b"".join(suite.to_bytes(2, "big") for suite in self.suites), 2)
            + vector(bytes([NULL_COMPRESSION]), 1)
        )
        if self.extensions:
            listed = (number.value.to_bytes(2, "big") + vector(content, 2) for number, content in self.extensions)
            body += vector(b"".join(listed), 2)
        return HandshakeMessage(HandshakeType.CLIENT_HELLO, body)

    @classmethod
    def decode_suites(cls, message: HandshakeMessage) -> tuple[int, ...]:
        """Read the suites of a hello that another library has made."""
        reader = Reader(message.body, "client_hello")
        reader.take(2 + RANDOM_LENGTH)
        reader.vector(1)
        listed = reader.vector(2)
        return tuple(int.from_bytes(listed[at : at + 2], "big") for at in range(0, len(listed), 2))

    @classmethod
    def decode_session_id(cls, message: HandshakeMessage) -> bytes:
        """Read the session id of a hello that another library has made."""
        reader = Reader(message.body, "client_hello")
        reader.take(2 + RANDOM_LENGTH)
        return reader.vector(1)

    @classmethod
    def decode_extensions(cls, message: HandshakeMessage) -> dict[int, bytes]:
        """Read the extensions of a hello that another library has made: the content of each by its number."""
        reader = Reader(message.body, "client_hello")
        reader.take(2 + RANDOM_LENGTH)
        reader.vector(1)
        reader.vector(2)
        reader.vector(1)
        return dict(_extensions(reader, "client_hello")) if reader else {}


def _extensions(reader: Reader, name: str) -> tuple[tuple[int, bytes], ...]:
    listed = Reader(reader.vector(2), f"the extensions of {name}")
    extensions = []
    while listed:
        extensions.append((listed.integer(2), listed.vector(2)))
    return tuple(extensions)


class _Empty:
    """A message without fields."""

    @classmethod
    def decode(cls, reader: Reader, version: ProtocolVersion) -> Self:
        """Read a body, which must be empty."""
        return cls()


class HelloRequest(_Empty):
    """The server asks to negotiate again."""


class ServerHelloDone(_Empty):
    """The server's first flight is complete."""


class ServerHello(msgspec.Struct, frozen=True):
    """The server's choice out of our offer."""

    version: int
    random: bytes
    session_id: bytes
    """Up to 32 bytes; empty when the session cannot be resumed."""
    suite: int
    extensions: tuple[tuple[int, bytes], ...] | None
    """Number and content of each; None where not even their length is there (RFC 5246 7.4.1.4)."""

    @classmethod
    def decode(cls, reader: Reader, version: ProtocolVersion) -> Self:
        """Read a body. Only the compression is checked against the offer."""
        chosen = reader.integer(2)
        random = reader.take(RANDOM_LENGTH)
        session_id = reader.vector(1)
        if len(session_id) > 32:
            raise FatalError(Alert.DECODE_ERROR, f"a session id of {len(session_id)} bytes")
        suite = reader.integer(2)
        if reader.integer(1) != NULL_COMPRESSION:
            raise FatalError(Alert.ILLEGAL_PARAMETER, "the server chose a compression that was not offered")
        return cls(chosen, random, session_id, suite, _extensions(reader, "server_hello") if reader else None)

    @property
    def asks_again(self) -> bool:
        """Whether it is a HelloRetryRequest."""
        return self.random == HELLO_RETRY


class Certificate(msgspec.Struct, frozen=True):
    """A chain, the sender's own certificate first; empty from a client that has none to show."""

    chain: tuple[bytes, ...]

    def encode(self) -> HandshakeMessage:
        """Return the message to send."""
        certificates = b"".join(vector(certificate, 3) for certificate in self.chain)
        return HandshakeMessage(HandshakeType.CERTIFICATE, vector(certificates, 3))

    @classmethod
    def decode(cls, reader: Reader, version: ProtocolVersion) -> Self:
        """Read a body; from TLS 1.3 on it has a context, and extensions behind each certificate (RFC 8446 4.4.2)."""
        if version.hides_handshake:
            reader.vector(1)
        certificates = Reader(reader.vector(3), "certificate_list")
        chain = []
        while certificates:
            chain.append(certificates.vector(3, at_least=1))
            if version.hides_handshake:
                certificates.vector(2)
        return cls(tuple(chain))


class CertificateRequest(msgspec.Struct, frozen=True):
    """The server asks for a certificate of one of these types. The CAs that it names are not used."""

    certificate_types: bytes
    signature_codes: bytes
    """The forms of signatures that it accepts, two bytes each; none where the version does not name them."""

    @classmethod
    def decode(cls, reader: Reader, version: ProtocolVersion) -> Self:
        """Read a body. Servers without a list of CAs send an empty one, though RFC 2246 asks for at least one name."""
        certificate_types = reader.vector(1, at_least=1)
        signature_codes = reader.vector(2, at_least=2) if version.names_signatures else b""
        authorities = Reader(reader.vector(2), "certificate_authorities")
        while authorities:
            authorities.vector(2, at_least=1)
        return cls(certificate_types, signature_codes)

    def signature(self, version: ProtocolVersion, offered: Sequence[SignatureScheme]) -> SignatureForm | None:
        """Return the form in which to sign with an RSA key, None where the server accepts none that was `offered`."""
        if RSA_SIGN not in self.certificate_types:
            return None
        if version.signature is not None:
            return version.signature
        codes = self.signature_codes
        accepted = {codes[i : i + 2] for i in range(0, len(codes), 2)}
        forms = (SignatureForm((s.digest,), s.code) for s in offered if s.key == "RSA" and s.code in accepted)
        return next(forms, None)


class NewSessionTicket(msgspec.Struct, frozen=True):
    """What the server wants to be told when the session is resumed (RFC 5077 3.3); how long it holds is its matter."""

    ticket: bytes
    """Empty where it gives none after all."""

    @classmethod
    def decode(cls, reader: Reader, version: ProtocolVersion) -> Self:
        """Read a body, of TLS 1.2 or older."""
        reader.take(4)  # ticket_lifetime_hint
        return cls(reader.vector(2))


class ClientKeyExchange(msgspec.Struct, frozen=True):
    """The premaster secret, encrypted for the server's RSA key."""

    encrypted_premaster: bytes

    def encode(self) -> HandshakeMessage:
        """Return the message to send; TLS has a length before the ciphertext, SSL 3.0 had none."""
        return HandshakeMessage(HandshakeType.CLIENT_KEY_EXCHANGE, vector(self.encrypted_premaster, 2))


class CertificateVerify(msgspec.Struct, frozen=True):
    """Our signature over the handshake so far."""

    form: SignatureForm
    signature: bytes

    def encode(self) -> HandshakeMessage:
        """Return the message to send; the form's name stands in front where it has one (RFC 5246 4.7)."""
        return HandshakeMessage(HandshakeType.CERTIFICATE_VERIFY, self.form.code + vector(self.signature, 2))


class Finished(msgspec.Struct, frozen=True):
    """The first message under the new keys: proof that both sides saw the same handshake."""

    verify_data: bytes

    def encode(self) -> HandshakeMessage:
        """Return the message to send."""
        return HandshakeMessage(HandshakeType.FINISHED, self.verify_data)

    @classmethod
    def decode(cls, reader: Reader, version: ProtocolVersion) -> Self:
        """Read a body."""
        return cls(reader.rest())


def name_of(message: HandshakeMessage) -> str:
    """Return the RFC's name of a message of a server; a server_hello that asks again is a hello_retry_request."""
    asks_again = (
        message.message_type == HandshakeType.SERVER_HELLO and message.body[2 : 2 + RANDOM_LENGTH] == HELLO_RETRY
    )
    return "hello_retry_request" if asks_again else message_name(message.message_type)


ServerMessage = (
    HelloRequest | ServerHello | NewSessionTicket | Certificate | CertificateRequest | ServerHelloDone | Finished
)

_DECODERS: dict[int, Callable[[Reader, ProtocolVersion], ServerMessage]] = {
    HandshakeType.HELLO_REQUEST: HelloRequest.decode,
    HandshakeType.SERVER_HELLO: ServerHello.decode,
    HandshakeType.NEW_SESSION_TICKET: NewSessionTicket.decode,
    HandshakeType.CERTIFICATE: Certificate.decode,
    HandshakeType.CERTIFICATE_REQUEST: CertificateRequest.decode,
    HandshakeType.SERVER_HELLO_DONE: ServerHelloDone.decode,
    HandshakeType.FINISHED: Finished.decode,
}


def decode(message: HandshakeMessage, version: ProtocolVersion) -> ServerMessage:
    """Read a message of the server, laid out as `version` has it.

    Raises:
        FatalError: a server never sends it in an RSA key exchange, or it is malformed.
    """
    decoder = _DECODERS.get(message.message_type)
    name = message_name(message.message_type)
    if decoder is None:
        raise FatalError(Alert.UNEXPECTED_MESSAGE, f"the server sent {name}")
    reader = Reader(message.body, name)
    decoded = decoder(reader, version)
    reader.end()
    return decoded
