"""An open connection as the module's services see it: bytes out, bytes in, and an end, with TLS or without."""

from typing import Protocol

from emulator.device.ssl.states import ClosedBy
from emulator.net.stream import Stream

RECEIVE_WINDOW = 16384
"""Bytes kept for the reader; while more waits the peer is not read."""


class ChannelReader(Protocol):
    """Is told when there is something to read."""

    def readable(self) -> None:
        """Data has come, or the peer has ended the connection."""

    def writable(self) -> None:
        """`congested` was true and is no longer."""


class Channel(Protocol):
    """Belongs to one reader at a time."""

    @property
    def peer_closed(self) -> bool:
        """Whether the peer will send no more. What is pending can be read."""

    @property
    def ended_by(self) -> ClosedBy:
        """How the peer has ended it: in order, or by a failure or reset."""

    @property
    def pending(self) -> int:
        """Bytes that can be read."""

    @property
    def congested(self) -> bool:
        """Whether the peer takes less than is sent."""

    @property
    def unsent(self) -> int:
        """Bytes that wait to be sent."""

    def set_reader(self, reader: ChannelReader | None) -> None:
        """Tell `reader` from now on."""

    def send(self, *packets: bytes) -> None:
        """Send the packets, each of 16384 bytes at most.

        Raises:
            TlsFailure: the session is not open.
        """

    def read(self, limit: int = -1) -> bytes:
        """Take what has come, at most `limit` bytes of it."""

    def drain(self) -> None:
        """Be `congested` from now on until nothing waits to be sent."""

    def close(self) -> None:
        """End the connection in order."""

    def abort(self) -> None:
        """End it at once, without a word."""


class StreamChannel:
    """What channels have in common: a stream below, a reader above, a peer that is read no faster than they are."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._reader: ChannelReader | None = None
        self._paused = False

    @property
    def congested(self) -> bool:
        """See `Channel`."""
        return self._stream.congested

    @property
    def unsent(self) -> int:
        """See `Channel`; with TLS, sealed bytes."""
        return self._stream.unsent

    def set_reader(self, reader: ChannelReader | None) -> None:
        """See `Channel`."""
        self._reader = reader

    def drain(self) -> None:
        """See `Channel`."""
        self._stream.drain()

    def abort(self) -> None:
        """See `Channel`."""
        self._reader = None
        self._stream.abort()

    def writable(self) -> None:
        """Called by the stream."""
        if self._reader is not None:
            self._reader.writable()

    def _tell_reader(self) -> None:
        if self._reader is not None:
            self._reader.readable()

    def _regulate(self, pending: int) -> None:
        """Let the peer wait while as much as the window holds waits for the reader."""
        full = pending >= RECEIVE_WINDOW
        if full and not self._paused:
            self._paused = True
            self._stream.pause()
        elif not full and self._paused:
            self._paused = False
            self._stream.resume()
