"""A host whose TCP/IP is lwIP, as on many microcontrollers: Debian's library, with a small program around it."""

import asyncio
import socket
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.peers.processes import require_program
from tests.peers.sockets import TIMEOUT

_SOURCE = Path(__file__).with_name("lwip_host.c")
SENT = bytes(number % 251 for number in range(1024 * 1024))
"""What it sends."""


def digest(data: bytes) -> str:
    """Return what it prints when it has received this: the size, and FNV-1a."""
    value = 2166136261
    for byte in data:
        value = (value ^ byte) * 16777619 % 2**32
    return f"{len(data)} {value:08x}\n"


def compiled(folder: Path) -> Path:
    """The program; the test is skipped, by name, where it cannot be made."""
    compiler = require_program("gcc", "gcc")
    if not Path("/usr/include/lwip/lwip/tcpip.h").exists():
        pytest.skip("lwIP is not installed (Debian package liblwip-dev)")
    program = folder / "lwip_host"
    command = [compiler, "-O1", "-I/usr/include/lwip", "-o", str(program), str(_SOURCE), "-llwip", "-lpthread"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT)
    assert done.returncode == 0, done.stderr
    return program


class LwipHost:
    """The host's end of the line."""

    def __init__(self, line: socket.socket, process: asyncio.subprocess.Process) -> None:
        self._line = line
        self._process = process

    def send(self, packet: bytes) -> None:
        """Let the host receive a packet; one that it does not take is lost."""
        with suppress(OSError):
            self._line.send(packet)

    async def output(self) -> str:
        """Wait for the end of the program; return what it has written."""
        async with asyncio.timeout(TIMEOUT):
            out, _ = await self._process.communicate()
        return out.decode()


@asynccontextmanager
async def lwip_host(
    program: Path, address: str, port: int, receive: Callable[[bytes], None]
) -> AsyncIterator[LwipHost]:
    """Run it; `receive` is called with each packet that it sends."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    ours.setblocking(False)
    with ours:
        with theirs:
            process = await asyncio.create_subprocess_exec(
                program,
                str(theirs.fileno()),
                address,
                str(port),
                pass_fds=[theirs.fileno()],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        loop = asyncio.get_running_loop()
        loop.add_reader(ours, _read, ours, receive)
        try:
            yield LwipHost(ours, process)
        finally:
            loop.remove_reader(ours)
            if process.returncode is None:
                process.kill()
                await process.wait()


def _read(line: socket.socket, receive: Callable[[bytes], None]) -> None:
    for _ in range(64):
        try:
            packet = line.recv(65535)
        except (BlockingIOError, ConnectionError):
            return
        if packet:
            receive(packet)
