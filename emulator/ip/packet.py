"""IPv4 packets: the header, and fragments of what is larger than the link takes. RFC 791."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from emulator.ip.addresses import address_bytes, address_text
from emulator.ip.checksum import checksum

HEADER = 20
"""Bytes of a header without options."""
ICMP, TCP, UDP = 1, 6, 17
"""Protocols (RFC 1700)."""

_HEADER = struct.Struct(">BBHHHBBH4s4s")
_DO_NOT_FRAGMENT, _MORE_FRAGMENTS, _OFFSET = 0x4000, 0x2000, 0x1FFF
_UNIT = 8
"""Bytes in which fragments are counted."""


class Malformed(Exception):
    """A packet, or what it holds, is not of the form that its protocol wants."""


class Packet(NamedTuple):
    """An IPv4 packet, or a fragment of one; options are dropped."""

    source: str
    target: str
    protocol: int
    payload: bytes
    ttl: int = 64
    identification: int = 0
    offset: int = 0
    """Bytes of the payload that stand before this fragment."""
    more: bool = False
    """Whether another fragment follows."""
    whole: bool = False
    """Whether it must not be fragmented."""

    @property
    def is_fragment(self) -> bool:
        """Return whether it is a part of a packet."""
        return self.more or self.offset > 0

    @classmethod
    def parse(cls, data: bytes) -> "Packet":
        """Read a packet; what follows it is dropped.

        Raises:
            Malformed: it is none, or its checksum is wrong.
        """
        if len(data) < HEADER:
            raise Malformed(f"an IP header of {len(data)} bytes")
        first, _, length, identification, flags, ttl, protocol, _, source, target = _HEADER.unpack_from(data)
        header = (first & 15) * 4
        if first >> 4 != 4 or not HEADER <= header <= length <= len(data):
            raise Malformed(f"version {first >> 4}, header of {header} bytes, {length} of {len(data)} bytes in all")
        if checksum(data[:header]):
            raise Malformed("the checksum of the IP header")
        offset, more = (flags & _OFFSET) * _UNIT, bool(flags & _MORE_FRAGMENTS)
        payload, whole = data[header:length], bool(flags & _DO_NOT_FRAGMENT)
        return cls(
            address_text(source), address_text(target), protocol, payload, ttl, identification, offset, more, whole
        )

    def header(self, length: int) -> bytes:
        """Return the header of a packet with `length` bytes behind it."""
        flags = self.offset // _UNIT | (_MORE_FRAGMENTS if self.more else 0) | (_DO_NOT_FRAGMENT if self.whole else 0)
        source, target = address_bytes(self.source), address_bytes(self.target)
        fields = (0x45, 0, HEADER + length, self.identification, flags, self.ttl, self.protocol)
        return _HEADER.pack(*fields, checksum(_HEADER.pack(*fields, 0, source, target)), source, target)

    def packed(self) -> bytes:
        """Return the bytes of the packet."""
        return self.header(len(self.payload)) + self.payload

    def fragments(self, mtu: int) -> Iterator[bytes]:
        """Yield the packet in as many pieces as a link with this MTU needs."""
        room = (mtu - HEADER) // _UNIT * _UNIT
        if HEADER + len(self.payload) <= mtu:
            yield self.packed()
            return
        for start in range(0, len(self.payload), room):
            piece, more = self.payload[start : start + room], start + room < len(self.payload)
            yield self._replace(payload=piece, offset=start, more=more).packed()


def pseudo_header(source: str, target: str, protocol: int, length: int) -> bytes:
    """Return what the checksums of TCP and UDP cover before their own header."""
    return struct.pack(">4s4sHH", address_bytes(source), address_bytes(target), protocol, length)
