"""A UDP socket as a channel: what is sent together goes as one datagram, and no read crosses the end of one."""

from collections import deque
from collections.abc import Callable

from emulator.device.connection.channel import RECEIVE_WINDOW, ChannelReader
from emulator.device.ssl.states import ClosedBy
from emulator.net.datagrams import Datagrams
from emulator.net.routes import Address


class DatagramChannel:
    """Never ends by itself: UDP knows no end."""

    peer_closed = False
    ended_by = ClosedBy.PEER
    congested = False
    unsent = 0

    def __init__(
        self, datagrams: Datagrams, peer: Address | None = None, admits: Callable[[str], bool] = lambda address: True
    ) -> None:
        """Without a `peer` it hears whoever `admits` does not shut out, and answers the last of them that was read."""
        self._datagrams = datagrams
        self._admits = admits
        self._peer = peer
        self._waiting: deque[tuple[bytes, Address]] = deque()
        self._reader: ChannelReader | None = None
        self.source = peer
        """Where what was read last has come from."""
        self.pending = 0
        self.sent = self.received = 0
        """Bytes that have passed, either way."""
        datagrams.attach(self)

    def __repr__(self) -> str:
        return f"<DatagramChannel with {self.source}, {len(self._waiting)} datagrams wait>"

    @property
    def address(self) -> Address:
        """This end, on the machine that the emulator runs on."""
        return self._datagrams.address

    @property
    def left(self) -> int:
        """Bytes of the datagram at hand that can still be read."""
        return len(self._waiting[0][0]) if self._waiting else 0

    @property
    def next_source(self) -> Address | None:
        """Where the datagram at hand comes from."""
        return self._waiting[0][1] if self._waiting else self.source

    def set_reader(self, reader: ChannelReader | None) -> None:
        """See `Channel`."""
        self._reader = reader

    def send(self, *packets: bytes) -> None:
        """See `Channel`; never fails, as nobody says what becomes of a datagram."""
        for packet in packets:
            self.sent += len(packet)
            self._datagrams.send(packet, None if self._peer else self.source or self.next_source)

    def read(self, limit: int = -1) -> bytes:
        """See `Channel`; of one datagram only."""
        if not self._waiting:
            return b""
        datagram, self.source = self._waiting.popleft()
        data, rest = (datagram, b"") if limit < 0 else (datagram[:limit], datagram[limit:])
        if rest:
            self._waiting.appendleft((rest, self.source))
        self.pending -= len(data)
        return data

    def forget(self) -> None:
        """Drop what waits."""
        self._waiting.clear()
        self.pending = 0

    def drain(self) -> None:
        """See `Channel`; nothing ever waits."""

    def close(self) -> None:
        """See `Channel`."""
        self._reader = None
        self._datagrams.close()

    abort = close

    def datagram_received(self, data: bytes, source: Address) -> None:
        """Called by the socket; what comes while too much waits is lost."""
        if not data or self.pending + len(data) > RECEIVE_WINDOW or not self._admits(source[0]):
            return
        self.received += len(data)
        self.pending += len(data)
        self._waiting.append((data, source))
        if self._reader is not None:
            self._reader.readable()
