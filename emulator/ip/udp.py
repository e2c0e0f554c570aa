"""UDP datagrams. RFC 768."""

import struct
from typing import NamedTuple

from emulator.ip.checksum import checksum
from emulator.ip.packet import UDP, Malformed, Packet, pseudo_header

_HEADER = struct.Struct(">HHHH")
MOST = 65535 - 20 - _HEADER.size
"""Bytes of data that a datagram can carry."""


class Datagram(NamedTuple):
    """A datagram."""

    source_port: int
    target_port: int
    data: bytes

    @classmethod
    def parse(cls, packet: Packet) -> "Datagram":
        """Read the datagram of a packet; a checksum of 0 is none.

        Raises:
            Malformed: it is too short, or its checksum is wrong.
        """
        payload = packet.payload
        if len(payload) < _HEADER.size:
            raise Malformed(f"a UDP header of {len(payload)} bytes")
        source_port, target_port, length, total = _HEADER.unpack_from(payload)
        if not _HEADER.size <= length <= len(payload):
            raise Malformed(f"a datagram of {length} in {len(payload)} bytes")
        payload = payload[:length]
        if total and checksum(pseudo_header(packet.source, packet.target, UDP, length) + payload):
            raise Malformed("the checksum of a datagram")
        return cls(source_port, target_port, payload[_HEADER.size :])

    def packed(self, source: str, target: str) -> bytes:
        """Return the bytes of the datagram between two addresses."""
        length = _HEADER.size + len(self.data)
        header = _HEADER.pack(self.source_port, self.target_port, length, 0)
        total = checksum(pseudo_header(source, target, UDP, length) + header + self.data) or 0xFFFF
        return _HEADER.pack(self.source_port, self.target_port, length, total) + self.data
