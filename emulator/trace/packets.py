"""TCP segments in IP packets: headers and checksums. RFC 791, RFC 8200, RFC 9293."""

import struct
from enum import IntFlag
from ipaddress import IPv4Address, IPv6Address

import msgspec

from emulator.ip.checksum import checksum

_TCP = 6
_TTL = 64
_DO_NOT_FRAGMENT = 0x4000
_HEADER = struct.Struct(">HHIIBBHHH")

WINDOW = 65535
"""Bytes that either side says it can take; always the same."""


class Flags(IntFlag):
    """Flags of a segment (RFC 9293 3.1)."""

    FIN = 1
    SYN = 2
    RST = 4
    PSH = 8
    ACK = 16


class Endpoint(msgspec.Struct, frozen=True):
    """One end of a connection."""

    address: IPv4Address | IPv6Address
    port: int


def tcp_packet(
    source: Endpoint,
    target: Endpoint,
    sequence: int,
    acknowledgement: int,
    flags: Flags,
    payload: bytes = b"",
    options: bytes = b"",
) -> bytes:
    """Make an IP packet; both ends are of one address family, `options` are whole words."""
    length = _HEADER.size + len(options) + len(payload)
    addresses = source.address.packed + target.address.packed
    checked = addresses + struct.pack(">II", length, _TCP)  # the pseudo-header
    words = (_HEADER.size + len(options)) // 4
    fields = (source.port, target.port, sequence, acknowledgement, words << 4, flags, WINDOW)
    total = checksum(checked + _HEADER.pack(*fields, 0, 0) + options + payload)
    segment = _HEADER.pack(*fields, total, 0) + options + payload
    return _ip_header(source.address.version, addresses, length) + segment


def _ip_header(version: int, addresses: bytes, length: int) -> bytes:
    if version == 6:
        return struct.pack(">IHBB", 6 << 28, length, _TCP, _TTL) + addresses
    start = struct.pack(">BBHHHBB", 0x45, 0, 20 + length, 0, _DO_NOT_FRAGMENT, _TTL, _TCP)
    return start + struct.pack(">H", checksum(start + addresses)) + addresses
