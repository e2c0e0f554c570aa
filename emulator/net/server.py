"""Listen on a TCP port of the module."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from typing import Any

from emulator.acceptor import Acceptor
from emulator.guard import guarded
from emulator.net.closing import Closings
from emulator.net.routes import Address
from emulator.net.stream import Stream, TcpStream
from emulator.net.tap import Tap
from emulator.trace.defect import report_defect, reporting_task
from emulator.trace.trace import Trace

Arrival = Callable[[Stream, Address], None]
"""Called with a new connection and the address of the peer."""


def listening_socket(address: str, port: int) -> socket.socket:
    """Make a socket that listens on `port` of `address`, 0 for a free one.

    Raises:
        OSError: it cannot be made, or the port is taken.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


class TcpServer:
    """Hand on each connection to `arrived`."""

    def __init__(self, port: int, arrived: Arrival, trace: Trace, closings: Closings, tap: Tap | None = None) -> None:
        """`port` is the port of the module; the port of the machine may be another one."""
        self._port = port
        self._trace = trace
        self._closings = closings
        self._tap = tap
        self.address: Address = ("", 0)
        """The address on the machine that the emulator runs on."""
        self._arrived = arrived
        self._acceptor: Acceptor | None = None

    def __repr__(self) -> str:
        return f"<TcpServer for port {self._port} on {self.address}>"

    async def listen(self, address: str, port: int) -> None:
        """Take `port` of `address`, 0 for a free one.

        Raises:
            OSError: the port cannot be opened.
        """
        self._acceptor = accept_streams(
            listening_socket(address, port),
            lambda: IncomingStream(self._arrived, self._port, self._trace, self._closings, self._tap),
            self._trace,
        )
        self.address = self._acceptor.address

    @property
    def listens(self) -> bool:
        """Whether connections are taken."""
        return self._acceptor is not None and not self._acceptor.closed

    def close(self) -> None:
        """Stop listening; connections that have come stay open."""
        if self._acceptor is not None:
            self._acceptor.close()


def accept_streams(listener: socket.socket, make: "Callable[[], IncomingStream]", trace: Trace) -> Acceptor:
    """Give each connection that comes at `listener` to a stream of its own, in the running event loop."""
    loop = asyncio.get_running_loop()

    async def connect(connection: socket.socket) -> None:
        await loop.connect_accepted_socket(make, connection)

    return Acceptor(
        listener,
        lambda connection: _start(trace, connect(connection)),
        lambda error: report_defect(trace, "a listening port", error),
    )


def _start(trace: Trace, work: Coroutine[Any, Any, None]) -> None:
    reporting_task(trace, "a connection that a peer opens", work)


class IncomingStream(TcpStream):
    """Report a connection that a peer opens to `port` to `arrived`."""

    def __init__(
        self,
        arrived: Callable[[TcpStream, Address], None],
        port: int,
        trace: Trace,
        closings: Closings,
        tap: Tap | None,
    ) -> None:
        super().__init__(trace, closings)
        self._arrived = arrived
        self._port = port
        self._server_tap = tap

    @guarded
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        if peer is None:  # it is broken already
            transport.close()
            return
        if self._server_tap is not None:
            self.tap = self._server_tap.answering(peer[:2], self._port)
        super().connection_made(transport)
        self._arrived(self, (peer[0], peer[1]))
