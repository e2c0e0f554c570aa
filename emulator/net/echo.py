"""ICMP echo requests (RFC 792) over unprivileged datagram sockets."""

import asyncio
import os
import socket
import struct
import sys
from collections.abc import Sequence

import msgspec

from emulator.ip.checksum import checksum

_HEADER = struct.Struct("!BBHHH")
_ECHO_REPLY, _ECHO_REQUEST = 0, 8
_IP_RECVTTL = 12 if sys.platform == "linux" else 24
"""Not among the constants of Python's socket module."""


class Echo(msgspec.Struct, frozen=True):
    """An echo reply."""

    ttl: int | None = None
    """The time to live of the reply; None where the machine does not report it."""


async def request_echo(address: str, *, size: int, ttl: int) -> Echo:
    """Send one echo request and wait for its reply.

    Args:
        address: an IPv4 address.
        size: bytes of data, at least 8.
        ttl: the time to live of the request, 1 to 255.

    Raises:
        PermissionError: the machine does not allow users to send one.
        OSError: it cannot be sent, or a router reports that it cannot arrive.
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
    """Build the message; the kernel sets the identifier."""
    unsigned = _HEADER.pack(_ECHO_REQUEST, 0, 0, 0, 1) + data
    return _HEADER.pack(_ECHO_REQUEST, 0, checksum(unsigned), 0, 1) + data


def _is_reply(message: bytes, data: bytes) -> bool:
    """Return whether `message` is the reply with this data; macOS leaves the IP header in front."""
    if message[:1] and message[0] >> 4 == 4:
        message = message[4 * (message[0] & 0xF) :]
    return message[:1] == bytes([_ECHO_REPLY]) and message[_HEADER.size :] == data


Ancillary = Sequence[tuple[int, int, bytes]]


async def _receive(icmp: socket.socket, size: int) -> tuple[bytes, Ancillary, int, object]:
    """Wait until `recvmsg` returns something."""
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
