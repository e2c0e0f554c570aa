"""Find the control packets in what a broker sends. MQTT 3.1.1 chapter 2."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

_LENGTH_BYTES = 4
"""Bytes of a remaining length (2.2.3)."""
LARGEST = 268_435_455
"""The largest remaining length that there is (2.2.3)."""


class PacketType(IntEnum):
    """The type of a control packet (2.2.1)."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    PUBREC = 5
    PUBREL = 6
    PUBCOMP = 7
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14


class MalformedPacket(Exception):
    """The bytes are no packet of MQTT 3.1.1."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One control packet."""

    type: PacketType
    flags: int
    body: bytes
    """Variable header and payload."""
    cut: int = 0
    """How many bytes of the application message were dropped, as it is too long."""

    def encoded(self) -> bytes:
        """Return the bytes of the packet; without those that were dropped."""
        return bytes([self.type << 4 | self.flags]) + encoded_length(len(self.body)) + self.body

    @property
    def qos(self) -> int:
        """Return the quality of service of a PUBLISH (3.3.1.2)."""
        return self.flags >> 1 & 3

    @property
    def identifier(self) -> int:
        """Return the packet identifier (2.3.1): behind the topic of a PUBLISH, else at the beginning."""
        start = 2 + int.from_bytes(self.body[:2], "big") if self.type is PacketType.PUBLISH else 0
        if len(self.body) < start + 2:
            raise MalformedPacket("a packet ends before its identifier")
        return int.from_bytes(self.body[start : start + 2], "big")


def encoded_length(length: int) -> bytes:
    """Encode a remaining length (2.2.3)."""
    encoded = bytearray()
    while True:
        length, digit = divmod(length, 128)
        encoded.append(digit | 128 if length else digit)
        if not length:
            return bytes(encoded)


class Fields:
    """Reads the fields of a body, one after the other (1.5)."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._position = 0

    def bytes_of(self, size: int) -> bytes:
        """Take `size` bytes.

        Raises:
            MalformedPacket: there are fewer.
        """
        taken = self._body[self._position : self._position + size]
        if len(taken) < size:
            raise MalformedPacket("a packet ends early")
        self._position += size
        return taken

    def number(self, size: int = 2) -> int:
        """Take a number of `size` bytes."""
        return int.from_bytes(self.bytes_of(size), "big")

    def data(self) -> bytes:
        """Take bytes that stand behind their length."""
        return self.bytes_of(self.number())

    def text(self) -> str:
        """Take a text; what is no UTF-8 is shown as such."""
        return self.data().decode("utf-8", "backslashreplace")

    @property
    def left(self) -> int:
        """Return how many bytes are left."""
        return len(self._body) - self._position

    def __repr__(self) -> str:
        return f"<Fields {self.left} bytes left>"


class PacketReader:
    """Takes bytes, gives packets; of an application message that is too long only the head is kept."""

    def __init__(self, longest: int = LARGEST) -> None:
        """`longest` is the largest remaining length of a packet that is kept whole."""
        self._longest = longest
        self._data = bytearray()
        self._head: Packet | None = None
        """The packet whose rest is dropped."""
        self._to_drop = 0

    def __repr__(self) -> str:
        return f"<PacketReader {len(self._data)} bytes of a packet>"

    def feed(self, data: bytes) -> Iterator[Packet]:
        """Take bytes, and give the packets that are complete.

        Raises:
            MalformedPacket: no packet begins so, or one that is no PUBLISH is too long.
        """
        self._data += data
        while (packet := self._next()) is not None:
            yield packet

    def _next(self) -> Packet | None:
        if self._head is not None:
            return self._after_dropping()
        measured = self._measure()
        if measured is None:
            return None
        kind, flags, start, length = measured
        if length > self._longest:
            return self._cut(kind, flags, start, length)
        if len(self._data) < start + length:
            return None
        body = bytes(self._data[start : start + length])
        del self._data[: start + length]
        return Packet(kind, flags, body)

    def _measure(self) -> tuple[PacketType, int, int, int] | None:
        """Return type, flags, and where the body begins and how long it is; None while more bytes must come."""
        if not self._data:
            return None
        try:
            kind, flags = PacketType(self._data[0] >> 4), self._data[0] & 15
        except ValueError:
            raise MalformedPacket(f"no packet has the type {self._data[0] >> 4}") from None
        length = 0
        for index, digit in enumerate(self._data[1 : 1 + _LENGTH_BYTES]):
            length |= (digit & 127) << 7 * index
            if not digit & 128:
                return kind, flags, 2 + index, length
        if len(self._data) > _LENGTH_BYTES:
            raise MalformedPacket("a remaining length has more than four bytes")
        return None

    def _cut(self, kind: PacketType, flags: int, start: int, length: int) -> Packet | None:
        """Keep topic and identifier of a PUBLISH that is too long, and drop the rest."""
        if kind is not PacketType.PUBLISH:
            raise MalformedPacket(f"a {kind.name} of {length} bytes")
        if len(self._data) < start + 2:
            return None
        kept = 2 + int.from_bytes(self._data[start : start + 2], "big") + (2 if flags >> 1 & 3 else 0)
        if kept > length:
            raise MalformedPacket("a topic is longer than its packet")
        if len(self._data) < start + kept:
            return None
        body = bytes(self._data[start : start + kept])
        del self._data[: start + kept]
        self._head = Packet(kind, flags, body, cut=length - kept)
        self._to_drop = length - kept
        return self._after_dropping()

    def _after_dropping(self) -> Packet | None:
        dropped = min(self._to_drop, len(self._data))
        del self._data[:dropped]
        self._to_drop -= dropped
        if self._to_drop:
            return None
        head, self._head = self._head, None
        return head
