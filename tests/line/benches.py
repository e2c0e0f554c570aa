"""The benches of our own ports for the contract, and their hosts."""

import asyncio
import os
import re
import select
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

from emulator.clock import ManualClock, WallClock
from emulator.line.mux.channel import ChannelPort
from emulator.line.mux.multiplexer import Multiplexer
from emulator.line.serial.port import Port
from emulator.line.serial.serial_line import SerialLine
from emulator.line.serial.uart import Uart
from emulator.line.transports.memory import MemoryPort
from emulator.line.transports.pty import PtyPort
from emulator.line.transports.rfc2217 import Rfc2217Port
from emulator.line.transports.tcp import TcpPort
from emulator.line.transports.unix import UnixPort
from emulator.testing.contracts.port_bench import TIMEOUT
from tests.peers.mux_client import MuxClient


class PtyHost:
    """Opens a terminal device the way a serial library does."""

    def __init__(self, name: str) -> None:
        self.descriptor = os.open(name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)

    async def send(self, data: bytes) -> None:
        async with asyncio.timeout(TIMEOUT):
            while data:
                try:
                    data = data[os.write(self.descriptor, data) :]
                except BlockingIOError:
                    await self._ready(asyncio.get_running_loop().add_writer)
                    asyncio.get_running_loop().remove_writer(self.descriptor)

    async def receive(self, count: int) -> bytes:
        received = b""
        async with asyncio.timeout(TIMEOUT):
            while len(received) < count:
                try:
                    received += os.read(self.descriptor, count - len(received))
                except BlockingIOError:
                    await self._ready(asyncio.get_running_loop().add_reader)
                    asyncio.get_running_loop().remove_reader(self.descriptor)
        return received

    def close(self) -> None:
        os.close(self.descriptor)

    async def _ready(self, add: Callable[[int, Callable[[], None]], None]) -> None:
        ready = asyncio.Event()
        add(self.descriptor, ready.set)
        await ready.wait()


class PtyBench:
    def port(self) -> PtyPort:
        return PtyPort()

    def host(self, port: Port) -> PtyHost:
        return PtyHost(port.name)

    def has_arrived(self, port: Port) -> None:
        """Wait in the kernel, not in the event loop, until the port has something to read."""
        assert isinstance(port, PtyPort)
        readable, _, _ = select.select([port._master], [], [], TIMEOUT)
        assert readable


class TcpHost:
    """Connects to a port on the network."""

    def __init__(self, number: int) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        self._socket.setblocking(False)
        self._socket.connect_ex(("127.0.0.1", number))

    async def send(self, data: bytes) -> None:
        async with asyncio.timeout(TIMEOUT):
            await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def receive(self, count: int) -> bytes:
        received = b""
        async with asyncio.timeout(TIMEOUT):
            while len(received) < count:
                received += await asyncio.get_running_loop().sock_recv(self._socket, count - len(received))
        return received

    def close(self) -> None:
        self._socket.close()


class TcpBench:
    def port(self) -> TcpPort:
        return TcpPort("127.0.0.1", 0)

    def host(self, port: Port) -> TcpHost:
        assert isinstance(port, TcpPort)
        return TcpHost(port.number)

    def has_arrived(self, port: Port) -> None:
        """Wait in the kernel, not in the event loop, until the port has something to read."""
        assert isinstance(port, TcpPort)
        assert port._host is not None
        readable, _, _ = select.select([port._host], [], [], TIMEOUT)
        assert readable


class UnixHost(TcpHost):
    """Connects to a Unix socket."""

    def __init__(self, name: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.setblocking(False)
        self._socket.connect(name.removeprefix("unix:"))

    async def receive_at_most(self, count: int) -> bytes:
        async with asyncio.timeout(TIMEOUT):
            return await asyncio.get_running_loop().sock_recv(self._socket, count)


class UnixBench:
    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="unix-port-")

    def port(self) -> UnixPort:
        return UnixPort(Path(self._folder.name, "modem"))

    def host(self, port: Port) -> UnixHost:
        return UnixHost(port.name)

    def has_arrived(self, port: Port) -> None:
        """Wait in the kernel, not in the event loop, until the port has something to read."""
        assert isinstance(port, UnixPort)
        assert port._host is not None
        readable, _, _ = select.select([port._host], [], [], TIMEOUT)
        assert readable


class MemoryHost:
    def __init__(self, port: MemoryPort) -> None:
        self._port = port
        port.host_open()

    async def send(self, data: bytes) -> None:
        for start in range(0, len(data), 4096):
            self._port.host_write(data[start : start + 4096])

    async def receive(self, count: int) -> bytes:
        received = b""
        async with asyncio.timeout(TIMEOUT):
            while len(received) < count:
                received += self._port.host_read(count - len(received))
                await asyncio.sleep(0)
        return received

    def close(self) -> None:
        self._port.host_close()


class MemoryBench:
    def port(self) -> MemoryPort:
        return MemoryPort()

    def host(self, port: Port) -> MemoryHost:
        assert isinstance(port, MemoryPort)
        return MemoryHost(port)

    def has_arrived(self, port: Port) -> None:
        """Nothing travels: what a host sends is there at once."""


class ChannelHost:
    """Opens channel 1, and speaks 27.010 by a client of its own."""

    def __init__(self, line: MemoryPort, client: MuxClient) -> None:
        self._line = line
        self._client = client
        self._pump()
        client.heard[1].clear()
        client.connect(1)

    def _pump(self) -> None:
        self._client.take(self._line.host_read())

    async def send(self, data: bytes) -> None:
        for start in range(0, len(data), 1000):
            self._client.send(1, data[start : start + 1000])

    async def receive(self, count: int) -> bytes:
        heard = self._client.heard[1]
        async with asyncio.timeout(TIMEOUT):
            while len(heard) < count:
                self._pump()
                await asyncio.sleep(0)
        received = bytes(heard[:count])
        del heard[:count]
        return received

    def close(self) -> None:
        self._client.disconnect(1)


def fail(error: Exception) -> None:
    """Let no defect pass."""
    raise error


class ChannelBench:
    """A channel of a multiplexer, over memory."""

    def port(self) -> ChannelPort:
        channel, self._line = ChannelPort(1, "channel 1"), MemoryPort()
        multiplexer = Multiplexer(
            self._line,
            ManualClock(),
            channels=1,
            frame_size=1000,
            timeout=1.0,
            channel=lambda _: channel,
            ended=lambda: None,
            failed=fail,
        )
        self._line.open(multiplexer)
        self._line.host_open()
        self._client = MuxClient(self._line.host_write)
        self._client.connect(0)
        return channel

    def host(self, port: Port) -> ChannelHost:
        return ChannelHost(self._line, self._client)

    def has_arrived(self, port: Port) -> None:
        """Nothing travels: what a host sends is there at once."""


class TelnetHost(TcpHost):
    """Speaks telnet in binary mode, and tells the data of the port from what comes beside it."""

    _ITEM = re.compile(rb"([^\xff]+)|\xff(\xff)|\xff[\xfb-\xfe].|\xff\xfa.*?\xff\xf0", re.DOTALL)

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self._greeting = b"\xff\xfb\x00"
        self._raw = b""
        self._data = b""

    async def send(self, data: bytes) -> None:
        greeting, self._greeting = self._greeting, b""
        await super().send(greeting + data.replace(b"\xff", b"\xff\xff"))

    async def receive(self, count: int) -> bytes:
        async with asyncio.timeout(TIMEOUT):
            while len(self._data) < count:
                self._raw += await asyncio.get_running_loop().sock_recv(self._socket, 4096)
                while item := self._ITEM.match(self._raw):
                    self._data += item[1] or item[2] or b""
                    self._raw = self._raw[item.end() :]
        received, self._data = self._data[:count], self._data[count:]
        return received


class Rfc2217Bench:
    def port(self) -> Rfc2217Port:
        return Rfc2217Port(TcpPort("127.0.0.1", 0), SerialLine())

    def host(self, port: Port) -> TelnetHost:
        assert isinstance(port, Rfc2217Port)
        return TelnetHost(port._port.number)

    def has_arrived(self, port: Port) -> None:
        """Wait in the kernel, not in the event loop, until the port has something to read."""
        assert isinstance(port, Rfc2217Port)
        TcpBench().has_arrived(port._port)


class UartBench:
    """A line that carries as fast as it can, over a port on the network."""

    baud: int | None = None

    def port(self) -> Uart:
        return Uart(TcpPort("127.0.0.1", 0), WallClock(), SerialLine(self.baud))

    def host(self, port: Port) -> TcpHost:
        assert isinstance(port, Uart)
        return TcpBench().host(port._port)

    def has_arrived(self, port: Port) -> None:
        assert isinstance(port, Uart)
        TcpBench().has_arrived(port._port)


class PacedBench(UartBench):
    """The same with bytes that take their time: a megabyte takes half a second."""

    baud = 20_000_000
