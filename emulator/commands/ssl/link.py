"""The data link of the secure socket in online mode. Guide 4.2.1."""

from emulator.at.answers import Final
from emulator.at.online import OnlineTerminal
from emulator.commands.link import OnlineHost
from emulator.commands.ssl.urc import no_carrier
from emulator.device.connection.states import State
from emulator.device.ssl.socket import SecureSocket


class SslLink:
    """Joins the secure socket and the terminal."""

    takes_escape = True
    rate = 0

    def __init__(self, socket: SecureSocket) -> None:
        self._socket = socket

    @property
    def congested(self) -> bool:
        """Whether the peer takes less than the host sends."""
        return self._socket.congested

    def begin(self, terminal: OnlineTerminal) -> None:
        """Resume the connection; CONNECT stands before what it delivers."""
        self._socket.resume(OnlineHost(terminal, lambda reason: no_carrier(self._socket, reason)))

    def send(self, data: bytes) -> None:
        """Send what has come from the host."""
        self._socket.send_online(data)

    def host_writable(self) -> None:
        """Deliver again what has come from the peer: the host takes more."""
        self._socket.host_writable()

    def escape(self) -> Final:
        """Suspend the connection; the answer is OK."""
        self._socket.suspend()
        return Final.OK

    def hang_up(self) -> None:
        """Close the connection, if leaving data mode has not ended it."""
        self._socket.suspend()
        if self._socket.state is State.SUSPENDED:
            self._socket.close()
