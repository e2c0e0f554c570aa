"""Where whoever captures the module's traffic is told of it: right beside the sockets."""

from typing import Protocol

from emulator.net.routes import Address
from emulator.trace.events import Direction


class ConnectionTap(Protocol):
    """Is told what happens to one connection, in its order: by the module (sent) or by its peer (received)."""

    def opened(self) -> None:
        """The connection has come about."""

    def carried(self, direction: Direction, data: bytes) -> None:
        """Data was handed over to be sent, or has come."""

    def finished(self, direction: Direction) -> None:
        """One side will send no more. A second time, or after a reset, it means nothing."""

    def reset(self, direction: Direction) -> None:
        """One side has broken the connection, or has refused it before it was opened."""


class Tap(Protocol):
    """Is told of every connection."""

    def dialling(self, dialled: Address, connected: Address) -> ConnectionTap:
        """The module begins to connect. What it has dialled is a name or an address; `connected` is an IP address."""

    def answering(self, caller: Address, port: int) -> ConnectionTap:
        """Somebody connects to a port on which the module listens."""
