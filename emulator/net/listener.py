"""Listen for the one connection that a server opens to the module, as in active FTP (RFC 959 3.3)."""

import asyncio
import ipaddress
from typing import Protocol

from emulator.acceptor import Acceptor
from emulator.net.closing import Closings
from emulator.net.routes import Address
from emulator.net.server import IncomingStream, accept_streams, listening_socket
from emulator.net.stream import Stream, TcpStream
from emulator.net.tap import Tap
from emulator.trace.events import Accepted
from emulator.trace.trace import Trace


class PortListener(Protocol):
    """A port whose address a server was given."""

    @property
    def address(self) -> tuple[str, int]:
        """Return the IP address and port to give to the server."""

    async def accept(self) -> Stream:
        """Wait for the connection."""

    def close(self) -> None:
        """Stop listening; abort a connection that has come and was not accepted."""


def is_loopback(address: str) -> bool:
    """Return whether the address is a loopback address."""
    return ipaddress.ip_address(address).is_loopback


class TcpListener:
    """Accept one connection, from the expected address only."""

    def __init__(self, expected: str, trace: Trace, closings: Closings, tap: Tap | None = None) -> None:
        self._closings = closings
        self._tap = tap
        self._expected = expected
        self._trace = trace
        self._accepted: asyncio.Future[TcpStream] = asyncio.get_running_loop().create_future()
        self._acceptor: Acceptor | None = None
        self._taken = False
        self.address = ("", 0)

    def __repr__(self) -> str:
        return f"<TcpListener on {self.address}, {'done' if self._accepted.done() else 'waiting'}>"

    async def listen(self, address: str) -> None:
        """Take a free port of `address`.

        Raises:
            OSError: no port is free.
        """
        self._acceptor = accept_streams(
            listening_socket(address, 0),
            lambda: IncomingStream(self._arrived, self.address[1], self._trace, self._closings, self._tap),
            self._trace,
        )
        self.address = self._acceptor.address

    async def accept(self) -> Stream:
        """See `PortListener`."""
        stream = await self._accepted
        self._taken = True
        return stream

    def close(self) -> None:
        """See `PortListener`."""
        self._stop_listening()
        if self._accepted.done() and not self._accepted.cancelled() and not self._taken:
            self._accepted.result().abort()

    def _stop_listening(self) -> None:
        if self._acceptor is not None:
            self._acceptor.close()

    def _arrived(self, stream: TcpStream, peer: Address) -> None:
        outcome = "connected"
        if peer[0] != self._expected:
            outcome = f"refused, it is not {self._expected}"
        elif self._accepted.done():
            outcome = "refused, it is one too many"
        self._trace.emit(Accepted(peer=peer[0], port=self.address[1], outcome=outcome))
        if outcome == "connected":
            self._accepted.set_result(stream)
            self._stop_listening()
        else:
            stream.abort()
