"""Captures the module's TCP traffic as it would pass at the module's end of the packet data connection.

The module has the address of its PDP context. The peer has the address and the port that were dialled, whatever route
led elsewhere, so that an analyser knows the protocol by its port and a filter finds what the host asked for; a name is
shown as the address that it led to. Where that differs from what was dialled, a comment of the SYN says both.
"""

import ipaddress
import itertools

from emulator.clock import Clock
from emulator.trace.conversation import TcpConversation
from emulator.trace.events import Direction
from emulator.trace.packets import Endpoint
from emulator.trace.pcapng import PacketWriter

_IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_PORTS = range(49152, 65536)
"""The module takes one for each dial (RFC 6335 6): the machine's own would be known too late."""


class Capture:
    """Implement `Tap`: write packets with the time of `clock`."""

    def __init__(self, file: PacketWriter, clock: Clock, address: str) -> None:
        """Take the module's own IPv4 address."""
        self._file = file
        self._clock = clock
        self._address = ipaddress.IPv4Address(address)
        self._ports = itertools.cycle(_PORTS)

    def __repr__(self) -> str:
        return f"<Capture {self._file!r}>"

    def dialling(self, dialled: tuple[str, int], connected: tuple[str, int]) -> TcpConversation:
        """See `Tap`."""
        host, port = dialled
        peer = Endpoint(_address_of(host) or ipaddress.ip_address(connected[0]), port)
        comment = "" if dialled == connected else f"{host}:{port} by way of {connected[0]}:{connected[1]}"
        return self._begin(next(self._ports), peer, "sent", comment)

    def packet(self, direction: Direction, packet: bytes) -> None:
        """See `Tap`; the packet has its addresses and ports already."""
        self._write(packet, direction, "")

    def answering(self, caller: tuple[str, int], port: int) -> TcpConversation:
        """See `Tap`."""
        return self._begin(port, Endpoint(ipaddress.ip_address(caller[0]), caller[1]), "received")

    def _begin(self, port: int, peer: Endpoint, caller: Direction, comment: str = "") -> TcpConversation:
        device = Endpoint(self._own_address(peer), port)
        first = self._first_number()
        return TcpConversation(device, peer, caller=caller, first=first, write=self._write, comment=comment)

    def _write(self, packet: bytes, direction: Direction, comment: str) -> None:
        self._file.write(packet, self._clock.utc(), direction, comment)

    def _own_address(self, peer: Endpoint) -> _IpAddress:
        """Return the module's address; IPv4-mapped for an IPv6 peer, since the module has no other."""
        if peer.address.version == 4:
            return self._address
        return ipaddress.IPv6Address(f"::ffff:{self._address}")

    def _first_number(self) -> int:
        """Return the initial sequence number: a clock that counts every 4 microseconds (RFC 9293 3.4.1)."""
        return int(self._clock.utc().timestamp() * 250_000) % 2**32


def _address_of(host: str) -> _IpAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
