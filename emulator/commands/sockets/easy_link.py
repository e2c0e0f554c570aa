"""The data link of easy GPRS. AT Commands Reference Guide."""

from collections.abc import Callable

from emulator.at.answers import FailedResult, Final
from emulator.at.online import OnlineTerminal
from emulator.commands.link import OnlineHost
from emulator.device.connection.states import ClosedBy
from emulator.device.sockets.plain_socket import PlainSocket


class EasyLink:
    """Joins a connection and the terminal; nothing is left of it after data mode."""

    takes_escape = True
    rate = 0

    def __init__(self, connection: PlainSocket, ended: Callable[[], None] = lambda: None) -> None:
        """Call `ended` before the host hears of the end."""
        self._connection = connection
        self._ended = ended

    @property
    def congested(self) -> bool:
        """Whether the peer takes less than the host sends."""
        return self._connection.congested

    def begin(self, terminal: OnlineTerminal) -> None:
        """Begin; CONNECT stands before what the connection delivers."""
        listener = self._connection.listener
        assert listener is not None, "it was dialled or accepted"
        self._connection.resume(OnlineHost(terminal, self._no_carrier), listener)

    def _no_carrier(self, reason: ClosedBy) -> str:
        self._ended()
        return Final.NO_CARRIER.text

    def send(self, data: bytes) -> None:
        """Send what has come from the host."""
        self._connection.send_online(data)

    def host_writable(self) -> None:
        """Deliver again what has come from the peer: the host takes more."""
        self._connection.host_writable()

    def escape(self) -> FailedResult:
        """Close the connection: there is no way back into it."""
        self.hang_up()
        return FailedResult.no_carrier("+++ ends the connection: there is no way back into it")

    def hang_up(self) -> None:
        """Close the connection, if leaving data mode has not ended it."""
        if self._connection.suspend():
            self._connection.close()
        self._ended()
