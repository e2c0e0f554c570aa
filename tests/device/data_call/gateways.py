"""A gateway with its network, and small real servers on loopback."""

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

from emulator.clock import Clock, WallClock
from emulator.device.data_call.gateway import Gateway
from emulator.device.environment import Environment
from emulator.firmware.loader import load_firmware
from emulator.net.bearer import Bearer, SystemBearer
from emulator.net.routes import Routes
from emulator.net.tap import Tap
from emulator.trace.events import Defect, Dialled, Event, StateChanged
from emulator.trace.trace import Trace
from tests.peers.kernel_host import ADDRESS, kernel_host

ROUTER = "10.1.1.1"
SERVER = "10.0.0.1"
"""What the host dials; routes lead from there."""
PROFILE = load_firmware("HE910").profile


@dataclass
class Call:
    """A gateway, and what the trace tells of it."""

    environment: Environment
    events: list[Event]
    gateway: Gateway = field(init=False)

    @property
    def dials(self) -> list[tuple[str, int, str, str]]:
        return [(e.host, e.port, e.protocol, e.outcome) for e in self.events if isinstance(e, Dialled)]

    @property
    def states(self) -> list[str]:
        return [event.after for event in self.events if isinstance(event, StateChanged)]

    @property
    def defects(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Defect)]


def make_call(
    *routes: str,
    tap: Tap | None = None,
    clock: Clock | None = None,
    wrap: Callable[[Bearer], Bearer] = lambda bearer: bearer,
) -> Call:
    clock = clock or WallClock()
    events: list[Event] = []
    trace = Trace(clock)
    trace.subscribe(lambda now, event: events.append(event))
    bearer = SystemBearer(Routes.parse(routes), trace, clock, tap=tap)
    return Call(Environment(clock, trace, wrap(bearer)), events)


async def run_host(
    program: str, call: Call, *, during: Callable[[Call], Awaitable[object]] | None = None, mtu: int = 1500
) -> str:
    """Let a program speak through a gateway; return what it prints."""
    async with kernel_host(program, lambda packet: call.gateway.receive(packet), mtu) as host:
        call.gateway = Gateway(ADDRESS, ROUTER, host.send, PROFILE, call.environment, mtu)
        if during is not None:
            await during(call)
        output = await host.output()
        await asyncio.sleep(0.02)
        call.gateway.close()
        await asyncio.sleep(0)
    assert call.defects == []
    return output


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def served(serve: Serve) -> AsyncIterator[int]:
    """A TCP server on loopback; gives its port."""

    async def guard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(guard, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        server.close()


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send back what comes, up to the end."""
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


def reset(writer: asyncio.StreamWriter) -> None:
    """Break the connection."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def eventually(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        await asyncio.sleep(0.005)


class SeveralSources(asyncio.DatagramProtocol):
    """A UDP socket that keeps what it hears with its sender, and echoes nothing by itself."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, tuple[str, int]]] = []

    @classmethod
    @asynccontextmanager
    async def opened(cls) -> "AsyncIterator[SeveralSources]":
        loop = asyncio.get_running_loop()
        transport, peer = await loop.create_datagram_endpoint(cls, local_addr=("127.0.0.1", 0))
        try:
            yield peer
        finally:
            transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        self.port: int = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.heard.append((data, addr))

    def say(self, data: bytes, target: tuple[str, int]) -> None:
        self._transport.sendto(data, target)
