"""Carry datagrams as a stream: each packet goes as one datagram, and no read crosses the end of one."""

from collections import deque
from collections.abc import Callable

from emulator.device.connection.stream import RECEIVE_WINDOW, Reading, SocketStream
from emulator.guard import guarded
from emulator.net.datagrams import UdpSocket
from emulator.net.routes import Address
from emulator.trace.trace import Trace

_SENDERS = 64
"""Senders that are remembered, so that they can be answered."""


class DatagramStream(SocketStream):
    """Never ends by itself: UDP knows no end."""

    takes_data = True
    congested = False
    unsent = pending = 0

    def __init__(
        self,
        datagrams: UdpSocket,
        trace: Trace,
        peer: Address | None = None,
        admits: Callable[[str], bool] = lambda address: True,
    ) -> None:
        """Name `peer` as the sender of all, whatever route leads to it.

        Without one, hear every sender that `admits` accepts, and answer the one that was read last.
        """
        super().__init__(trace)
        self._datagrams = datagrams
        self._admits = admits
        self._peer = peer
        self._waiting: deque[tuple[bytes, Address]] = deque()
        self._heard: deque[Address] = deque(maxlen=_SENDERS)
        self._closed = False
        self._others: dict[Address, UdpSocket] = {}
        self._names: dict[Address, Address] = {}
        """By the address of another peer after routing: the one that it is called by."""
        self.source = peer
        """The sender of what was read last."""
        datagrams.attach(self)

    def __repr__(self) -> str:
        return f"<DatagramStream with {self.source}, {len(self._waiting)} datagrams wait>"

    @property
    def address(self) -> Address:
        """Return the local address on the machine that the emulator runs on."""
        return self._datagrams.address

    @property
    def next_source(self) -> Address | None:
        """Return the sender of the datagram at hand."""
        return self._waiting[0][1] if self._waiting else self.source

    def send(self, *packets: bytes) -> None:
        """See `SocketStream`; never fails, for UDP confirms nothing."""
        for packet in packets:
            if peer := self._peer or self.source or self.next_source:
                self.send_to(peer, packet)

    # Other peers.

    def reaches(self, peer: Address) -> bool:
        """Return whether `send_to` knows a way: it is the peer, one that has sent something, or one that was joined."""
        return peer == self._peer or peer in self._others or (self._peer is None and peer in self._heard)

    def join(self, peer: Address, datagrams: UdpSocket) -> None:
        """Know one more peer from now on, by a socket of its own; a stream that is closed closes it."""
        if self._closed:
            datagrams.close()
        self._others[peer] = datagrams
        self._names[datagrams.remote_address, datagrams.remote_port] = peer
        datagrams.attach(self)

    def send_to(self, peer: Address, packet: bytes) -> None:
        """Send one datagram to a peer that has been joined, or else by the socket of the stream."""
        self.sent += len(packet)
        if peer in self._others:
            self._others[peer].send(packet)
        else:
            self._datagrams.send(packet, None if self._peer else peer)

    def read(self, limit: int = -1) -> bytes:
        """See `SocketStream`; of one datagram only."""
        if not self._waiting:
            return b""
        datagram, self.source = self._waiting.popleft()
        data, rest = (datagram, b"") if limit < 0 else (datagram[:limit], datagram[limit:])
        if rest:
            self._waiting.appendleft((rest, self.source))
        self.pending -= len(data)
        return data

    def receive(self, limit: int) -> Reading:
        source, size = self.next_source, len(self._waiting[0][0]) if self._waiting else 0
        data = self.read(limit)
        return Reading(data, source, size - len(data))

    def forget(self) -> None:
        """Drop what waits."""
        self._waiting.clear()
        self.received -= self.pending
        self.pending = 0

    def drain(self) -> None:
        """See `SocketStream`; nothing ever waits."""

    def abort(self) -> None:
        self._reader = None
        self._closed = True
        for datagrams in (self._datagrams, *self._others.values()):
            datagrams.close()

    close = abort

    def refused(self) -> None:
        """Ignore that the peer has no such port: the module does not report it."""

    @guarded
    def datagram_received(self, data: bytes, source: Address) -> None:
        """Take a datagram; drop it while too much waits."""
        if not data or self.pending + len(data) > RECEIVE_WINDOW or not self._admits(source[0]):
            return
        self.received += len(data)
        self.pending += len(data)
        named = self._names.get(source) or self._peer or source
        self._heard.append(named)
        self._waiting.append((data, named))
        self._tell_reader()
