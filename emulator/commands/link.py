"""The host's side of a data link: what a connection of the device sees of a terminal in data mode."""

from collections.abc import Callable

from emulator.at.online import OnlineTerminal
from emulator.device.connection.states import ClosedBy


class OnlineHost:
    """Writes the line that ends data mode: NO CARRIER, as the chapter has it."""

    def __init__(self, terminal: OnlineTerminal, no_carrier: Callable[[ClosedBy], str]) -> None:
        self._terminal = terminal
        self._no_carrier = no_carrier

    @property
    def congested(self) -> bool:
        """Whether the host takes less than comes."""
        return self._terminal.congested

    def deliver(self, data: bytes) -> None:
        """Deliver what the peer has sent."""
        self._terminal.deliver(data)

    def writable(self) -> None:
        """Resume the host: the peer takes more."""
        self._terminal.writable()

    def connection_lost(self, reason: ClosedBy) -> None:
        """End data mode with the connection."""
        self._terminal.drop_carrier(self._no_carrier(reason), reason.described)
