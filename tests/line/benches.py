"""Every kind of port behind one face, so that one suite can ask both for the same promises."""

import asyncio
import os
import re
import select
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from emulator.clock import WallClock
from emulator.line.lines import HostLines
from emulator.line.port import Port
from emulator.line.serial_line import SerialLine
from emulator.line.transports.memory import MemoryPort
from emulator.line.transports.pty import PtyPort
from emulator.line.transports.rfc2217 import Rfc2217Port
from emulator.line.transports.tcp import TcpPort
from emulator.line.transports.unix import UnixPort
from emulator.line.uart import Uart

PATIENCE = 60.0


class AtInstance(Protocol):
    """A program that has opened the port."""

    async def send(self, data: bytes) -> None: ...
    async def receive(self, count: int) -> bytes: ...
    def close(self) -> None: ...


class Bench(Protocol):
    """Makes ports of one kind, and hosts for them."""

    def port(self) -> Port: ...
    def host(self, port: Port) -> AtInstance: ...
    def has_arrived(self, port: Port) -> None: ...


class Recorder:
    """An owner that keeps all it is told; bytes that follow each other become one entry."""

    def __init__(self) -> None:
        self.told: list[str | bytes] = []
        self.lines: list[HostLines] = []
        self.congestion_ended = 0
        self.on_data: Callable[[bytes], None] = lambda data: None
        self.on_opened: Callable[[], None] = lambda: None
        self.on_closed: Callable[[], None] = lambda: None
        self._news = asyncio.Event()

    @property
    def received(self) -> bytes:
        return b"".join(item for item in self.told if isinstance(item, bytes))

    @property
    def presence(self) -> list[str]:
        return [item for item in self.told if isinstance(item, str)]

    def data_received(self, data: bytes) -> None:
        if self.told and isinstance(self.told[-1], bytes):
            self.told[-1] += data
        else:
            self.told.append(data)
        self._news.set()
        self.on_data(data)

    def host_opened(self) -> None:
        self.told.append("opened")
        self._news.set()
        self.on_opened()

    def host_changes(self) -> None: ...

    def host_closed(self) -> None:
        self.told.append("closed")
        self._news.set()
        self.on_closed()

    def lines_changed(self, lines: HostLines) -> None:
        self.lines.append(lines)
        self._news.set()

    def writable(self) -> None:
        self.congestion_ended += 1
        self._news.set()

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true():
                self._news.clear()
                await self._news.wait()

    async def until_told(self, *expected: str | bytes) -> None:
        try:
            await self.until(lambda: self.told == list(expected))
        except TimeoutError:
            raise AssertionError(f"expected {list(expected)}, was told {self.told}") from None


async def until_writable(port: Port, recorder: Recorder) -> None:
    """Wait as a well-behaved owner does before it writes more."""
    await recorder.until(lambda: not port.congested)


class PtyHost:
    """Opens a terminal device the way a serial library does."""

    def __init__(self, name: str) -> None:
        self.descriptor = os.open(name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)

    async def send(self, data: bytes) -> None:
        async with asyncio.timeout(PATIENCE):
            while data:
                try:
                    data = data[os.write(self.descriptor, data) :]
                except BlockingIOError:
                    await self._ready(asyncio.get_running_loop().add_writer)
                    asyncio.get_running_loop().remove_writer(self.descriptor)

    async def receive(self, count: int) -> bytes:
        received = b""
        async with asyncio.timeout(PATIENCE):
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
        readable, _, _ = select.select([port._master], [], [], PATIENCE)
        assert readable


class TcpHost:
    """Connects to a port on the network."""

    def __init__(self, number: int) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        self._socket.setblocking(False)
        self._socket.connect_ex(("127.0.0.1", number))

    async def send(self, data: bytes) -> None:
        async with asyncio.timeout(PATIENCE):
            await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def receive(self, count: int) -> bytes:
        received = b""
        async with asyncio.timeout(PATIENCE):
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
        readable, _, _ = select.select([port._host], [], [], PATIENCE)
        assert readable


class UnixHost(TcpHost):
    """Connects to a Unix socket."""

    def __init__(self, name: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.setblocking(False)
        self._socket.connect(name.removeprefix("unix:"))

    async def receive_at_most(self, count: int) -> bytes:
        async with asyncio.timeout(PATIENCE):
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
        readable, _, _ = select.select([port._host], [], [], PATIENCE)
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
        async with asyncio.timeout(PATIENCE):
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
        async with asyncio.timeout(PATIENCE):
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
