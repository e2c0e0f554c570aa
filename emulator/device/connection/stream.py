"""Carry the bytes of an open connection: out, in, and its end, with TLS or without."""

from abc import ABC, abstractmethod
from typing import Protocol

import msgspec

from emulator.device.connection.states import ClosedBy
from emulator.guard import guarded
from emulator.net.routes import Address
from emulator.net.stream import Stream
from emulator.tls.client import TlsFailure
from emulator.trace.defect import report_defect
from emulator.trace.trace import Trace

RECEIVE_WINDOW = 16384
"""Bytes kept for the reader; while more waits the peer is not read."""


class SocketStreamReader(Protocol):
    """Reads a stream."""

    def readable(self) -> None:
        """Read data that has come, or take the end of the connection."""

    def writable(self) -> None:
        """Send on: the peer is no longer congested."""


class Reading(msgspec.Struct, frozen=True):
    """Result of one read."""

    data: bytes
    source: Address | None
    """The sender."""
    left: int
    """Bytes that can still be read: with UDP, of the same datagram."""


class SocketStream(ABC):
    """One open connection, which belongs to one reader at a time.

    Callbacks of the network and of timers hand to `fail` what they raise.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._reader: SocketStreamReader | None = None
        self._over = False
        self._broken = False
        self.sent = self.received = 0
        """Bytes of data that have passed, either way; with TLS, of plaintext."""
        self.failure: TlsFailure | None = None
        """Why the TLS session has failed; None where it has not."""

    @property
    def peer_closed(self) -> bool:
        """Whether the peer will send no more. What is pending can be read."""
        return self._over

    @property
    def ended_by(self) -> ClosedBy:
        """Return how the peer has ended it: in order, or by a failure or reset."""
        return ClosedBy.FAILURE if self._broken else ClosedBy.PEER

    @property
    @abstractmethod
    def takes_data(self) -> bool:
        """Whether something can still be sent."""

    @property
    @abstractmethod
    def pending(self) -> int:
        """Return how many bytes can be read."""

    @property
    @abstractmethod
    def congested(self) -> bool:
        """Whether the peer takes less than is sent."""

    @property
    @abstractmethod
    def unsent(self) -> int:
        """Return how many bytes wait to be sent; with TLS, sealed bytes."""

    def set_reader(self, reader: SocketStreamReader | None) -> None:
        """Tell `reader` from now on."""
        self._reader = reader

    @abstractmethod
    def send(self, *packets: bytes) -> None:
        """Send the packets, each of 16384 bytes at most.

        Raises:
            TlsFailure: the session is not open.
        """

    @abstractmethod
    def read(self, limit: int = -1) -> bytes:
        """Take what has come, at most `limit` bytes of it."""

    @abstractmethod
    def receive(self, limit: int) -> Reading:
        """Take at most `limit` bytes, with their sender and what is left."""

    @abstractmethod
    def drain(self) -> None:
        """Be `congested` from now on until nothing waits to be sent."""

    @abstractmethod
    def close(self) -> None:
        """End the connection in order, and forget the reader."""

    @abstractmethod
    def abort(self) -> None:
        """End the connection at once, and forget the reader."""

    def fail(self, error: Exception) -> None:
        """Break the connection because of a defect of the emulator."""
        report_defect(self._trace, "a connection", error)
        reader, self._over, self._broken = self._reader, True, True
        self.abort()
        try:
            if reader is not None:
                reader.readable()
        except Exception as another:
            report_defect(self._trace, "the end of a connection", another)

    def _tell_reader(self) -> None:
        if self._reader is not None:
            self._reader.readable()


class TcpSocketStream(SocketStream):
    """Base of the streams over TCP: the peer is read no faster than the reader reads."""

    def __init__(self, tcp: Stream, trace: Trace) -> None:
        super().__init__(trace)
        self._tcp = tcp
        self._paused = False

    @property
    def congested(self) -> bool:
        return self._tcp.congested

    @property
    def unsent(self) -> int:
        return self._tcp.unsent

    def drain(self) -> None:
        self._tcp.drain()

    def abort(self) -> None:
        self._reader = None
        self._tcp.abort()

    @guarded
    def data_received(self, data: bytes) -> None:
        """Take data from the TCP stream."""
        if not self.peer_closed:
            self._take_in(data)

    @guarded
    def ended(self, error: Exception | None) -> None:
        """Take the end of the TCP stream."""
        if not self.peer_closed:
            self._broken = error is not None
            self._take_end()

    @guarded
    def writable(self) -> None:
        """Let the reader send on: the TCP stream is no longer congested."""
        if self._reader is not None:
            self._reader.writable()

    def broken(self, error: Exception) -> None:
        """Ignore what breaks after the end of the peer: that has been told."""

    @abstractmethod
    def _take_in(self, data: bytes) -> None:
        """Take data of the peer."""

    @abstractmethod
    def _take_end(self) -> None:
        """Take the end of the peer's data."""

    def _regulate(self, pending: int) -> None:
        """Let the peer wait while as much as the window holds waits for the reader."""
        full = pending >= RECEIVE_WINDOW
        if full and not self._paused:
            self._paused = True
            self._tcp.pause()
        elif not full and self._paused:
            self._paused = False
            self._tcp.resume()
