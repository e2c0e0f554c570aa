"""A bench whose module is ready to dial plain sockets, and real peers on loopback."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

from emulator.device.sockets.plain_socket import PlainSocket
from emulator.testing import Bench
from tests.commands.peer import eventually
from tests.commands.ssl_bench import CONNECT, HOST, OK, succeed


class TcpPeer:
    """A server that keeps what each of its clients has said."""

    def __init__(self) -> None:
        self.clients: list[TcpClient] = []
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "TcpPeer":
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._welcome, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for client in self.clients:
            client.reset()

    def _welcome(self) -> "TcpClient":
        client = TcpClient()
        self.clients.append(client)
        return client

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def client(self, number: int = 1) -> "TcpClient":
        """The connection that was opened as the `number`th."""
        await eventually(lambda: self._has_opened(number), f"{number} clients have come")
        return self.clients[number - 1]

    def _has_opened(self, number: int) -> bool:
        """Whether its protocol knows its transport, too: it is made first."""
        return len(self.clients) >= number and self.clients[number - 1].transport is not None


class TcpClient(asyncio.Protocol):
    """One end of a connection, which obeys the test."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.ended = False
        self.broken = False
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # that of uvloop is one without its class

    def data_received(self, data: bytes) -> None:
        self.received += data

    def eof_received(self) -> bool:
        self.ended = True
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self.broken = exc is not None

    def say(self, data: bytes) -> None:
        assert self.transport is not None
        self.transport.write(data)

    def close(self) -> None:
        """End in order."""
        assert self.transport is not None
        self.transport.close()

    def reset(self) -> None:
        """Break the connection."""
        if self.transport is not None and not self.transport.is_closing():
            raw = self.transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()

    async def heard(self, data: bytes) -> None:
        """Wait until exactly this has come."""
        await eventually(lambda: len(self.received) >= len(data), f"{data[:40]!r} comes")
        assert bytes(self.received) == data


class UdpPeer(asyncio.DatagramProtocol):
    """A UDP socket, with the datagrams that have come."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.source: tuple[str, int] | None = None
        self.transport: asyncio.DatagramTransport | None = None

    @classmethod
    @asynccontextmanager
    async def opened(cls) -> "AsyncIterator[UdpPeer]":
        loop = asyncio.get_running_loop()
        transport, peer = await loop.create_datagram_endpoint(cls, local_addr=("127.0.0.1", 0))
        try:
            yield peer
        finally:
            transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.received.append(data)
        self.source = addr

    @property
    def port(self) -> int:
        assert self.transport is not None
        port: int = self.transport.get_extra_info("sockname")[1]
        return port

    def say(self, data: bytes, target: tuple[str, int] | None = None) -> None:
        assert self.transport is not None
        self.transport.sendto(data, target or self.source)

    async def heard(self, *datagrams: bytes) -> None:
        """Wait until exactly these have come."""
        await eventually(lambda: len(self.received) >= len(datagrams), f"{len(datagrams)} datagrams come")
        assert self.received == list(datagrams)


@asynccontextmanager
async def socket_bench(
    firmware: str = "HE910", port: int = 1, *, routes: Mapping[str, str] | None = None, **options: Any
) -> AsyncIterator[Bench]:
    """A module with +CMEE=1, context 1 active and a firewall that admits peers; `port` is where HOST leads."""
    async with Bench(firmware, routes={HOST: f"127.0.0.1:{port}", **(routes or {})}, **options) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CGDCONT=1,"IP","ibox.tim.it"', "AT#FRWL=1,10.0.0.0,255.0.0.0")
        if not bench.modem.device.contexts.is_active(1):
            assert (await bench.command("AT#SGACT=1,1")).endswith(OK)
        yield bench


@asynccontextmanager
async def dialled(
    *settings: str, firmware: str = "HE910", online: bool = False, closure: int = 0, **options: Any
) -> AsyncIterator[tuple[Bench, TcpClient]]:
    """Connection 1 is open by TCP, after the `settings`; the bench and the peer's end of it."""
    async with TcpPeer() as peer, socket_bench(firmware, peer.port, **options) as bench:
        await succeed(bench, *settings)
        await open_tcp(bench, 1, online=online, closure=closure)
        yield bench, await peer.client()


async def open_tcp(bench: Bench, number: int, *, online: bool = False, closure: int = 0) -> None:
    """Dial HOST."""
    line = f'AT#SD={number},0,80,"{HOST}",{closure},0,{0 if online else 1}'
    assert (CONNECT if online else OK) == await bench.command(line)


def connection(bench: Bench, number: int = 1) -> PlainSocket:
    """One <connId>."""
    return bench.modem.device.sockets[number]


async def has_come(bench: Bench, size: int, number: int = 1) -> None:
    """Wait until so much can be read."""
    await eventually(lambda: connection(bench, number).pending >= size, f"{size} bytes come")


async def said(bench: Bench, text: str) -> None:
    """Wait until the module has said exactly this, as a URC."""
    heard = ""

    def complete() -> bool:
        nonlocal heard
        heard += bench.read()
        return len(heard) >= len(text)

    await eventually(complete, f"the module says {text!r}")
    assert heard == text
