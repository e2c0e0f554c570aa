"""Who hears of a plain connection, and what is read from it."""

from dataclasses import dataclass
from typing import Protocol

from emulator.device.ssl.states import ClosedBy
from emulator.net.routes import Address


class ConnectionListener(Protocol):
    """The AT instance that has opened the connection, or listens; it hears of what no command asked for."""

    def data_waits(self) -> None:
        """Data has come; said once until some of it is read."""

    def incoming(self) -> None:
        """Somebody has connected, and waits to be accepted."""

    def carrier_lost(self, reason: ClosedBy) -> None:
        """The connection has ended while the host was in command mode."""

    def listening_lost(self) -> None:
        """The network has gone while the connection listened."""


@dataclass(frozen=True)
class Reading:
    """What one read gives."""

    data: bytes
    source: Address | None
    """Who has sent it."""
    left: int
    """Bytes that can still be read: with UDP, of the same datagram."""
