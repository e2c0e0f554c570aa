"""Listen on a TCP port of the module."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from emulator.net.routes import Address
from emulator.net.stream import Stream, TcpStream
from emulator.net.tap import Tap


class Server(Protocol):
    """A TCP port that listens."""

    @property
    def address(self) -> Address:
        """The address on the machine that the emulator runs on."""

    def close(self) -> None:
        """Stop listening; connections that have come stay open."""


Arrival = Callable[[Stream, Address], None]
"""Called with a new connection and the address of the peer."""


class TcpServer:
    """Hand on each connection to `arrived`."""

    def __init__(self, port: int, arrived: Arrival, tap: Tap | None = None) -> None:
        """`port` is the port of the module; the port of the machine may be another one."""
        self.port = port
        self.tap = tap
        self.address: Address = ("", 0)
        self._arrived = arrived
        self._server: asyncio.Server | None = None

    def __repr__(self) -> str:
        return f"<TcpServer for port {self.port} on {self.address}>"

    async def listen(self, address: str, port: int) -> None:
        """Take `port` of `address`, 0 for a free one.

        Raises:
            OSError: the port cannot be opened.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Incoming(self), address, port, start_serving=False)
        try:
            await self._server.start_serving()
        except BaseException:
            self.close()  # nobody will hear of a port that was taken for a command that is cancelled
            raise
        host, taken = self._server.sockets[0].getsockname()[:2]
        self.address = (host, taken)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def connected(self, stream: TcpStream, peer: Address) -> None:
        """Called by the stream of a new connection."""
        self._arrived(stream, peer)


class _Incoming(TcpStream):
    """A stream of an incoming connection."""

    def __init__(self, server: TcpServer) -> None:
        super().__init__()
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        if peer is None:  # it is broken already
            transport.close()
            return
        if self._server.tap is not None:
            self.tap = self._server.tap.answering(peer[:2], self._server.port)
        super().connection_made(transport)
        self._server.connected(self, (peer[0], peer[1]))
