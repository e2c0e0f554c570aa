"""Handshake messages, as values and as bytes. Every length is checked; nothing may stand behind a message's last field.

Source: RFC 2246 7.4. A client encodes what it sends and decodes what it receives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from emulator.tls.client import FailureCause
from emulator.tls.native import VERSION
from emulator.tls.wire.alert_messages import FatalError
from emulator.tls.wire.alerts import Alert

MAX_MESSAGE = 2**16
"""Bytes of a message that are worth waiting for: no chain of certificates comes near. The RFC would allow 16 MB."""

RANDOM_LENGTH = 32
RSA_SIGN = 1
NULL_COMPRESSION = 0


class HandshakeType(IntEnum):
    """Which message it is; the lower-case name is the RFC's own."""

    HELLO_REQUEST = 0
    CLIENT_HELLO = 1
    SERVER_HELLO = 2
    CERTIFICATE = 11
    SERVER_KEY_EXCHANGE = 12
    CERTIFICATE_REQUEST = 13
    SERVER_HELLO_DONE = 14
    CERTIFICATE_VERIFY = 15
    CLIENT_KEY_EXCHANGE = 16
    FINISHED = 20


def message_name(message_type: int) -> str:
    """The RFC's name of a handshake message, or its number where RFC 2246 has none for it."""
    try:
        return HandshakeType(message_type).name.lower()
    except ValueError:
        return f"handshake_message_{message_type}"


class Message(NamedTuple):
    """A handshake message as a whole, not yet decoded."""

    message_type: int
    body: bytes

    def encode(self) -> bytes:
        """The message with its header, as it goes into records and into the transcript."""
        return bytes([self.message_type]) + vector(self.body, 3)


class MessageBuffer:
    """Puts messages together from the content of handshake records, however it is split or joined."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def __bool__(self) -> bool:
        """Whether a part of a message waits for its rest."""
        return bool(self._buffer)

    def add(self, content: bytes) -> None:
        """Take the content of one record."""
        self._buffer += content

    def next_message(self) -> Message | None:
        """Take the next message out; None while it is not there as a whole.

        Raises:
            FatalError: it announces more than MAX_MESSAGE bytes.
        """
        buffer = self._buffer
        if len(buffer) < 4:
            return None
        length = int.from_bytes(buffer[1:4], "big")
        if length > MAX_MESSAGE:
            raise FatalError(
                Alert.ILLEGAL_PARAMETER,
                f"a {message_name(buffer[0])} of {length} bytes, at most {MAX_MESSAGE} are taken",
            )
        if len(buffer) < 4 + length:
            return None
        message = Message(buffer[0], bytes(buffer[4 : 4 + length]))
        del buffer[: 4 + length]
        return message


def vector(content: bytes, length_size: int) -> bytes:
    """`content` behind its length in `length_size` bytes (RFC 2246 4.3)."""
    return len(content).to_bytes(length_size, "big") + content


class Reader:
    """Takes fields off the front of a message's body; each one that is cut short is a decode_error."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._position = 0
        self._name = name

    def __bool__(self) -> bool:
        return self._position < len(self._data)

    def take(self, length: int) -> bytes:
        """The next `length` bytes."""
        start = self._position
        self._position = start + length
        if self._position > len(self._data):
            raise FatalError(Alert.DECODE_ERROR, f"{self._name} is cut short")
        return self._data[start : self._position]

    def integer(self, size: int) -> int:
        """The next number, of `size` bytes."""
        return int.from_bytes(self.take(size), "big")

    def vector(self, length_size: int, at_least: int = 0) -> bytes:
        """The next vector, whose length stands before it in `length_size` bytes."""
        content = self.take(self.integer(length_size))
        if len(content) < at_least:
            raise FatalError(Alert.DECODE_ERROR, f"{self._name} has a field of {len(content)} bytes")
        return content

    def end(self) -> None:
        """Nothing more may follow."""
        if self:
            surplus = len(self._data) - self._position
            raise FatalError(Alert.DECODE_ERROR, f"{surplus} bytes too many in {self._name}")


@dataclass(frozen=True)
class ClientHello:
    """What we offer. No extensions, not even their length: the ones who wrote RFC 2246 knew none."""

    random: bytes
    session_id: bytes
    suites: tuple[int, ...]

    def encode(self) -> Message:
        """The message to send."""
        body = (
            VERSION.to_bytes(2, "big")
            + self.random
            + vector(self.session_id, 1)
            + vector(b"".join(suite.to_bytes(2, "big") for suite in self.suites), 2)
            + vector(bytes([NULL_COMPRESSION]), 1)
        )
        return Message(HandshakeType.CLIENT_HELLO, body)


@dataclass(frozen=True)
class HelloRequest:
    """The server would like to negotiate again."""

    @classmethod
    def decode(cls, body: bytes) -> "HelloRequest":
        """Read a body, which must be empty."""
        Reader(body, "hello_request").end()
        return cls()


@dataclass(frozen=True)
class ServerHello:
    """What the server has chosen of our offer."""

    random: bytes
    session_id: bytes
    """Up to 32 bytes; empty when the session cannot be resumed."""
    suite: int

    @classmethod
    def decode(cls, body: bytes) -> "ServerHello":
        """Read a body. Only a client_hello may carry more than its fields (7.4.1.2): extensions are a decode_error."""
        reader = Reader(body, "server_hello")
        hello = cls.take(reader)
        reader.end()
        return hello

    @classmethod
    def take(cls, reader: Reader) -> "ServerHello":
        """Read the fields of RFC 2246 and leave what stands behind them, as it may where extensions were offered."""
        version = reader.integer(2)
        if version != VERSION:
            raise FatalError(
                Alert.PROTOCOL_VERSION, f"the server chose version {version:#06x}", FailureCause.PROTOCOL_VERSION
            )
        random = reader.take(RANDOM_LENGTH)
        session_id = reader.vector(1)
        if len(session_id) > 32:
            raise FatalError(Alert.DECODE_ERROR, f"a session id of {len(session_id)} bytes")
        suite = reader.integer(2)
        if reader.integer(1) != NULL_COMPRESSION:
            raise FatalError(Alert.ILLEGAL_PARAMETER, "the server chose a compression that was not offered")
        return cls(random, session_id, suite)


@dataclass(frozen=True)
class Certificate:
    """A chain, the sender's own certificate first; empty from a client that has none to show."""

    chain: tuple[bytes, ...]

    def encode(self) -> Message:
        """The message to send."""
        certificates = b"".join(vector(certificate, 3) for certificate in self.chain)
        return Message(HandshakeType.CERTIFICATE, vector(certificates, 3))

    @classmethod
    def decode(cls, body: bytes) -> "Certificate":
        """Read a body."""
        reader = Reader(body, "certificate")
        certificates = Reader(reader.vector(3), "certificate_list")
        reader.end()
        chain = []
        while certificates:
            chain.append(certificates.vector(3, at_least=1))
        return cls(tuple(chain))


@dataclass(frozen=True)
class CertificateRequest:
    """The server wants to see a certificate of one of these types. Which CAs it names does not matter to us."""

    certificate_types: bytes

    @classmethod
    def decode(cls, body: bytes) -> "CertificateRequest":
        """Read a body. Servers without a list of CAs send an empty one, though RFC 2246 asks for at least one name."""
        reader = Reader(body, "certificate_request")
        certificate_types = reader.vector(1, at_least=1)
        authorities = Reader(reader.vector(2), "certificate_authorities")
        reader.end()
        while authorities:
            authorities.vector(2, at_least=1)
        return cls(certificate_types)


@dataclass(frozen=True)
class ServerHelloDone:
    """The server's first flight is complete."""

    @classmethod
    def decode(cls, body: bytes) -> "ServerHelloDone":
        """Read a body, which must be empty."""
        Reader(body, "server_hello_done").end()
        return cls()


@dataclass(frozen=True)
class ClientKeyExchange:
    """The premaster secret, encrypted for the server's RSA key."""

    encrypted_premaster: bytes

    def encode(self) -> Message:
        """The message to send; TLS has a length before the ciphertext, SSL 3.0 had none."""
        return Message(HandshakeType.CLIENT_KEY_EXCHANGE, vector(self.encrypted_premaster, 2))


@dataclass(frozen=True)
class CertificateVerify:
    """Our signature over the handshake so far."""

    signature: bytes

    def encode(self) -> Message:
        """The message to send."""
        return Message(HandshakeType.CERTIFICATE_VERIFY, vector(self.signature, 2))


@dataclass(frozen=True)
class Finished:
    """The first message under the new keys: proof that both sides saw the same handshake."""

    verify_data: bytes

    def encode(self) -> Message:
        """The message to send."""
        return Message(HandshakeType.FINISHED, self.verify_data)

    @classmethod
    def decode(cls, body: bytes) -> "Finished":
        """Read a body."""
        return cls(body)


ServerMessage = HelloRequest | ServerHello | Certificate | CertificateRequest | ServerHelloDone | Finished

_DECODERS: dict[int, Callable[[bytes], ServerMessage]] = {
    HandshakeType.HELLO_REQUEST: HelloRequest.decode,
    HandshakeType.SERVER_HELLO: ServerHello.decode,
    HandshakeType.CERTIFICATE: Certificate.decode,
    HandshakeType.CERTIFICATE_REQUEST: CertificateRequest.decode,
    HandshakeType.SERVER_HELLO_DONE: ServerHelloDone.decode,
    HandshakeType.FINISHED: Finished.decode,
}


def decode(message: Message) -> ServerMessage:
    """Read a message of the server.

    Raises:
        FatalError: a server never sends it in an RSA key exchange, or it is malformed.
    """
    decoder = _DECODERS.get(message.message_type)
    if decoder is None:
        raise FatalError(Alert.UNEXPECTED_MESSAGE, f"the server sent {message_name(message.message_type)}")
    return decoder(message.body)
