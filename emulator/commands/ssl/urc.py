"""What the secure socket says unasked: NO CARRIER as the connection ends, SSLSRING as data waits. Guide 4.2, 4.3."""

from emulator.at.answers import Final
from emulator.commands.context import AtInstance
from emulator.device.device import SslService
from emulator.device.ssl.states import ClosedBy

_RING_DATA_LIMIT = 1300
"""Bytes shown by one SSLSRING in data mode, by analogy with SRING."""


def carrier_text(ssl: SslService, reason: ClosedBy) -> str:
    """How the end of the connection is said."""
    match ssl.configuration.no_carrier_mode:
        case 1:
            return f"{Final.NO_CARRIER.text}:SSL,1"
        case 2:
            return f"{Final.NO_CARRIER.text}:SSL,1,{reason.value}"
        case _:
            return Final.NO_CARRIER.text


class SocketNotices:
    """Tells the AT instance that owns SSL."""

    def __init__(self, ssl: SslService, host: AtInstance) -> None:
        self._ssl = ssl
        self._host = host

    def data_waits(self, size: int) -> None:
        """See `module.secure_socket.SocketListener`."""
        match self._ssl.configuration.ring_mode:
            case 1:
                self._host.notify(f"SSLSRING: 1,{size}")
            case 2:
                self._show_data()

    def _show_data(self) -> None:
        """Show what has come, as far as the host takes it; the rest waits to be read."""
        while not self._host.congested and (data := self._ssl.socket.take(_RING_DATA_LIMIT)):
            self._host.notify(f"SSLSRING: 1,{len(data)},{data.decode('latin-1')}")

    def carrier_lost(self, reason: ClosedBy) -> None:
        """See `module.secure_socket.SocketListener`."""
        self._host.notify(carrier_text(self._ssl, reason))
