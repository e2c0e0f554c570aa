"""URCs of the sockets: SRING, NO CARRIER, #SL, #SKTL. IP Easy User Guide 3.2 and 5.2.

They go to the AT instance that has opened the connection, or listens.
"""

from typing import TYPE_CHECKING

from emulator.at.answers import Final
from emulator.commands.context import AtInstance, Context
from emulator.device.sockets.settings import PlainSocketSettings
from emulator.firmware.schema.sockets import Sockets
from emulator.later import later

if TYPE_CHECKING:
    from emulator.commands.sockets import easy_link, lines
    from emulator.commands.sockets import link as socket_link
    from emulator.device.connection import states
    from emulator.device.sockets.plain_socket import PlainSocket
    from emulator.device.sockets.sockets import PlainSockets
else:
    easy_link = later("emulator.commands.sockets.easy_link")
    lines = later("emulator.commands.sockets.lines")
    socket_link = later("emulator.commands.sockets.link")
    states = later("emulator.device.connection.states")

_WITH_SOURCE = 3
_WITH_DATA = (2, _WITH_SOURCE)
"""<srMode>."""


def urcs_of(at: Context, connection_id: int) -> "SocketUrcs":
    """Return the URCs of a connection for the AT instance that the command came from."""
    return SocketUrcs(at.device.sockets, connection_id, at.profile.sockets, at.instance)


class SocketUrcs:
    """Writes the URCs of one connection: a `device.sockets.plain_socket.PlainSocketListener`."""

    def __init__(self, sockets: "PlainSockets", number: int, profile: Sockets, instance: AtInstance) -> None:
        self._sockets = sockets
        self._number = number
        self._profile = profile
        self._instance = instance

    @property
    def _settings(self) -> PlainSocketSettings:
        return self._sockets.settings[self._number]

    @property
    def _connection(self) -> "PlainSocket":
        return self._sockets[self._number]

    @property
    def link(self) -> "socket_link.SocketLink":
        """The data link whose end is said as these URCs say it."""
        return socket_link.SocketLink(self._connection, self, self._no_carrier, self._forwarding_character)

    @property
    def _forwarding_character(self) -> bytes:
        """The character that sends what waits; empty where none does."""
        settings = self._instance.settings
        return bytes((settings["#PADFWD.character"],)) if settings["#PADCMD"] else b""

    def _no_carrier(self, reason: "states.ClosedBy") -> str:
        """Form the line for the end of the connection, as <noCarrierMode> has it."""
        match self._settings.no_carrier_mode:
            case 1:
                return f"{Final.NO_CARRIER.text}:{self._number}"
            case 2:
                return f"{Final.NO_CARRIER.text}:{self._number},{reason.value}"
            case _:
                return Final.NO_CARRIER.text

    def data_waits(self, size: int) -> None:
        """Report data that waits to be read: SRING."""
        match self._settings.ring_mode:
            case 0:
                self._instance.notify(f"SRING: {self._number}")
            case 1:
                self._instance.notify(f"SRING: {self._number},{size}")
            case mode:
                self._show_data(with_source=mode == _WITH_SOURCE)

    def more_data_waits(self, size: int) -> None:
        """Report it again where SRING has the size; IP Easy User Guide 5.3.2."""
        if self._settings.ring_mode == 1:
            self._instance.notify(f"SRING: {self._number},{size}")

    def _show_data(self, *, with_source: bool) -> None:
        """Show what has come, as far as the host takes it; the rest when it takes more."""
        while not self._instance.congested and (reading := self._connection.take(self._profile.ring_data_limit)):
            data = lines.shown(reading.data, self._settings.receive_mode).decode("latin-1")
            head = lines.described(self._number, reading) if with_source else f"{self._number},{len(reading.data)}"
            self._instance.notify(f"SRING: {head},{data}")
        if self._connection.state is states.State.SUSPENDED and self._connection.pending:
            self._instance.when_idle(self._show_more)

    def _show_more(self) -> None:
        if self._settings.ring_mode in _WITH_DATA:
            self._show_data(with_source=self._settings.ring_mode == _WITH_SOURCE)

    def incoming(self) -> None:
        """Report a peer that waits to be accepted: SRING; or accept it at once, as <listenAutoRsp> has it."""
        if self._settings.listen_mode:
            self._instance.when_idle(self._accept)
        else:
            self._instance.notify(f"SRING: {self._number}")

    def _accept(self) -> "socket_link.SocketLink | None":
        if self._connection.state is not states.State.INCOMING:
            return None
        self._connection.accept()
        return self.link

    def connection_lost(self, reason: "states.ClosedBy") -> None:
        """Report the end of the connection: NO CARRIER."""
        self._instance.tell_connection_ended(reason.described)
        self._instance.notify(self._no_carrier(reason))

    def listening_lost(self) -> None:
        """Report that the socket listens no longer."""
        self._instance.notify("#SL: ABORTED")


class EasyUrcs:
    """Writes the URCs of a connection: a `device.sockets.plain_socket.PlainSocketListener`.

    It has no command mode, and so nothing to say there of its data or its end.
    """

    def __init__(self, instance: AtInstance, connection: "PlainSocket") -> None:
        self._instance = instance
        self._connection = connection

    def data_waits(self, size: int) -> None:
        """Say nothing."""

    def more_data_waits(self, size: int) -> None:
        """Say nothing."""

    def connection_lost(self, reason: "states.ClosedBy") -> None:
        """Say nothing."""

    def incoming(self) -> None:
        """Take the peer as soon as no command runs."""
        self._instance.when_idle(self._take)

    def _take(self) -> "easy_link.EasyLink | None":
        if self._connection.state is not states.State.INCOMING:
            return None
        self._connection.accept()
        address, _ = self._connection.remote or ("", 0)
        self._instance.notify(f"+CONN FROM: {address}")
        return easy_link.EasyLink(self._connection)

    def listening_lost(self) -> None:
        """Report that the module listens no longer."""
        self._instance.notify("#SKTL: ABORT")
