"""Carry bytes over TCP without TLS."""

from emulator.device.connection.stream import Reading, TcpSocketStream
from emulator.net.routes import Address
from emulator.net.stream import Stream
from emulator.trace.trace import Trace


class PlainStream(TcpSocketStream):
    """Reads the TCP stream from construction until it is released, closed or aborted."""

    takes_data = True

    def __init__(self, tcp: Stream, trace: Trace, peer: Address | None = None) -> None:
        """`peer` is the sender that each reading names."""
        super().__init__(tcp, trace)
        self._received = bytearray()
        self._peer = peer
        tcp.attach(self)

    def __repr__(self) -> str:
        return f"<PlainStream {'ended' if self.peer_closed else 'open'}, {self.pending} bytes to read>"

    @property
    def pending(self) -> int:
        return len(self._received)

    def release(self) -> Stream:
        """Hand over the TCP stream."""
        self._reader = None
        return self._tcp

    def send(self, *packets: bytes) -> None:
        """See `SocketStream`; never fails."""
        for packet in packets:
            self.sent += len(packet)
            self._tcp.write(packet)

    def read(self, limit: int = -1) -> bytes:
        taken = len(self._received) if limit < 0 else limit
        data = bytes(self._received[:taken])
        del self._received[:taken]
        self._regulate(self.pending)
        return data

    def receive(self, limit: int) -> Reading:
        return Reading(self.read(limit), self._peer, self.pending)

    def close(self) -> None:
        self._reader = None
        self._tcp.close()

    def _take_in(self, data: bytes) -> None:
        self.received += len(data)
        self._received += data
        self._regulate(self.pending)
        self._tell_reader()

    def _take_end(self) -> None:
        self._over = True
        self._tell_reader()
