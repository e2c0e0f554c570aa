"""What a connection of the module sees of a terminal in data mode."""

from collections.abc import Callable

from emulator.at.online import OnlineTerminal
from emulator.device.ssl.states import ClosedBy


class HostSide:
    """Turns the end of the connection into the words that the host is told."""

    def __init__(self, terminal: OnlineTerminal, carrier_text: Callable[[ClosedBy], str]) -> None:
        self._terminal = terminal
        self._carrier_text = carrier_text

    @property
    def congested(self) -> bool:
        """Whether the host takes less than comes."""
        return self._terminal.congested

    def deliver(self, data: bytes) -> None:
        """The peer sent this."""
        self._terminal.deliver(data)

    def writable(self) -> None:
        """The peer takes more again."""
        self._terminal.writable()

    def carrier_lost(self, reason: ClosedBy) -> None:
        """The connection has ended."""
        self._terminal.drop_carrier(self._carrier_text(reason))
