"""The stack: packets of one host in, events out, and packets for the host out."""

from collections.abc import Iterator

import msgspec

from emulator.ip import icmp
from emulator.ip.addresses import is_a_host
from emulator.ip.icmp import EchoRequest, Unreachable
from emulator.ip.packet import HEADER, ICMP, TCP, UDP, Malformed, Packet
from emulator.ip.reassembly import Reassembly
from emulator.ip.tcp.changes import TcpChange
from emulator.ip.tcp.connection import TcpConnection
from emulator.ip.tcp.segment import ACK, RST, SYN, Segment
from emulator.ip.tcp.states import TcpState
from emulator.ip.udp import Datagram

MTU = 1500
"""Bytes of the largest packet, unless the link takes less."""
LEAST_MTU = 128
MOST_CONNECTIONS = 256
"""TCP connections at a time; the SYN of one more is not answered."""
_TCP_HEADER = 20
_SEQUENCE_RATE = 250_000
"""Initial sequence numbers are a clock that counts every 4 microseconds (RFC 9293 3.4.1)."""


class TcpRequested(msgspec.Struct, frozen=True):
    """The host wants a connection to a peer: `accept`, `refuse` or `forget` it."""

    connection: TcpConnection
    packet: Packet
    """Its SYN."""


class TcpChanged(msgspec.Struct, frozen=True):
    """Something has happened to a connection."""

    connection: TcpConnection
    change: TcpChange


class DatagramReceived(msgspec.Struct, frozen=True):
    """The host has sent a datagram."""

    datagram: Datagram
    packet: Packet


class EchoRequested(msgspec.Struct, frozen=True):
    """The host has sent an echo request to somebody else than the stack itself."""

    request: EchoRequest
    packet: Packet


StackEvent = TcpRequested | TcpChanged | DatagramReceived | EchoRequested

_Key = tuple[int, str, int]
"""Port of the host, address and port of the peer."""


class IpStack:
    """Stands for every host of the network, and for the router between them and the host."""

    def __init__(self, address: str, host: str, mtu: int = MTU) -> None:
        """Begin without a connection.

        Args:
            address: the router's own.
            host: the address of the host: what comes from another one is dropped.
            mtu: the largest packet that the link takes.
        """
        self.address = address
        self.host = host
        self._mtu = max(mtu, LEAST_MTU)
        self._connections: dict[_Key, TcpConnection] = {}
        self._touched: dict[TcpConnection, None] = {}
        """Connections that may have something to say."""
        self._reassembly = Reassembly()
        self._events: list[StackEvent] = []
        self._output: list[bytes] = []
        self._identification = 0
        self._opened = 0
        self.paused = False
        """Whether the line to the host is full, so that no data goes; see `resume`."""

    def __repr__(self) -> str:
        return f"<IpStack for {self.host}, {len(self._connections)} connections>"

    @property
    def connections(self) -> tuple[TcpConnection, ...]:
        """Return the connections, also those that are about to be forgotten."""
        return tuple(self._connections.values())

    # What the host sends.

    def receive(self, data: bytes, now: float) -> None:
        """Take a packet of the host; what is none, or may not be forwarded, is dropped."""
        try:
            packet = Packet.parse(data)
            if packet.source != self.host or not is_a_host(packet.target):
                return
            if packet.ttl <= 1 and packet.target != self.address:
                self._send_error(packet, icmp.time_exceeded(packet))
                return
            whole = self._reassembly.add(packet, now) if packet.is_fragment else packet
            if whole is not None:
                self._take(whole, now)
        except Malformed:
            return

    def _take(self, packet: Packet, now: float) -> None:
        if packet.protocol == TCP:
            self._take_segment(packet, Segment.parse(packet), now)
        elif packet.protocol == UDP:
            self._events.append(DatagramReceived(Datagram.parse(packet), packet))
        elif packet.protocol == ICMP:
            self._take_icmp(packet)
        else:
            self.send_unreachable(packet, Unreachable.PROTOCOL)

    def _take_icmp(self, packet: Packet) -> None:
        request = icmp.parse_echo(packet)
        if request is None:
            return
        if packet.target == self.address:
            self.send_echo_reply(request, packet)
        else:
            self._events.append(EchoRequested(request, packet))

    def _take_segment(self, packet: Packet, segment: Segment, now: float) -> None:
        key = (segment.source_port, packet.target, segment.target_port)
        connection = self._connections.get(key)
        if connection is not None and connection.is_replaced_by(segment):
            self._replace(connection)
            connection = None
        if connection is not None:
            connection.receive(segment, now)
            self._touched[connection] = None
        elif segment.flags & (SYN | ACK | RST) == SYN:
            self._open(key, packet, segment, now)
        elif not segment.flags & RST:
            self._send_tcp(packet.target, _reset(segment))

    def _replace(self, connection: TcpConnection) -> None:
        """Forget a connection that the host does not know any more."""
        was_requested = connection.state is TcpState.REQUESTED
        connection.forget()
        self._remove(connection)
        if was_requested:
            self._events.append(TcpChanged(connection, TcpChange.RESET))

    def _open(self, key: _Key, packet: Packet, segment: Segment, now: float) -> None:
        if len(self._connections) >= MOST_CONNECTIONS and not self._make_room():
            return
        self._opened += 1
        first = (int(now * _SEQUENCE_RATE) + (self._opened << 16)) % 2**32
        largest = self._mtu - HEADER - _TCP_HEADER
        connection = TcpConnection(segment, packet.target, largest, first, self._note_change)
        self._connections[key] = connection
        self._events.append(TcpRequested(connection, packet))

    def _note_change(self, connection: TcpConnection, change: TcpChange) -> None:
        self._events.append(TcpChanged(connection, change))

    def _make_room(self) -> bool:
        """Forget the oldest connection that only waits for repeated segments; return whether there is one."""
        waiting = (one for one in self._connections.values() if one.state is TcpState.TIME_WAIT)
        oldest = next(waiting, None)
        if oldest is not None:
            oldest.forget()
            self._remove(oldest)
        return oldest is not None

    # What goes to the host.

    def touch(self, connection: TcpConnection) -> None:
        """Let a connection say what it has to, at the next `take_output`: it was accepted, sent to, read or ended."""
        self._touched[connection] = None

    def send_datagram(self, source: str, datagram: Datagram) -> None:
        """Send a datagram of a peer to the host."""
        self._send(source, UDP, datagram.packed(source, self.host))

    def send_echo_reply(self, request: EchoRequest, packet: Packet, ttl: int = 64) -> None:
        """Answer an echo request, as the host that it was sent to."""
        self._send(packet.target, ICMP, icmp.echo_reply(request), ttl)

    def send_unreachable(self, packet: Packet, why: Unreachable) -> None:
        """Tell the host that a packet has not reached its target."""
        self._send_error(packet, icmp.unreachable(packet, why))

    def take_output(self, now: float) -> list[bytes]:
        """Return the packets for the host."""
        touched, self._touched = self._touched, {}
        for connection in touched:
            for segment in connection.take_segments(now, paused=self.paused):
                self._send_tcp(connection.peer, segment)
            if connection.state is TcpState.CLOSED:
                self._remove(connection)
        output, self._output = self._output, []
        return output

    def take_events(self) -> list[StackEvent]:
        """Return what has happened since the last call."""
        events, self._events = self._events, []
        return events

    def resume(self) -> None:
        """Send data again: the line has room."""
        self.paused = False
        for connection in self._connections.values():
            connection.restart_timer()
            self._touched[connection] = None

    def _send_error(self, packet: Packet, message: bytes) -> None:
        """Send an ICMP error about a packet, if one may be sent about it (RFC 1122 3.2.2)."""
        if packet.offset == 0 and icmp.may_be_answered(packet):
            self._send(self.address, ICMP, message)

    def _send_tcp(self, peer: str, segment: Segment) -> None:
        self._send(peer, TCP, segment.packed(peer, self.host))

    def _send(self, source: str, protocol: int, payload: bytes, ttl: int = 64) -> None:
        self._identification = (self._identification + 1) % 2**16
        packet = Packet(source, self.host, protocol, payload, ttl, self._identification)
        self._output += packet.fragments(self._mtu)

    def _remove(self, connection: TcpConnection) -> None:
        key = (connection.request.source_port, connection.peer, connection.peer_port)
        if self._connections.get(key) is connection:
            del self._connections[key]
        self._touched.pop(connection, None)

    # Time.

    def deadline(self) -> float | None:
        """Return when `expire` wants to be called; None for never."""
        return min(self._deadlines(), default=None)

    def _deadlines(self) -> Iterator[float]:
        for connection in self._connections.values():
            if connection.deadline is not None:
                yield connection.deadline

    def expire(self, now: float) -> None:
        """Let the connections do what is due."""
        for connection in tuple(self._connections.values()):
            if connection.deadline is not None and connection.deadline <= now:
                connection.expire(now, paused=self.paused)
                self._touched[connection] = None


def _reset(segment: Segment) -> Segment:
    """Return the answer to a segment of no connection (RFC 9293 3.10.7.1)."""
    ports = segment.target_port, segment.source_port
    if segment.flags & ACK:
        return Segment(*ports, segment.acknowledgement, 0, RST, 0)
    return Segment(*ports, 0, (segment.sequence + segment.length) % 2**32, RST | ACK, 0)
