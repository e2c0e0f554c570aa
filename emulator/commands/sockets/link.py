"""A plain socket as the terminal sees it: in online mode, and what it says unasked. IP Easy User Guide 3.2 and 5.2."""

from emulator.at.answers import Final
from emulator.at.online import OnlineTerminal
from emulator.commands.context import AtInstance
from emulator.commands.link import HostSide
from emulator.device.sockets.connection import Connection
from emulator.device.sockets.listener import Reading
from emulator.device.sockets.settings import PlainSocketSettings
from emulator.device.sockets.sockets import PlainSockets
from emulator.device.sockets.states import State
from emulator.device.ssl.states import ClosedBy
from emulator.firmware.schema.sockets import Sockets

_WITH_SOURCE = 3
_WITH_DATA = (2, _WITH_SOURCE)
"""<srMode>."""
HEXADECIMAL = 1
"""<recvDataMode> and <sendDataMode>."""


def shown(data: bytes, mode: int) -> bytes:
    """Data as <recvDataMode> has it."""
    return data.hex().upper().encode() if mode == HEXADECIMAL else data


class PlainLink:
    """The connection as the terminal's data link."""

    takes_escape = True

    def __init__(self, connection: Connection, notices: "PlainNotices") -> None:
        self._connection = connection
        self._notices = notices

    @property
    def congested(self) -> bool:
        """Whether the peer takes less than the host sends."""
        return self._connection.congested

    def begin(self, terminal: OnlineTerminal) -> None:
        """CONNECT has been said."""
        self._connection.resume(HostSide(terminal, self._notices.carrier_text), self._notices)

    def send(self, data: bytes) -> None:
        """The host sent this."""
        self._connection.data_mode.send(data)

    def host_writable(self) -> None:
        """The host takes more again."""
        self._connection.data_mode.deliver()

    def escape(self) -> Final:
        """Suspend the connection: OK; one that its peer has ended meanwhile is over."""
        return Final.OK if self._connection.suspend() else Final.NO_CARRIER

    def hang_up(self) -> None:
        """Close the connection, if leaving data mode has not ended it."""
        if self._connection.suspend():
            self._connection.close()


class PlainNotices:
    """Tells the AT instance that has opened a connection, or listens."""

    def __init__(self, sockets: PlainSockets, number: int, profile: Sockets, host: AtInstance) -> None:
        self._sockets = sockets
        self._number = number
        self._profile = profile
        self._host = host

    @property
    def _settings(self) -> PlainSocketSettings:
        return self._sockets.settings[self._number]

    @property
    def _connection(self) -> Connection:
        return self._sockets[self._number]

    def carrier_text(self, reason: ClosedBy) -> str:
        """How the end of the connection is said (<noCarrierMode>)."""
        match self._settings.no_carrier_mode:
            case 1:
                return f"{Final.NO_CARRIER.text}:{self._number}"
            case 2:
                return f"{Final.NO_CARRIER.text}:{self._number},{reason.value}"
            case _:
                return Final.NO_CARRIER.text

    def data_waits(self) -> None:
        """See `module.sockets.listener.ConnectionListener`."""
        match self._settings.ring_mode:
            case 0:
                self._host.notify(f"SRING: {self._number}")
            case 1:
                self._host.notify(f"SRING: {self._number},{self._connection.pending}")
            case mode:
                self._show_data(with_source=mode == _WITH_SOURCE)

    def _show_data(self, *, with_source: bool) -> None:
        """Show what has come, as far as the host takes it; the rest when it takes more."""
        while not self._host.congested and (reading := self._connection.take(self._profile.ring_data_limit)):
            data = shown(reading.data, self._settings.receive_mode).decode("latin-1")
            head = described(self._number, reading) if with_source else f"{self._number},{len(reading.data)}"
            self._host.notify(f"SRING: {head},{data}")
        if self._connection.state is State.SUSPENDED and self._connection.pending:
            self._host.when_idle(self._show_more)

    def _show_more(self) -> None:
        if self._settings.ring_mode in _WITH_DATA:
            self._show_data(with_source=self._settings.ring_mode == _WITH_SOURCE)

    def incoming(self) -> None:
        """See `module.sockets.listener.ConnectionListener`."""
        if self._settings.listen_mode:
            self._host.when_idle(self._accept)
        else:
            self._host.notify(f"SRING: {self._number}")

    def _accept(self) -> PlainLink | None:
        if self._connection.state is not State.INCOMING:
            return None
        self._connection.accept()
        return PlainLink(self._connection, self)

    def carrier_lost(self, reason: ClosedBy) -> None:
        """See `module.sockets.listener.ConnectionListener`."""
        self._host.notify(self.carrier_text(reason))

    def listening_lost(self) -> None:
        """See `module.sockets.listener.ConnectionListener`."""
        self._host.notify("#SL: ABORTED")


def described(number: int, reading: Reading) -> str:
    """Where data comes from, its size and what is left of it, as SRING mode 3 and <UDPInfo> have it."""
    address, port = reading.source or ("", 0)
    return f'"{address}",{port},{number},{len(reading.data)},{reading.left}'
