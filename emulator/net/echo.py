"""Echo requests of ICMP (RFC 792), by the datagram sockets that need no privilege where the machine allows them."""

import asyncio
import os
import socket
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass

_HEADER = struct.Struct("!BBHHH")
_ECHO_REPLY, _ECHO_REQUEST = 0, 8
_IP_RECVTTL = 12 if sys.platform == "linux" else 24
"""Not among the constants of Python's socket module."""


@dataclass(frozen=True)
class Echo:
    """A reply."""

    ttl: int | None = None
    """The time to live that it arrived with; None where the machine does not tell."""


async def request_echo(address: str, *, size: int, ttl: int) -> Echo:
    """Send one echo request and wait for its reply; cancelled, it waits no more.

    Args:
        address: an IPv4 address.
        size: bytes of data, at least 8.
        ttl: the time to live of the request, 1 to 255.

    Raises:
        PermissionError: the machine does not let its users send one.
        OSError: it cannot be sent, or what is on the way says that it cannot arrive.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP) as icmp:
        icmp.setblocking(False)
        icmp.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        icmp.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)
        icmp.connect((address, 0))
        data = (os.urandom(8) * (size // 8 + 1))[:size]
        icmp.send(_request(data))
        while True:
            message, ancillary, _, _ = await _receive(icmp, size + 128)
            if _is_reply(message, data):
                return Echo(_ttl(ancillary))


def _request(data: bytes) -> bytes:
    """The message; of its identifier the kernel takes care."""
    unsigned = _HEADER.pack(_ECHO_REQUEST, 0, 0, 0, 1) + data
    return _HEADER.pack(_ECHO_REQUEST, 0, _checksum(unsigned), 0, 1) + data


def _checksum(message: bytes) -> int:
    """The ones' complement sum of RFC 1071."""
    padded = message + bytes(len(message) % 2)
    total: int = sum(word for (word,) in struct.iter_unpack("!H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def _is_reply(message: bytes, data: bytes) -> bool:
    """Whether it is the reply with this data; macOS leaves the IP header before it."""
    if message[:1] and message[0] >> 4 == 4:
        message = message[4 * (message[0] & 0xF) :]
    return message[:1] == bytes([_ECHO_REPLY]) and message[_HEADER.size :] == data


Ancillary = Sequence[tuple[int, int, bytes]]


async def _receive(icmp: socket.socket, size: int) -> tuple[bytes, Ancillary, int, object]:
    """What `recvmsg` gives, as soon as there is something."""
    loop = asyncio.get_running_loop()
    while True:
        readable = asyncio.Event()
        loop.add_reader(icmp, readable.set)
        try:
            await readable.wait()
        finally:
            loop.remove_reader(icmp)
        try:
            return icmp.recvmsg(size, 64)
        except BlockingIOError:
            continue


def _ttl(ancillary: Ancillary) -> int | None:
    for level, kind, data in ancillary:
        if level == socket.IPPROTO_IP and kind in (socket.IP_TTL, _IP_RECVTTL):
            return int.from_bytes(data, sys.byteorder)
    return None
