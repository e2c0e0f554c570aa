"""Watch the TLS records of one direction of a connection, so that faults can be addressed to messages and data.

What is not TLS passes as data. A record with several handshake messages in clear becomes several records with one each,
which means the same (RFC 2246 6.2.1), so that a fault can come between two messages.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from emulator.tls.wire import handshake, records
from emulator.tls.wire.alerts import FatalError
from emulator.tls.wire.handshake import HandshakeType, message_name
from emulator.tls.wire.records import ContentType, Record, RecordBuffer


@dataclass(frozen=True, slots=True)
class SeenMessage:
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
    message: SeenMessage | None = None
    """What begins with them."""


class RecordWatcher:
    """Returns what it is fed, in pieces; of TLS, whole records only."""

    def __init__(self) -> None:
        self.in_tls = False
        self._records = RecordBuffer()
        self._in_clear = True
        self._unfinished = 0
        """Bytes that are to come of the handshake message under way."""

    def __repr__(self) -> str:
        return f"<RecordWatcher {'TLS' if self.in_tls else 'no TLS'}, {len(self._records)} bytes kept>"

    def feed(self, data: bytes) -> Iterator[Piece]:
        """Yield the pieces of the next bytes."""
        if not self.in_tls:
            yield Piece(data, is_data=True)
            return
        self._records.add(data)
        try:
            while (record := self._records.next_record()) is not None:
                yield from self._pieces(record)
        except FatalError:
            self.in_tls = False  # whatever it is, it passes
            yield Piece(self.rest(), is_data=True)

    def rest(self) -> bytes:
        """Return the part of a record that the end of the connection cut off."""
        return self._records.take_rest()

    def _pieces(self, record: Record) -> Iterator[Piece]:
        if record.content_type is ContentType.CHANGE_CIPHER_SPEC:
            self._in_clear = False
            yield Piece(record.encode(), is_data=False, message=SeenMessage("change_cipher_spec", 1))
        elif record.content_type is ContentType.HANDSHAKE and not self._in_clear:
            yield Piece(record.encode(), is_data=False, message=SeenMessage("finished", len(record.fragment)))
        elif record.content_type is ContentType.HANDSHAKE:
            for message, fragment in self._messages(record.fragment):
                yield Piece(record._replace(fragment=fragment).encode(), is_data=False, message=message)
        else:
            yield Piece(record.encode(), is_data=record.content_type is ContentType.APPLICATION_DATA)

    def _messages(self, fragment: bytes) -> Iterator[tuple[SeenMessage | None, bytes]]:
        """Cut the fragment where messages begin; an incomplete message header counts for none."""
        while fragment:
            message = None
            if not self._unfinished and len(fragment) >= handshake.HEADER_SIZE:
                size = handshake.body_length(fragment)
                message = SeenMessage(message_name(fragment[0]), size)
                self._unfinished = handshake.HEADER_SIZE + size
            part = fragment[: self._unfinished or len(fragment)]
            self._unfinished = max(0, self._unfinished - len(part))
            fragment = fragment[len(part) :]
            yield message, part


def begins_tls(data: bytes) -> bool:
    """Return whether a client begins a TLS session with these bytes: a handshake record with a ClientHello."""
    begin = data[0:2], data[records.HEADER.size : records.HEADER.size + 1]
    return begin == (bytes([ContentType.HANDSHAKE, records.MAJOR_VERSION]), bytes([HandshakeType.CLIENT_HELLO]))
