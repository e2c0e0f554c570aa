"""A TCP stream without TLS, as a channel."""

from emulator.bearer.stream import Stream
from emulator.module.channel import RECEIVE_WINDOW, ChannelReader
from emulator.module.life_cycle import ClosedBy


class PlainChannel:
    """Reads the stream from construction until it is released, closed or aborted."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._received = bytearray()
        self._paused = False
        self._reader: ChannelReader | None = None
        self.peer_closed = False
        self.ended_by = ClosedBy.PEER
        stream.attach(self)

    def __repr__(self) -> str:
        return f"<PlainChannel {'ended' if self.peer_closed else 'open'}, {self.pending} bytes to read>"

    @property
    def pending(self) -> int:
        """See `Channel`."""
        return len(self._received)

    @property
    def congested(self) -> bool:
        """See `Channel`."""
        return self._stream.congested

    @property
    def unsent(self) -> int:
        """See `Channel`."""
        return self._stream.unsent

    def release(self) -> Stream:
        """Give the stream to somebody else."""
        self._reader = None
        return self._stream

    def set_reader(self, reader: ChannelReader | None) -> None:
        """See `Channel`."""
        self._reader = reader

    def send(self, *packets: bytes) -> None:
        """See `Channel`; never fails."""
        for packet in packets:
            self._stream.write(packet)

    def read(self, limit: int = -1) -> bytes:
        """See `Channel`."""
        taken = len(self._received) if limit < 0 else limit
        data = bytes(self._received[:taken])
        del self._received[:taken]
        if self._paused and len(self._received) < RECEIVE_WINDOW:
            self._paused = False
            self._stream.resume()
        return data

    def drain(self) -> None:
        """See `Channel`."""
        self._stream.drain()

    def close(self) -> None:
        """See `Channel`."""
        self._reader = None
        self._stream.close()

    def abort(self) -> None:
        """See `Channel`."""
        self._reader = None
        self._stream.abort()

    def data_received(self, data: bytes) -> None:
        """Called by the stream."""
        self._received += data
        if len(self._received) >= RECEIVE_WINDOW and not self._paused:
            self._paused = True
            self._stream.pause()
        if self._reader is not None:
            self._reader.readable()

    def ended(self, error: Exception | None) -> None:
        """Called by the stream."""
        self.peer_closed = True
        if error is not None:
            self.ended_by = ClosedBy.FAILURE
        if self._reader is not None:
            self._reader.readable()

    def writable(self) -> None:
        """Called by the stream."""
        if self._reader is not None:
            self._reader.writable()
