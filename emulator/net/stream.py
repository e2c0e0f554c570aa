"""A TCP connection of the module: callbacks in, writes out, with back-pressure both ways."""

import asyncio
import socket
import struct
from typing import Protocol, cast

from emulator.guard import guarded
from emulator.net.closing import DRAIN, LINGER, Closings
from emulator.net.tap import ConnectionTap
from emulator.net.traffic import Counter, uncounted
from emulator.trace.defect import report_defect
from emulator.trace.trace import Trace

_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER value that makes a close send RST."""


class StreamOwner(Protocol):
    """Receives the events of a stream."""

    def data_received(self, data: bytes) -> None:
        """Take data from the peer."""

    def ended(self, error: Exception | None) -> None:
        """Take the end of the peer's data: in order (None), or by an error. Called once."""

    def writable(self) -> None:
        """Send on: the stream is no longer congested."""

    def broken(self, error: Exception) -> None:
        """Take the loss of a connection whose peer had ended its data before: nothing can be sent any more."""


class Stream(Protocol):
    """An open connection."""

    @property
    def local_address(self) -> str:
        """Return the local IP address."""

    @property
    def local_port(self) -> int:
        """Return the local port."""

    @property
    def remote_address(self) -> str:
        """Return the IP address of the peer, after routing."""

    @property
    def congested(self) -> bool:
        """Whether the send buffer is over its limit."""

    @property
    def unsent(self) -> int:
        """Return how many bytes are in the send buffer."""

    def drain(self) -> None:
        """Be `congested` from now on until the send buffer is empty."""

    def attach(self, owner: StreamOwner) -> None:
        """Deliver to `owner` from now on, beginning with what has come already."""

    def count_by(self, counter: Counter) -> None:
        """Report to `counter` how many bytes pass, those included that have come already."""

    def write(self, data: bytes) -> None:
        """Send; never blocks."""

    def pause(self) -> None:
        """Stop reading: the peer's sending stops in turn."""

    def resume(self) -> None:
        """Go on reading."""

    def finish(self) -> None:
        """Send the rest of the buffer and FIN, and go on reading; the connection ends when the peer has ended, too."""

    def close(self) -> None:
        """Send the rest of the buffer and close in order. From this call on the connection is not open.

        The owner hears of nothing more. What the peer still sends is dropped until it has ended, too, or for a while.
        """

    def abort(self) -> None:
        """Reset the connection: the peer sees no orderly end. From this call on it is not open."""


class TcpStream(asyncio.Protocol):
    """A stream over an asyncio transport."""

    def __init__(self, trace: Trace, closings: Closings, tap: ConnectionTap | None = None) -> None:
        self._trace = trace
        self.tap = tap
        """Sees the traffic; None when nothing captures it."""
        self._closings = closings
        self._closed = False
        self._finished = False
        """Whether nothing more is sent, though the peer is still read."""
        self.congested = False
        self.local_address = self.remote_address = ""
        self.local_port = 0
        self._transport: asyncio.Transport | None = None
        self._owner: StreamOwner | None = None
        self._early = bytearray()
        self._ended: tuple[Exception | None] | None = None
        self._counter: Counter = uncounted

    def __repr__(self) -> str:
        return f"<TcpStream {'ended' if self._ended else 'open'}>"

    def fail(self, error: Exception) -> None:
        """Reset the connection because of a defect of the emulator."""
        report_defect(self._trace, "a TCP connection", error)
        self.tap = None  # it may be what has failed
        self.abort()
        self._end(error)

    @guarded
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # that of uvloop is one without its class
        unknown = ("", 0)  # a connection that is broken already has no addresses
        self.local_address, self.local_port = (transport.get_extra_info("sockname") or unknown)[:2]
        self.remote_address = (transport.get_extra_info("peername") or unknown)[0]
        if self.tap is not None:
            self.tap.opened()

    def drain(self) -> None:
        if self._transport is not None:
            self._transport.set_write_buffer_limits(high=0)

    @guarded
    def data_received(self, data: bytes) -> None:
        if self.tap is not None:
            self.tap.carried("received", data)
        if self._closed:
            return
        self._counter("received", len(data))
        if self._owner is None:
            self._early += data
        else:
            self._owner.data_received(data)

    def eof_received(self) -> bool:
        self._peer_has_ended()
        return not (self._closed or self._finished)  # our side may stay open: a close_notify still goes out

    @guarded
    def _peer_has_ended(self) -> None:
        if self.tap is not None:
            self.tap.finished("received")
        self._end(None)

    @guarded
    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._closings.remove(self)
        if self.tap is not None:
            _tell_end(self.tap, exc)
        if self._ended is None:
            self._end(exc)
        elif exc is not None and self._owner is not None:
            self._owner.broken(exc)

    def pause_writing(self) -> None:
        self.congested = True

    @guarded
    def resume_writing(self) -> None:
        self.congested = False
        if self._closed:
            asyncio.get_running_loop().call_soon(self._half_close)
        if self._owner is not None:
            self._owner.writable()

    @property
    def unsent(self) -> int:
        return self._transport.get_write_buffer_size() if self._transport is not None else 0

    def attach(self, owner: StreamOwner) -> None:
        self._owner = owner
        if self._early:
            data, self._early = bytes(self._early), bytearray()
            owner.data_received(data)
        if self._ended is not None:
            owner.ended(self._ended[0])

    def count_by(self, counter: Counter) -> None:
        self._counter = counter
        if self._early:
            counter("received", len(self._early))

    def write(self, data: bytes) -> None:
        if self._transport is not None and not (self._closed or self._finished):
            if self.tap is not None:
                self.tap.carried("sent", data)
            self._counter("sent", len(data))
            self._transport.write(data)

    def pause(self) -> None:
        if self._transport is not None and not self._closed:
            self._transport.pause_reading()

    def resume(self) -> None:
        if self._transport is not None:
            self._transport.resume_reading()

    def finish(self) -> None:
        if self._transport is None or self._closed or self._finished:
            return
        self._finished = True
        if self.tap is not None:
            self.tap.finished("sent")
        self._send_end(self._transport)

    def _send_end(self, transport: asyncio.Transport) -> None:
        """Send FIN after the rest of the buffer; that is all where the peer has ended before."""
        if self._ended is not None:
            transport.close()
            return
        try:
            transport.write_eof()
        except OSError:  # the peer has broken the connection, and its reset is still to be read
            transport.abort()

    def close(self) -> None:
        transport, unsent = self._transport, self.unsent
        if transport is None or self._closed:
            return
        self._closed, self._owner = True, None
        self._closings.add(self, LINGER if unsent else DRAIN)
        transport.resume_reading()
        if unsent:
            self.drain()  # `resume_writing` tells that all has gone
        else:
            self._half_close()

    @guarded
    def _half_close(self) -> None:
        """Send FIN; that is all where the peer has ended before."""
        if self._transport is None:
            return
        if self.tap is not None:
            self.tap.finished("sent")
        self._send_end(self._transport)

    @guarded
    def give_up(self) -> None:
        """Close the socket; reset the connection where the peer has not taken all."""
        if self.unsent:
            self.abort()
        elif self._transport is not None:
            self._transport.abort()

    def abort(self) -> None:
        self._closed = True
        if self._transport is not None:
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self._transport.abort()
            if self.tap is not None:
                self.tap.reset("sent")

    def _end(self, error: Exception | None) -> None:
        if self._ended is not None:
            return
        self._ended = (error,)
        if self._owner is not None:
            self._owner.ended(error)


def _tell_end(tap: ConnectionTap, error: Exception | None) -> None:
    """Tell the tap that the socket is gone: closed by the module, or reset by the peer."""
    if error is None:
        tap.finished("sent")
    elif isinstance(error, ConnectionError):
        tap.reset("received")
