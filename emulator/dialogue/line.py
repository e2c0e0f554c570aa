"""What a player needs: a line to a module, and, where the emulator has them, a peer and a look inside."""

from collections.abc import Mapping
from typing import Protocol

GUARD_TIME = 1.1
"""Seconds without a byte before and after +++; a module's S12 is one second unless it is set."""


class Line(Protocol):
    """Bytes to a module and from it, and time that passes for it. Echo is off, and nothing is said yet."""

    name: str
    """What is at the other end."""
    timeout: float
    """Seconds of real time that it waits for an answer."""

    def send(self, data: bytes) -> None:
        """Say this to the module."""

    def read(self) -> bytes:
        """What it has said since the last call, without waiting."""

    async def hear(self, within: float | None) -> bytes:
        """More of what it says, as soon as there is some; nothing once it was silent for `within` seconds of its time.

        None stands for `timeout`.
        """

    async def rest(self) -> bytes:
        """What it says until it falls silent, in so far as a report of it has use for."""

    async def wait(self, seconds: float) -> None:
        """Let so much of the module's time pass."""

    def values(self) -> Mapping[str, bytes]:
        """What is known of the module now that a dialogue can name: the suite in use."""


class Peer(Protocol):
    """The other side of the module's connections. Each wait is for at most the line's timeout."""

    async def connected(self) -> bool | None:
        """Wait for the next TLS session: whether it was resumed; None when none has come."""

    async def send(self, data: bytes) -> None:
        """Say this, and wait until the module has it where that can be seen."""

    async def hear(self, expected: bytes) -> bytes:
        """What the module has sent since the last call, once that is `expected`, or cannot become so any more."""

    async def close(self) -> bool:
        """Close the session: whether the module has noticed."""

    def file(self, name: str) -> bytes | None:
        """What the FTP server's file holds; None when there is none."""

    async def fetched(self, size: int | None) -> bool:
        """Whether so many bytes wait for #FTPRECV, or, with None, the file has ended."""
