"""Watch the TLS records of one direction of a connection, so that faults can be addressed to messages and data.

What is not TLS passes as data. A record with several handshake messages in clear becomes several records with one each,
which means the same (RFC 2246 6.2.1), so that a fault can come between two messages. Messages that TLS 1.3 protects are
named where the module has told its secrets by then; those of one record pass together.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from emulator.faults.session_keys import SessionKeys
from emulator.tls.wire import handshake, records
from emulator.tls.wire.alerts import FatalError
from emulator.tls.wire.handshake import HandshakeMessage, HandshakeType
from emulator.tls.wire.messages import name_of
from emulator.tls.wire.protection import ProtectedRecords
from emulator.tls.wire.records import ContentType, Record, RecordBuffer

PROTECTED = "protected_message"
"""The name of a message whose own name is not known."""


class SeenMessage(msgspec.Struct, frozen=True):
    """A handshake message begins, or change_cipher_spec."""

    name: str
    size: int
    """Bytes of its body."""


class Piece(msgspec.Struct, frozen=True):
    """Bytes that pass together."""

    data: bytes
    is_data: bool
    """Whether they belong to what the session carries, and not to a handshake or an alert."""
    message: SeenMessage | None = None
    """What begins with them."""


class RecordWatcher:
    """Returns what it is fed, in pieces; of TLS, whole records only."""

    def __init__(self, sender: Literal["CLIENT", "SERVER"] = "SERVER", keys: SessionKeys | None = None) -> None:
        """`sender` sends what it is fed; `keys` are those of both directions."""
        self._sender = sender
        self._keys = keys if keys is not None else SessionKeys()
        self._protected: ProtectedRecords | None = None
        self._finished = False
        self._blind = False
        """Whether the records that follow cannot be opened."""
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
        if record.content_type is ContentType.APPLICATION_DATA and self._keys.hides_handshake:
            yield from self._protected_pieces(record)
        elif record.content_type is ContentType.CHANGE_CIPHER_SPEC:
            self._in_clear = self._keys.hides_handshake
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
                message = self._seen(HandshakeMessage(fragment[0], fragment[handshake.HEADER_SIZE :][:size]), size)
                self._unfinished = handshake.HEADER_SIZE + size
            part = fragment[: self._unfinished or len(fragment)]
            self._unfinished = max(0, self._unfinished - len(part))
            fragment = fragment[len(part) :]
            yield message, part

    def _seen(self, message: HandshakeMessage, size: int) -> SeenMessage:
        """Note a message, whose body may be cut short, and learn from a hello."""
        if message.message_type == HandshakeType.CLIENT_HELLO:
            self._keys.take_client_hello(message.body)
        elif message.message_type == HandshakeType.SERVER_HELLO and len(message.body) == size:
            self._keys.take_server_hello(message.body)
        elif message.message_type == HandshakeType.FINISHED:
            self._finished, self._protected = True, None
        return SeenMessage(name_of(message), size)

    def _protected_pieces(self, record: Record) -> Iterator[Piece]:
        """Tell apart what TLS 1.3 protects; all messages of a record begin before it passes."""
        if self._sender == "CLIENT":
            self._keys.client_protects = True
        opened = self._open(record)
        if opened is not None and opened.content_type is ContentType.HANDSHAKE:
            for message, _ in tuple(self._messages(opened.fragment)):
                if message is not None:
                    yield Piece(b"", is_data=False, message=message)
            yield Piece(record.encode(), is_data=False)
        elif opened is not None:
            yield Piece(record.encode(), is_data=opened.content_type is ContentType.APPLICATION_DATA)
        elif self._finished or self._keys.client_protects:
            yield Piece(record.encode(), is_data=True)
        else:
            yield Piece(record.encode(), is_data=False, message=SeenMessage(PROTECTED, len(record.fragment)))

    def _open(self, record: Record) -> Record | None:
        if self._protected is None and not self._blind:
            name = "TRAFFIC_SECRET_0" if self._finished else "HANDSHAKE_TRAFFIC_SECRET"
            self._protected = self._keys.records(f"{self._sender}_{name}")
        opened = self._protected.open(record) if self._protected is not None else None
        self._blind = opened is None  # whatever follows is counted from a record that was not opened
        return opened


def begins_tls(data: bytes) -> bool:
    """Return whether a client begins a TLS session with these bytes: a handshake record with a ClientHello."""
    begin = data[0:2], data[records.HEADER.size : records.HEADER.size + 1]
    return begin == (bytes([ContentType.HANDSHAKE, records.MAJOR_VERSION]), bytes([HandshakeType.CLIENT_HELLO]))
