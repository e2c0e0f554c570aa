"""The secure socket in online mode, between the terminal and the module. Guide 4.2.1."""

from emulator.at.answers import Final
from emulator.at.online import OnlineTerminal
from emulator.commands.link import HostSide
from emulator.commands.ssl.urc import carrier_text
from emulator.device.device import SslService
from emulator.device.ssl.states import State


class OnlineSocket:
    """The secure socket as the terminal's data link."""

    takes_escape = True

    def __init__(self, ssl: SslService) -> None:
        self._ssl = ssl

    @property
    def congested(self) -> bool:
        """Whether the peer takes less than the host sends."""
        return self._ssl.socket.congested

    def begin(self, terminal: OnlineTerminal) -> None:
        """CONNECT has been said."""
        self._ssl.socket.resume(HostSide(terminal, lambda reason: carrier_text(self._ssl, reason)))

    def send(self, data: bytes) -> None:
        """The host sent this."""
        self._ssl.socket.data_mode.send(data)

    def host_writable(self) -> None:
        """The host takes more again."""
        self._ssl.socket.data_mode.deliver()

    def escape(self) -> Final:
        """Suspend the connection; the answer is OK."""
        self._ssl.socket.suspend()
        return Final.OK

    def hang_up(self) -> None:
        """Close the connection, if leaving data mode has not ended it."""
        self._ssl.socket.suspend()
        if self._ssl.socket.state is State.SUSPENDED:
            self._ssl.socket.close()
