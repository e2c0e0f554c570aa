"""Framing of handshake messages: type, length and body, cut out of the content of records.

Source: RFC 2246 7.4.
"""

from enum import IntEnum
from typing import NamedTuple

from emulator.tls.wire.alerts import Alert, FatalError

HEADER_SIZE = 4
"""Bytes in front of a body: its type and its length."""
MAX_MESSAGE = 2**16
"""Bytes of a message that are worth waiting for: no chain of certificates comes near. The RFC would allow 16 MB."""


class HandshakeType(IntEnum):
    """Type of a message; the lower-case name is the RFC's own."""

    HELLO_REQUEST = 0
    CLIENT_HELLO = 1
    SERVER_HELLO = 2
    NEW_SESSION_TICKET = 4
    """RFC 5077 3.3, RFC 8446 4.6.1."""
    ENCRYPTED_EXTENSIONS = 8
    """RFC 8446 4.3.1."""
    CERTIFICATE = 11
    SERVER_KEY_EXCHANGE = 12
    CERTIFICATE_REQUEST = 13
    SERVER_HELLO_DONE = 14
    CERTIFICATE_VERIFY = 15
    CLIENT_KEY_EXCHANGE = 16
    FINISHED = 20
    CERTIFICATE_STATUS = 22
    """RFC 6066 8."""
    KEY_UPDATE = 24
    """RFC 8446 4.6.3."""


_NAMES = {int(message_type): message_type.name.lower() for message_type in HandshakeType}


def message_name(message_type: int) -> str:
    """Return the RFC's name of a handshake message, or its number where `HandshakeType` has none for it."""
    return _NAMES.get(message_type) or f"handshake_message_{message_type}"


def body_length(header: bytes | bytearray) -> int:
    """Return how many bytes follow a message's header."""
    return int.from_bytes(header[1:HEADER_SIZE], "big")


class HandshakeMessage(NamedTuple):
    """A whole handshake message, not yet decoded."""

    message_type: int
    body: bytes

    def encode(self) -> bytes:
        """Return the message with its header, as it goes into records and into the transcript."""
        return bytes([self.message_type]) + len(self.body).to_bytes(3, "big") + self.body


class MessageBuffer:
    """Joins messages from the content of handshake records, however it is split."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def __bool__(self) -> bool:
        """Return whether a part of a message waits for its rest."""
        return bool(self._buffer)

    def add(self, content: bytes) -> None:
        """Take the content of one record."""
        self._buffer += content

    def next_message(self) -> HandshakeMessage | None:
        """Return the next message, None while it is incomplete.

        Raises:
            FatalError: it announces more than MAX_MESSAGE bytes.
        """
        buffer = self._buffer
        if len(buffer) < HEADER_SIZE:
            return None
        length = body_length(buffer)
        if length > MAX_MESSAGE:
            raise FatalError(
                Alert.ILLEGAL_PARAMETER,
                f"a {message_name(buffer[0])} of {length} bytes, at most {MAX_MESSAGE} are taken",
            )
        if len(buffer) < HEADER_SIZE + length:
            return None
        message = HandshakeMessage(buffer[0], bytes(buffer[HEADER_SIZE : HEADER_SIZE + length]))
        del buffer[: HEADER_SIZE + length]
        return message
