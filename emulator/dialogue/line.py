"""Interfaces of a player: the line to a module, and the emulator's peer."""

from collections.abc import Mapping
from typing import Protocol

GUARD_TIME = 1.1
"""Seconds without a byte before and after +++; a module's S12 is one second unless it is set."""


class Line(Protocol):
    """Carry bytes to and from a module, and let its time pass. Echo is off, and there is no output yet."""

    name: str
    """What is at the other end."""
    timeout: float
    """Seconds of real time that it waits for an answer."""

    def send(self, data: bytes) -> None:
        """Send data to the module."""

    def read(self) -> bytes:
        """Return the output since the last call, without waiting."""

    async def hear(self, within: float | None) -> bytes:
        """Wait for output; return nothing once the module was silent for `within` seconds of its time.

        None stands for `timeout`.
        """

    async def rest(self) -> bytes:
        """Drain the output until silence; return what is worth showing in a report."""

    async def wait(self, seconds: float) -> None:
        """Let the module's time pass."""

    def values(self) -> Mapping[str, bytes]:
        """Return the module's values that a dialogue can name: the suite in use."""


class Peer(Protocol):
    """Act as the peer of the module's connections. Each wait takes at most the line's timeout."""

    async def connected(self) -> bool | None:
        """Wait for the next TLS session; return whether it was resumed, None when no session has come."""

    async def send(self, data: bytes) -> None:
        """Send data, and wait until the module has it where that can be seen."""

    async def hear(self, expected: bytes) -> bytes:
        """Return the data from the module since the last call, once it is `expected` or can no longer become it."""

    async def close(self) -> bool:
        """Close the session; return whether the module has noticed."""

    def file(self, name: str) -> bytes | None:
        """Return the content of a file of the FTP server; None without that file."""

    async def fetched(self, size: int | None) -> bool:
        """Return whether `size` bytes wait for #FTPRECV, or, with None, the whole file has come."""
