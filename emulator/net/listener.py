"""Listen for the one connection that a server opens to the module, as in active FTP (RFC 959 3.3)."""

import asyncio
import ipaddress
from typing import Protocol

from emulator.net.stream import Stream, TcpStream
from emulator.net.tap import Tap
from emulator.trace.events import Accepted, Trace


class Listener(Protocol):
    """A port whose address a server was given."""

    @property
    def address(self) -> tuple[str, int]:
        """The IP address and port to give to the server."""

    async def accept(self) -> Stream:
        """Wait for the connection."""

    def close(self) -> None:
        """Stop listening; abort a connection that has come and was not accepted."""


def is_loopback(address: str) -> bool:
    """Return whether the address is a loopback address."""
    return ipaddress.ip_address(address).is_loopback


class TcpListener:
    """Accept one connection, from the expected address only."""

    def __init__(self, expected: str, trace: Trace, tap: Tap | None = None) -> None:
        self.tap = tap
        self._expected = expected
        self._trace = trace
        self._accepted: asyncio.Future[TcpStream] = asyncio.get_running_loop().create_future()
        self._server: asyncio.Server | None = None
        self._taken = False
        self.address = ("", 0)

    def __repr__(self) -> str:
        return f"<TcpListener on {self.address}, {'done' if self._accepted.done() else 'waiting'}>"

    async def listen(self, address: str) -> None:
        """Take a free port of `address`.

        Raises:
            OSError: no port is free.
        """
        self._server = await asyncio.get_running_loop().create_server(lambda: _Incoming(self), address, 0, backlog=1)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.address = (host, port)

    async def accept(self) -> Stream:
        """See `Listener`."""
        stream = await self._accepted
        self._taken = True
        return stream

    def close(self) -> None:
        """See `Listener`."""
        self._stop_listening()
        if self._accepted.done() and not self._accepted.cancelled() and not self._taken:
            self._accepted.result().abort()

    def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()

    def connected(self, stream: TcpStream) -> None:
        """Called by the stream of a new connection."""
        outcome = "connected"
        if stream.remote_address != self._expected:
            outcome = f"refused, it is not {self._expected}"
        elif self._accepted.done():
            outcome = "refused, it is one too many"
        self._trace.emit(Accepted(peer=stream.remote_address, port=self.address[1], outcome=outcome))
        if outcome == "connected":
            self._accepted.set_result(stream)
            self._stop_listening()
        else:
            stream.abort()


class _Incoming(TcpStream):
    """A stream of an incoming connection."""

    def __init__(self, listener: TcpListener) -> None:
        super().__init__()
        self._listener = listener

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        if self._listener.tap is not None and peer is not None:
            self.tap = self._listener.tap.answering(peer[:2], self._listener.address[1])
        super().connection_made(transport)
        self._listener.connected(self)
