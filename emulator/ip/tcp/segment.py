"""TCP segments. RFC 9293 3.1; of the options, only the maximum segment size is read and written."""

import struct
from typing import NamedTuple

from emulator.ip.checksum import checksum
from emulator.ip.packet import TCP, Malformed, Packet, pseudo_header

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
"""Flags: plain numbers, which are much faster than an enumeration."""

_HEADER = struct.Struct(">HHIIBBHHH")
_END_OF_OPTIONS, _NO_OPERATION, _MAXIMUM_SEGMENT_SIZE = 0, 1, 2
_NAMES = {SYN: "SYN", FIN: "FIN", RST: "RST", PSH: "PSH", ACK: "ACK"}


class Segment(NamedTuple):
    """A segment, without what concerns no receiver: the urgent pointer, and options but one."""

    source_port: int
    target_port: int
    sequence: int
    acknowledgement: int
    flags: int
    window: int
    data: bytes = b""
    maximum_size: int | None = None
    """The option of a SYN: the most data that its sender takes in a segment."""

    def __str__(self) -> str:
        names = "|".join(name for flag, name in _NAMES.items() if self.flags & flag)
        return f"{names} seq {self.sequence} ack {self.acknowledgement} win {self.window} data {len(self.data)}"

    @property
    def length(self) -> int:
        """Return how many sequence numbers it takes."""
        return len(self.data) + bool(self.flags & SYN) + bool(self.flags & FIN)

    @classmethod
    def parse(cls, packet: Packet) -> "Segment":
        """Read the segment of a packet.

        Raises:
            Malformed: it is too short, or its checksum is wrong.
        """
        payload = packet.payload
        if len(payload) < _HEADER.size:
            raise Malformed(f"a TCP header of {len(payload)} bytes")
        source_port, target_port, sequence, acknowledgement, words, flags, window, _, _ = _HEADER.unpack_from(payload)
        header = (words >> 4) * 4
        if not _HEADER.size <= header <= len(payload):
            raise Malformed(f"a TCP header of {header} in {len(payload)} bytes")
        if checksum(pseudo_header(packet.source, packet.target, TCP, len(payload)) + payload):
            raise Malformed("the checksum of a segment")
        size = _maximum_size(payload[_HEADER.size : header]) if flags & SYN else None
        data = payload[header:]
        return cls(source_port, target_port, sequence, acknowledgement, flags, window, data, size)

    def packed(self, source: str, target: str) -> bytes:
        """Return the bytes of the segment between two addresses."""
        options = b"" if self.maximum_size is None else struct.pack(">BBH", _MAXIMUM_SEGMENT_SIZE, 4, self.maximum_size)
        words = (_HEADER.size + len(options)) // 4 << 4
        fields = (*self[:4], words, self.flags, self.window)
        behind = options + self.data
        head = pseudo_header(source, target, TCP, _HEADER.size + len(behind))
        total = checksum(head + _HEADER.pack(*fields, 0, 0) + behind)
        return _HEADER.pack(*fields, total, 0) + behind


def _maximum_size(options: bytes) -> int | None:
    """Find the maximum segment size; options that are cut off are ignored."""
    at = 0
    while at < len(options) and options[at] != _END_OF_OPTIONS:
        if options[at] == _NO_OPERATION:
            at += 1
            continue
        length = options[at + 1] if at + 1 < len(options) else 0
        if length < 2 or at + length > len(options):
            break
        if (options[at], length) == (_MAXIMUM_SEGMENT_SIZE, 4):
            return int.from_bytes(options[at + 2 : at + 4], "big")
        at += length
    return None
