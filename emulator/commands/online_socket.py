"""The secure socket in online mode, between the terminal and the module. Guide 4.2.1."""

from emulator.at.answers import Final
from emulator.at.online import OnlineTerminal
from emulator.commands.carrier import carrier_text
from emulator.module.life_cycle import ClosedBy, State
from emulator.module.module import SslService


class OnlineSocket:
    """The secure socket as the terminal's data link."""

    def __init__(self, ssl: SslService) -> None:
        self._ssl = ssl

    @property
    def congested(self) -> bool:
        """Whether the peer takes less than the host sends."""
        return self._ssl.socket.congested

    def begin(self, terminal: OnlineTerminal) -> None:
        """CONNECT has been said."""
        self._ssl.socket.resume(_HostSide(self._ssl, terminal))

    def send(self, data: bytes) -> None:
        """The host sent this."""
        self._ssl.socket.send_online(data)

    def host_writable(self) -> None:
        """The host takes more again."""
        self._ssl.socket.host_writable()

    def escape(self) -> Final:
        """Suspend the connection; the answer is OK."""
        self._ssl.socket.suspend()
        return Final.OK

    def hang_up(self) -> None:
        """Close the connection, if leaving data mode has not ended it."""
        if self._ssl.socket.state is State.SUSPENDED:
            self._ssl.socket.close()


class _HostSide:
    """What the secure socket sees of the terminal."""

    def __init__(self, ssl: SslService, terminal: OnlineTerminal) -> None:
        self._ssl = ssl
        self._terminal = terminal

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
        self._terminal.drop_carrier(carrier_text(self._ssl, reason))
