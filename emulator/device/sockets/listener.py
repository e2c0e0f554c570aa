"""Who hears of a plain socket."""

from typing import Protocol

from emulator.device.connection.socket import SocketListener


class PlainSocketListener(SocketListener, Protocol):
    """The AT instance that has opened the connection, or listens."""

    def incoming(self) -> None:
        """A peer has connected, and waits to be accepted."""

    def listening_lost(self) -> None:
        """The network has gone while the socket listened."""
