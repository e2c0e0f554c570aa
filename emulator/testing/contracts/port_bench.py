"""What a contract of ports works with: hosts, a bench that makes both, and an owner that keeps all it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from emulator.line.serial.lines import HostLines
from emulator.line.serial.port import HIGH_MARK, Port

TIMEOUT = 60.0
"""Seconds to wait for a report."""
EVERY_BYTE = bytes(range(256))
MEGABYTE = EVERY_BYTE * 4096
ROOM_OUTSIDE = 512 * 1024
"""More than any kernel keeps between a port and its host."""


class PortHost(Protocol):
    """A program that has opened the port."""

    async def send(self, data: bytes) -> None:
        """Send all of it."""

    async def receive(self, count: int) -> bytes:
        """Return exactly so many bytes."""

    def close(self) -> None:
        """Leave, without another turn of the event loop."""


class PortBench(Protocol):
    """Make ports of one kind, and hosts for them."""

    def port(self) -> Port:
        """Make a port."""

    def host(self, port: Port) -> PortHost:
        """Open the port as a host, without another turn of the event loop."""

    def has_arrived(self, port: Port) -> None:
        """Wait, with the event loop at a stand, until the port can read what a host has sent, or its leaving."""


class Recorder:
    """A `PortOwner` that keeps all it is told; bytes that follow each other become one entry."""

    def __init__(self) -> None:
        self.told: list[str | bytes] = []
        self.lines: list[HostLines] = []
        self.congestion_ended = 0
        self.defects: list[Exception] = []
        self.on_data: Callable[[bytes], None] = lambda data: None
        self.on_opened: Callable[[], None] = lambda: None
        self.on_closed: Callable[[], None] = lambda: None
        self._news = asyncio.Event()

    @property
    def received(self) -> bytes:
        """Return all bytes."""
        return b"".join(item for item in self.told if isinstance(item, bytes))

    @property
    def presence(self) -> list[str]:
        """Return openings and closings."""
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

    def host_changes(self) -> None:
        """Record what follows as the first host's."""

    def host_closed(self) -> None:
        self.told.append("closed")
        self._news.set()
        self.on_closed()

    def lines_changed(self, lines: HostLines) -> None:
        self.lines.append(lines)
        self._news.set()

    def port_failed(self, error: Exception) -> None:
        self.defects.append(error)

    def writable(self) -> None:
        self.congestion_ended += 1
        self._news.set()

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until one of the reports makes it true."""
        async with asyncio.timeout(TIMEOUT):
            while not true():
                self._news.clear()
                await self._news.wait()

    async def until_told(self, *expected: str | bytes) -> None:
        """Wait until exactly this has been told."""
        try:
            await self.until(lambda: self.told == list(expected))
        except TimeoutError:
            raise AssertionError(f"expected {list(expected)}, was told {self.told}") from None


@asynccontextmanager
async def open_port(bench: PortBench) -> AsyncIterator[tuple[Port, Recorder]]:
    """Open a port for a recorder, and close it at the end."""
    port, recorder = bench.port(), Recorder()
    try:
        port.open(recorder)
        yield port, recorder
    finally:
        port.close()


async def turns_of_the_loop() -> None:
    """Let the event loop do what it can do now."""
    for _ in range(10):
        await asyncio.sleep(0)


async def until_writable(port: Port, recorder: Recorder) -> None:
    """Wait until the port lets its owner write more."""
    await recorder.until(lambda: not port.congested)


def fill(port: Port) -> int:
    """Write until the port reports congestion; return the number of bytes."""
    written = 0
    while not port.congested:
        assert written <= HIGH_MARK + ROOM_OUTSIDE
        port.write(bytes(4096))
        written += 4096
    return written
