"""Sees the TLS records of one way of a connection as they pass, so that faults can be addressed to messages and data.

What is not TLS passes as data. A record with several handshake messages in clear becomes several records with one each,
which means the same (RFC 2246 6.2.1), so that a fault can come between two messages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from emulator.tls.wire.messages import message_name

_HEADER = Struct(">BHH")
_CHANGE_CIPHER_SPEC, _HANDSHAKE, _APPLICATION_DATA = 20, 22, 23
_TYPES = range(20, 24)
_LARGEST = 2**14 + 2048
_MESSAGE_HEADER = 4


@dataclass(frozen=True, slots=True)
class Message:
    """A handshake message begins, or change_cipher_spec."""

    name: str
    size: int
    """Bytes of its body."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that pass together."""

    data: bytes
    is_data: bool
    """Whether they belong to what the session carries, and not to a handshake or an alert."""
    message: Message | None = None
    """What begins with them."""


class RecordWatcher:
    """Gives back what it is fed, in pieces; of TLS, whole records only."""

    def __init__(self) -> None:
        self.in_tls = False
        self._buffer = bytearray()
        self._in_clear = True
        self._unfinished = 0
        """Bytes that are to come of the handshake message under way."""

    def __repr__(self) -> str:
        return f"<RecordWatcher {'TLS' if self.in_tls else 'no TLS'}, {len(self._buffer)} bytes kept>"

    def feed(self, data: bytes) -> Iterator[Piece]:
        """Take bytes in their order."""
        if not self.in_tls:
            yield Piece(data, is_data=True)
            return
        self._buffer += data
        while self.in_tls and len(self._buffer) >= _HEADER.size:
            content_type, version, length = _HEADER.unpack_from(self._buffer)
            if content_type not in _TYPES or length > _LARGEST:
                self.in_tls = False  # whatever it is, it passes
                break
            end = _HEADER.size + length
            if len(self._buffer) < end:
                return
            record = bytes(self._buffer[:end])
            del self._buffer[:end]
            yield from self._pieces(record, content_type, version)
        if not self.in_tls and self._buffer:
            rest, self._buffer = bytes(self._buffer), bytearray()
            yield Piece(rest, is_data=True)

    def rest(self) -> bytes:
        """The part of a record that was cut off by the end of the connection."""
        rest, self._buffer = bytes(self._buffer), bytearray()
        return rest

    def _pieces(self, record: bytes, content_type: int, version: int) -> Iterator[Piece]:
        if content_type == _CHANGE_CIPHER_SPEC:
            self._in_clear = False
            yield Piece(record, is_data=False, message=Message("change_cipher_spec", 1))
        elif content_type == _HANDSHAKE and not self._in_clear:
            yield Piece(record, is_data=False, message=Message("finished", len(record) - _HEADER.size))
        elif content_type == _HANDSHAKE:
            for message, fragment in self._messages(record[_HEADER.size :]):
                yield Piece(_HEADER.pack(_HANDSHAKE, version, len(fragment)) + fragment, is_data=False, message=message)
        else:
            yield Piece(record, is_data=content_type == _APPLICATION_DATA)

    def _messages(self, fragment: bytes) -> Iterator[tuple[Message | None, bytes]]:
        """The fragment cut where messages begin; a message header that is itself cut counts for none."""
        while fragment:
            message = None
            if not self._unfinished and len(fragment) >= _MESSAGE_HEADER:
                size = int.from_bytes(fragment[1:_MESSAGE_HEADER])
                message = Message(message_name(fragment[0]), size)
                self._unfinished = _MESSAGE_HEADER + size
            part = fragment[: self._unfinished or len(fragment)]
            self._unfinished = max(0, self._unfinished - len(part))
            fragment = fragment[len(part) :]
            yield message, part


def begins_tls(data: bytes) -> bool:
    """Whether a client begins a TLS session with these bytes: a handshake record with a ClientHello."""
    return len(data) > _HEADER.size and data[0] == _HANDSHAKE and data[1] == 3 and data[_HEADER.size] == 1
