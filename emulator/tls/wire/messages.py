"""Handshake messages, as values and as bytes. Every length is checked; nothing may stand behind a message's last field.

Source: RFC 2246 7.4, RFC 5246 7.4. A client encodes what it sends and decodes what it receives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Self

from emulator.tls.wire.alerts import Alert, FatalError
from emulator.tls.wire.handshake import HandshakeMessage, HandshakeType, message_name
from emulator.tls.wire.versions import ProtocolVersion, SignatureForm

RANDOM_LENGTH = 32
RSA_SIGN = 1
NULL_COMPRESSION = 0
RENEGOTIATION_SCSV = 0x00FF
"""TLS_EMPTY_RENEGOTIATION_INFO_SCSV: a number among the suites that asks for `renegotiation_info` (RFC 5746 3.3)."""

NEVER_NEGOTIATED = b"\x00"
"""Content of `renegotiation_info` in a connection's first handshake: there are no Finished messages before it."""


class Extension(Enum):
    """An extension of the hellos; the value is its number, the lower-case name the RFC's own."""

    SIGNATURE_ALGORITHMS = 13
    """RFC 5246 7.4.1.4.1. Servers never answer it."""
    RENEGOTIATION_INFO = 0xFF01
    """RFC 5746 3.2. A server may answer it, and the SCSV that stands for it."""


def vector(content: bytes, length_size: int) -> bytes:
    """Return `content` behind its length in `length_size` bytes (RFC 2246 4.3)."""
    return len(content).to_bytes(length_size, "big") + content


class Reader:
    """Reads fields off the front of a message's body; a field that is cut short is a decode_error."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._position = 0
        self._name = name

    def __bool__(self) -> bool:
        return self._position < len(self._data)

    def take(self, length: int) -> bytes:
        """Return the next `length` bytes."""
        start = self._position
        self._position = start + length
        if self._position > len(self._data):
            raise FatalError(Alert.DECODE_ERROR, f"{self._name} is cut short")
        return self._data[start : self._position]

    def rest(self) -> bytes:
        """Return all bytes that are left."""
        return self.take(len(self._data) - self._position)

    def integer(self, size: int) -> int:
        """Return the next number, of `size` bytes."""
        return int.from_bytes(self.take(size), "big")

    def vector(self, length_size: int, at_least: int = 0) -> bytes:
        """Return the next vector; its length stands before it in `length_size` bytes."""
        content = self.take(self.integer(length_size))
        if len(content) < at_least:
            raise FatalError(Alert.DECODE_ERROR, f"{self._name} has a field of {len(content)} bytes")
        return content

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self:
            raise FatalError(Alert.DECODE_ERROR, f"{len(self.rest())} bytes too many in {self._name}")


@dataclass(frozen=True)
class ClientHello:
    """Our offer. Without extensions not even their length is sent."""

    version: ProtocolVersion
    random: bytes
    session_id: bytes
    suites: tuple[int, ...]
    """With the SCSV, where the client sends it."""
    extensions: tuple[Extension, ...] = ()
    """In their order."""

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
            contents = (e.value.to_bytes(2, "big") + vector(self._content(e), 2) for e in self.extensions)
            body += vector(b"".join(contents), 2)
        return HandshakeMessage(HandshakeType.CLIENT_HELLO, body)

    def _content(self, extension: Extension) -> bytes:
        match extension:
            case Extension.SIGNATURE_ALGORITHMS:
                return vector(b"".join(form.code for form in self.version.signatures), 2)
            case Extension.RENEGOTIATION_INFO:
                return NEVER_NEGOTIATED

    @classmethod
    def decode_suites(cls, message: HandshakeMessage) -> tuple[int, ...]:
        """Read the suites of a hello that another library has made."""
        reader = Reader(message.body, "client_hello")
        reader.take(2 + RANDOM_LENGTH)
        reader.vector(1)
        listed = reader.vector(2)
        return tuple(int.from_bytes(listed[at : at + 2], "big") for at in range(0, len(listed), 2))


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


@dataclass(frozen=True)
class ServerHello:
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
        return cls(chosen, random, session_id, suite, cls._extensions(reader) if reader else None)

    @staticmethod
    def _extensions(reader: Reader) -> tuple[tuple[int, bytes], ...]:
        listed = Reader(reader.vector(2), "the extensions of server_hello")
        extensions = []
        while listed:
            extensions.append((listed.integer(2), listed.vector(2)))
        return tuple(extensions)


@dataclass(frozen=True)
class Certificate:
    """A chain, the sender's own certificate first; empty from a client that has none to show."""

    chain: tuple[bytes, ...]

    def encode(self) -> HandshakeMessage:
        """Return the message to send."""
        certificates = b"".join(vector(certificate, 3) for certificate in self.chain)
        return HandshakeMessage(HandshakeType.CERTIFICATE, vector(certificates, 3))

    @classmethod
    def decode(cls, reader: Reader, version: ProtocolVersion) -> Self:
        """Read a body."""
        certificates = Reader(reader.vector(3), "certificate_list")
        chain = []
        while certificates:
            chain.append(certificates.vector(3, at_least=1))
        return cls(tuple(chain))


@dataclass(frozen=True)
class CertificateRequest:
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

    def signature(self, version: ProtocolVersion) -> SignatureForm | None:
        """Return the form in which to sign with an RSA key, None where the server accepts none of ours."""
        if RSA_SIGN not in self.certificate_types:
            return None
        codes = self.signature_codes
        accepted = {codes[i : i + 2] for i in range(0, len(codes), 2)} or {b""}
        return next((form for form in version.signatures if form.code in accepted), None)


@dataclass(frozen=True)
class ClientKeyExchange:
    """The premaster secret, encrypted for the server's RSA key."""

    encrypted_premaster: bytes

    def encode(self) -> HandshakeMessage:
        """Return the message to send; TLS has a length before the ciphertext, SSL 3.0 had none."""
        return HandshakeMessage(HandshakeType.CLIENT_KEY_EXCHANGE, vector(self.encrypted_premaster, 2))


@dataclass(frozen=True)
class CertificateVerify:
    """Our signature over the handshake so far."""

    form: SignatureForm
    signature: bytes

    def encode(self) -> HandshakeMessage:
        """Return the message to send; the form's name stands in front where it has one (RFC 5246 4.7)."""
        return HandshakeMessage(HandshakeType.CERTIFICATE_VERIFY, self.form.code + vector(self.signature, 2))


@dataclass(frozen=True)
class Finished:
    """The first message under the new keys: proof that both sides saw the same handshake."""

    verify_data: bytes

    def encode(self) -> HandshakeMessage:
        """Return the message to send."""
        return HandshakeMessage(HandshakeType.FINISHED, self.verify_data)

    @classmethod
    def decode(cls, reader: Reader, version: ProtocolVersion) -> Self:
        """Read a body."""
        return cls(reader.rest())


ServerMessage = HelloRequest | ServerHello | Certificate | CertificateRequest | ServerHelloDone | Finished

_DECODERS: dict[int, Callable[[Reader, ProtocolVersion], ServerMessage]] = {
    HandshakeType.HELLO_REQUEST: HelloRequest.decode,
    HandshakeType.SERVER_HELLO: ServerHello.decode,
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
