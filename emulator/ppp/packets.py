"""Read and write control packets and their options. RFC 1661 5 and 6, RFC 1334, RFC 1994."""

from collections.abc import Iterable
from enum import IntEnum

import msgspec

HEADER_SIZE = 4


class Protocol(IntEnum):
    """Protocol numbers of RFC 1661 and of those that stand upon it."""

    IPV4 = 0x0021
    IPCP = 0x8021
    IPV6CP = 0x8057
    CCP = 0x80FD
    LCP = 0xC021
    PAP = 0xC023
    CHAP = 0xC223


class Code(IntEnum):
    """Codes of control packets; the control protocols of networks have the first seven."""

    CONFIGURE_REQUEST = 1
    CONFIGURE_ACK = 2
    CONFIGURE_NAK = 3
    CONFIGURE_REJECT = 4
    TERMINATE_REQUEST = 5
    TERMINATE_ACK = 6
    CODE_REJECT = 7
    PROTOCOL_REJECT = 8
    ECHO_REQUEST = 9
    ECHO_REPLY = 10
    DISCARD_REQUEST = 11


class ControlPacket(msgspec.Struct, frozen=True):
    """One packet of a control or authentication protocol."""

    code: int
    identifier: int
    data: bytes = b""

    def encode(self) -> bytes:
        """Return the packet with its length."""
        return bytes((self.code, self.identifier)) + (HEADER_SIZE + len(self.data)).to_bytes(2, "big") + self.data


def parse_packet(information: bytes) -> ControlPacket | None:
    """Return the packet without its padding; None where its length is wrong, so that it is dropped (RFC 1661 5)."""
    length = int.from_bytes(information[2:4], "big")
    if not HEADER_SIZE <= length <= len(information):
        return None
    return ControlPacket(information[0], information[1], information[HEADER_SIZE:length])


class Option(msgspec.Struct, frozen=True):
    """A configuration option."""

    type: int
    value: bytes = b""


Options = tuple[Option, ...]


def encode_options(options: Iterable[Option]) -> bytes:
    """Return the options, each with its length."""
    return b"".join(bytes((option.type, 2 + len(option.value))) + option.value for option in options)


def parse_options(data: bytes) -> Options | None:
    """Return the options; None where a length is wrong."""
    options = []
    while data:
        length = data[1] if len(data) > 1 else 0
        if not 2 <= length <= len(data):
            return None
        options.append(Option(data[0], data[2:length]))
        data = data[length:]
    return tuple(options)
