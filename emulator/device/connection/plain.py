"""A TCP stream without TLS, as a channel."""

from emulator.device.connection.channel import StreamChannel
from emulator.device.ssl.states import ClosedBy
from emulator.net.stream import Stream


class PlainChannel(StreamChannel):
    """Reads the stream from construction until it is released, closed or aborted."""

    def __init__(self, stream: Stream) -> None:
        super().__init__(stream)
        self._received = bytearray()
        self.sent = self.received = 0
        """Bytes that have passed, either way."""
        self.peer_closed = False
        self.ended_by = ClosedBy.PEER
        stream.attach(self)

    def __repr__(self) -> str:
        return f"<PlainChannel {'ended' if self.peer_closed else 'open'}, {self.pending} bytes to read>"

    @property
    def pending(self) -> int:
        """See `Channel`."""
        return len(self._received)

    def release(self) -> Stream:
        """Give the stream to somebody else."""
        self._reader = None
        return self._stream

    def send(self, *packets: bytes) -> None:
        """See `Channel`; never fails."""
        for packet in packets:
            self.sent += len(packet)
            self._stream.write(packet)

    def read(self, limit: int = -1) -> bytes:
        """See `Channel`."""
        taken = len(self._received) if limit < 0 else limit
        data = bytes(self._received[:taken])
        del self._received[:taken]
        self._regulate(self.pending)
        return data

    def close(self) -> None:
        """See `Channel`."""
        self._reader = None
        self._stream.close()

    def data_received(self, data: bytes) -> None:
        """Called by the stream."""
        self.received += len(data)
        self._received += data
        self._regulate(self.pending)
        self._tell_reader()

    def ended(self, error: Exception | None) -> None:
        """Called by the stream."""
        self.peer_closed = True
        if error is not None:
            self.ended_by = ClosedBy.FAILURE
        self._tell_reader()
