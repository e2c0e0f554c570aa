"""The peers that captures dial: real servers on loopback, behind routes from fixed addresses."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import cast

from emulator.lab.conversations import Reply
from emulator.lab.ftps_server import FtpsServer
from emulator.lab.server import LabServer

FILE = b"A line of two hundred bytes and ten. " * 6 + b"\r\n"
"""Content of the FTP server's `file.txt`: more than any capture reads of it at once."""


@asynccontextmanager
async def peers(dialled: str) -> AsyncIterator[dict[str, str]]:
    """Start the peers whose addresses stand in the text; give the routes to them."""
    routes = {}
    async with AsyncExitStack() as running:
        for address, start in _PEERS.items():
            if address.partition(":")[0] in dialled:
                routes[address] = await start(running)
        yield routes


async def _echo(running: AsyncExitStack) -> str:
    """Start a server that echoes TCP and UDP on ports of the same number."""
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        datagrams.bind(listener.getsockname())
        port: int = listener.getsockname()[1]
        server = await loop.create_server(_TcpEcho, sock=listener.dup())
        transport, _ = await loop.create_datagram_endpoint(_UdpEcho, sock=datagrams.dup())
    running.callback(server.close)
    running.callback(transport.close)
    return f"127.0.0.1:{port}"


class _TcpEcho(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._transport.write(data)


class _UdpEcho(asyncio.DatagramProtocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(data, addr)


async def _brief(running: AsyncExitStack) -> str:
    """Start a server that says a word and closes."""
    server = await asyncio.get_running_loop().create_server(_Brief, "127.0.0.1", 0)
    running.callback(server.close)
    return f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


class _Brief(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.Transport, transport).write(b"fro")
        transport.close()


async def _ftp(running: AsyncExitStack) -> str:
    server = running.enter_context(FtpsServer({"file.txt": FILE}))
    (server.root / "incoming").mkdir()
    (server.root / "incoming" / "file.txt").write_bytes(FILE)
    return server.address


async def _tls(running: AsyncExitStack) -> str:
    return running.enter_context(LabServer(lambda data: Reply(data[::-1]))).address


_PEERS: dict[str, Callable[[AsyncExitStack], Awaitable[str]]] = {
    "10.9.9.1:7": _echo,
    "10.9.9.2:80": _brief,
    "10.9.9.3:80": _echo,
    "10.9.9.4:21": _ftp,
    "10.9.9.5:443": _tls,
}
"""By the address that a capture dials."""
