"""A host of a few packets at a gateway, in a module that runs on a manual clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from emulator.device.data_call.gateway import Gateway
from emulator.ip.packet import TCP, UDP, Packet
from emulator.ip.tcp.segment import ACK, PSH, SYN, Segment
from emulator.ip.udp import Datagram
from emulator.testing import Bench
from tests.commands.peer import eventually
from tests.device.data_call.gateways import ROUTER, SERVER
from tests.ip.wire import HOST, ICMP, read

START = 5000


class PacketHost:
    """Its one TCP connection is from port 1024; UDP from any."""

    def __init__(self, bench: Bench) -> None:
        self.packets: list[bytes] = []
        device = bench.modem.device
        self.gateway = Gateway(HOST, ROUTER, self.packets.append, device.profile, device.environment)
        self._sent = START

    async def open(self, port: int = 80) -> None:
        """Connect to the server."""
        self.send(SYN, port=port)
        await eventually(lambda: self.segments, "the connection is there")
        self._sent += 1
        self.send(ACK, port=port)

    def say(self, data: bytes, port: int = 80) -> None:
        """Send data."""
        self.send(ACK | PSH, data, port=port)
        self._sent += len(data)

    def send(self, flags: int, data: bytes = b"", *, port: int = 80) -> None:
        """Send a segment that acknowledges all that has come."""
        heard = self.segments
        seen = (heard[-1].sequence + heard[-1].length) % 2**32 if heard and flags & ACK else 0
        segment = Segment(1024, port, self._sent, seen, flags, 65535, data)
        self.gateway.receive(Packet(HOST, SERVER, TCP, segment.packed(HOST, SERVER)).packed())

    def send_datagram(self, data: bytes, port: int = 123, *, host_port: int = 2000, target: str = SERVER) -> None:
        packed = Datagram(host_port, port, data).packed(HOST, target)
        self.gateway.receive(Packet(HOST, target, UDP, packed).packed())

    @property
    def segments(self) -> list[Segment]:
        """All that have come."""
        return [Segment.parse(packet) for packet in self._parsed(TCP)]

    @property
    def flags(self) -> list[int]:
        return [segment.flags for segment in self.segments]

    @property
    def heard(self) -> bytes:
        return b"".join(segment.data for segment in self.segments)

    @property
    def datagrams(self) -> list[Datagram]:
        return [Datagram.parse(packet) for packet in self._parsed(UDP)]

    @property
    def errors(self) -> list[tuple[int, int]]:
        """Type and code of each ICMP message."""
        return [(message.type, message.code) for packet in self.packets if (message := read(packet).getlayer(ICMP))]

    def _parsed(self, protocol: int) -> list[Packet]:
        return [packet for packet in map(Packet.parse, self.packets) if packet.protocol == protocol]


@asynccontextmanager
async def packet_host(*, port: int | None = None, **options: Any) -> AsyncIterator[tuple[Bench, PacketHost]]:
    """A module, and a host at a gateway of it; SERVER leads to `port` of loopback."""
    routes = {SERVER: f"127.0.0.1:{port}"} if port is not None else {}
    async with Bench("HE910", **{"routes": routes, **options}) as bench:
        host = PacketHost(bench)
        yield bench, host
        host.gateway.close()
        await asyncio.sleep(0)
