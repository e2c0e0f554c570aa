"""An open connection as the device's services see it: bytes out, bytes in, and an end, with TLS or without."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol

from emulator.device.connection.states import ClosedBy
from emulator.net.routes import Address
from emulator.net.stream import Stream
from emulator.trace.defect import report_defect
from emulator.trace.events import Trace

RECEIVE_WINDOW = 16384
"""Bytes kept for the reader; while more waits the peer is not read."""


class SocketStreamReader(Protocol):
    """Is told when there is something to read."""

    def readable(self) -> None:
        """Data has come, or the peer has ended the connection."""

    def writable(self) -> None:
        """`congested` was true and is no longer."""


@dataclass(frozen=True)
class Reading:
    """Result of one read."""

    data: bytes
    source: Address | None
    """Who has sent it."""
    left: int
    """Bytes that can still be read: with UDP, of the same datagram."""


class SocketStream(Protocol):
    """Belongs to one reader at a time."""

    @property
    def peer_closed(self) -> bool:
        """Whether the peer will send no more. What is pending can be read."""

    @property
    def ended_by(self) -> ClosedBy:
        """How the peer has ended it: in order, or by a failure or reset."""

    @property
    def takes_data(self) -> bool:
        """Whether something can still be sent."""

    @property
    def pending(self) -> int:
        """Bytes that can be read."""

    @property
    def congested(self) -> bool:
        """Whether the peer takes less than is sent."""

    @property
    def unsent(self) -> int:
        """Bytes that wait to be sent."""

    def set_reader(self, reader: SocketStreamReader | None) -> None:
        """Tell `reader` from now on."""

    def send(self, *packets: bytes) -> None:
        """Send the packets, each of 16384 bytes at most.

        Raises:
            TlsFailure: the session is not open.
        """

    def read(self, limit: int = -1) -> bytes:
        """Take what has come, at most `limit` bytes of it."""

    def receive(self, limit: int) -> Reading:
        """Take at most `limit` bytes, and tell who has sent them and what is left."""

    def drain(self) -> None:
        """Be `congested` from now on until nothing waits to be sent."""

    def close(self) -> None:
        """End the connection in order."""

    def abort(self) -> None:
        """End it at once, without a word."""


class ReadStream(ABC):
    """Base of every stream: its one reader, and its end when the emulator itself fails.

    Callbacks of the network come from the event loop, which would only log an exception. Each of them hands what it
    catches to `_fail`.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._reader: SocketStreamReader | None = None
        self._over = False
        self._broken = False

    @property
    def peer_closed(self) -> bool:
        return self._over

    @property
    def ended_by(self) -> ClosedBy:
        return ClosedBy.FAILURE if self._broken else ClosedBy.PEER

    def set_reader(self, reader: SocketStreamReader | None) -> None:
        self._reader = reader

    @abstractmethod
    def abort(self) -> None:
        """See `SocketStream`; forgets the reader."""

    def _tell_reader(self) -> None:
        if self._reader is not None:
            self._reader.readable()

    def _fail(self, error: Exception) -> None:
        """Break the connection because of a defect of the emulator."""
        report_defect(self._trace, "a connection", error)
        reader, self._over, self._broken = self._reader, True, True
        self.abort()
        try:
            if reader is not None:
                reader.readable()
        except Exception as another:
            report_defect(self._trace, "the end of a connection", another)


class TcpSocketStream(ReadStream):
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
        """See `SocketStream`; with TLS, sealed bytes."""
        return self._tcp.unsent

    def drain(self) -> None:
        self._tcp.drain()

    def abort(self) -> None:
        self._reader = None
        self._tcp.abort()

    def data_received(self, data: bytes) -> None:
        """Called by the TCP stream."""
        try:
            if not self.peer_closed:
                self._take_in(data)
        except Exception as error:
            self._fail(error)

    def ended(self, error: Exception | None) -> None:
        """Called by the TCP stream."""
        try:
            if not self.peer_closed:
                self._broken = error is not None
                self._take_end()
        except Exception as defect:
            self._fail(defect)

    def writable(self) -> None:
        """Called by the TCP stream."""
        try:
            if self._reader is not None:
                self._reader.writable()
        except Exception as error:
            self._fail(error)

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
