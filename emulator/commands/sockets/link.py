"""The data link of a socket in online mode. IP Easy User Guide 3.2 and 5.2."""

from collections.abc import Callable

from emulator.at.answers import FailedResult, Final
from emulator.at.online import End, OnlineTerminal
from emulator.commands.link import OnlineHost
from emulator.device.connection.states import ClosedBy
from emulator.device.sockets.plain_socket import PlainSocket, PlainSocketListener


class SocketLink:
    """Joins a connection and the terminal."""

    takes_escape = True
    rate = 0

    def __init__(
        self,
        connection: PlainSocket,
        listener: PlainSocketListener,
        no_carrier: Callable[[ClosedBy], str],
        forwarding_character: bytes = b"",
    ) -> None:
        """Join them.

        Args:
            connection: the socket.
            listener: hears of the connection once it is suspended.
            no_carrier: gives the line that ends data mode.
            forwarding_character: sends what waits, itself included; empty for none.
        """
        self._connection = connection
        self._listener = listener
        self._no_carrier = no_carrier
        self._forwarding_character = forwarding_character

    @property
    def congested(self) -> bool:
        """Whether the peer takes less than the host sends."""
        return self._connection.congested

    def begin(self, terminal: OnlineTerminal) -> None:
        """Resume the connection; CONNECT stands before what it delivers."""
        self._connection.resume(OnlineHost(terminal, self._no_carrier), self._listener)

    def send(self, data: bytes) -> None:
        """Send what has come from the host; at once up to the forwarding character, where there is one."""
        *forwarded, rest = data.split(self._forwarding_character) if self._forwarding_character else (data,)
        for part in forwarded:
            self._connection.send_online(part + self._forwarding_character)
            self._connection.flush_online()
        if rest:
            self._connection.send_online(rest)

    def host_writable(self) -> None:
        """Deliver again what has come from the peer: the host takes more."""
        self._connection.host_writable()

    def escape(self) -> End:
        """Suspend the connection: OK; one that its peer has ended meanwhile is over."""
        ended = FailedResult.no_carrier("the peer has ended the connection before +++")
        return Final.OK if self._connection.suspend() else ended

    def hang_up(self) -> None:
        """Close the connection, if leaving data mode has not ended it."""
        if self._connection.suspend():
            self._connection.close()
