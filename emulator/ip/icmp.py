"""ICMP messages: echo, and what a router says of a packet that it cannot forward. RFC 792."""

import struct
from enum import IntEnum
from typing import NamedTuple

from emulator.ip.checksum import checksum
from emulator.ip.packet import HEADER, ICMP, Malformed, Packet

_HEADER = struct.Struct(">BBHHH")
_ECHO_REPLY, _UNREACHABLE, _ECHO_REQUEST, _TIME_EXCEEDED = 0, 3, 8, 11
_ERRORS = (_UNREACHABLE, 4, 5, _TIME_EXCEEDED, 12)
_QUOTED = 8
"""Bytes that an error quotes behind the header of the packet."""


class Unreachable(IntEnum):
    """Why a packet has not reached its target; the code of the message."""

    NET = 0
    HOST = 1
    PROTOCOL = 2
    PORT = 3


class EchoRequest(NamedTuple):
    """An echo request."""

    identifier: int
    sequence: int
    data: bytes


def parse_echo(packet: Packet) -> EchoRequest | None:
    """Read an echo request; None for any other message.

    Raises:
        Malformed: it is too short, or its checksum is wrong.
    """
    if len(packet.payload) < _HEADER.size or checksum(packet.payload):
        raise Malformed("an ICMP message")
    kind, code, _, identifier, sequence = _HEADER.unpack_from(packet.payload)
    if (kind, code) != (_ECHO_REQUEST, 0):
        return None
    return EchoRequest(identifier, sequence, packet.payload[_HEADER.size :])


def echo_reply(request: EchoRequest) -> bytes:
    """Return the reply to a request."""
    return _message(_ECHO_REPLY, 0, request.identifier, request.sequence, request.data)


def unreachable(packet: Packet, why: Unreachable) -> bytes:
    """Return the error that says why a packet has not reached its target."""
    return _message(_UNREACHABLE, why, 0, 0, _quoted(packet))


def time_exceeded(packet: Packet) -> bytes:
    """Return the error for a packet whose time to live is over."""
    return _message(_TIME_EXCEEDED, 0, 0, 0, _quoted(packet))


def may_be_answered(packet: Packet) -> bool:
    """Return whether an error about a packet may be sent: never about an error (RFC 1122 3.2.2)."""
    return packet.protocol != ICMP or packet.payload[:1] not in map(_byte, _ERRORS)


def _byte(number: int) -> bytes:
    return bytes([number])


def _quoted(packet: Packet) -> bytes:
    return packet.header(len(packet.payload))[:HEADER] + packet.payload[:_QUOTED]


def _message(kind: int, code: int, first: int, second: int, data: bytes) -> bytes:
    total = checksum(_HEADER.pack(kind, code, 0, first, second) + data)
    return _HEADER.pack(kind, code, total, first, second) + data
