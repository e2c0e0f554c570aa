"""A host whose TCP/IP is that of the Linux kernel: any program, in a network of its own behind a TUN device.

No privilege is needed where users may make namespaces, and nothing of this machine's network changes.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.peers.sockets import TIMEOUT

ADDRESS = "10.1.1.2"
"""Of the host."""
_NAMESPACE = ("unshare", "--user", "--map-root-user", "--net", "--")
_SETUP = Path(__file__).with_name("tun_program.py")


@cache
def _obstacle() -> str | None:
    """Say what is missing for such a host; None when all is there."""
    if shutil.which(_NAMESPACE[0]) is None:
        return "unshare is not installed (Debian package util-linux)"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "this machine has no TUN device"
    tried = subprocess.run([*_NAMESPACE, sys.executable, str(_SETUP)], capture_output=True, text=True, timeout=TIMEOUT)
    return None if tried.returncode == 0 else f"no TUN device can be made here: {tried.stderr.strip()[-200:]}"


class KernelHost:
    """The host's end of the line."""

    def __init__(self, tun: int, process: asyncio.subprocess.Process) -> None:
        self._tun = tun
        self._process = process

    def send(self, packet: bytes) -> None:
        """Let the host receive a packet."""
        os.write(self._tun, packet)

    async def output(self) -> str:
        """Wait for the end of the program; return what it has written."""
        async with asyncio.timeout(TIMEOUT):
            out, _ = await self._process.communicate()
        return out.decode()


@asynccontextmanager
async def kernel_host(
    program: str | Sequence[str], receive: Callable[[bytes], None], mtu: int = 1500
) -> AsyncIterator[KernelHost]:
    """Run a program, or lines of Python; `receive` is called with each packet that its kernel sends.

    The test is skipped, by name, where there can be no such host.
    """
    if (obstacle := _obstacle()) is not None:
        pytest.skip(obstacle)
    command = [sys.executable, "-c", program] if isinstance(program, str) else list(program)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = await asyncio.create_subprocess_exec(
            *_NAMESPACE, sys.executable, str(_SETUP), str(theirs.fileno()), str(mtu), *command,
            pass_fds=[theirs.fileno()], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        theirs.close()
        tun = await asyncio.to_thread(_received_descriptor, ours)
    loop = asyncio.get_running_loop()
    os.set_blocking(tun, False)
    loop.add_reader(tun, _read, tun, receive)
    try:
        yield KernelHost(tun, process)
    finally:
        loop.remove_reader(tun)
        os.close(tun)
        if process.returncode is None:
            process.kill()
            await process.wait()


def _received_descriptor(connection: socket.socket) -> int:
    connection.settimeout(TIMEOUT)
    _, descriptors, _, _ = socket.recv_fds(connection, 1, 1)
    return descriptors[0]


def _read(tun: int, receive: Callable[[bytes], None]) -> None:
    for _ in range(64):
        try:
            packet = os.read(tun, 65535)
        except BlockingIOError:
            return
        if packet[:1] and packet[0] >> 4 == 4:  # the kernel says something in IPv6, too
            receive(packet)
