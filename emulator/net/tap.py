"""Tap: report the traffic of the module's TCP connections, for a capture."""

from typing import Protocol

from emulator.net.routes import Address
from emulator.trace.events import Direction


class ConnectionTap(Protocol):
    """Receives the events of one connection in order: by the module (sent) or by the peer (received)."""

    def opened(self) -> None:
        """The connection is open."""

    def carried(self, direction: Direction, data: bytes) -> None:
        """Data is being sent, or has come."""

    def finished(self, direction: Direction) -> None:
        """One side will send no more. Ignored when repeated, or after a reset."""

    def reset(self, direction: Direction) -> None:
        """One side has reset the connection, or has refused it."""


class Tap(Protocol):
    """Opens a tap for each connection."""

    def dialling(self, dialled: Address, connected: Address) -> ConnectionTap:
        """The module connects: `dialled` is what the host has dialled, `connected` the IP address."""

    def answering(self, caller: Address, port: int) -> ConnectionTap:
        """A peer connects to a port on which the module listens."""
