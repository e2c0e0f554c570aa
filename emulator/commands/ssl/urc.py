"""URCs of a secure socket: NO CARRIER, SSLSRING. Guide 4.2 and 4.3. They go to the AT instance that owns it."""

from typing import TYPE_CHECKING

from emulator.at.answers import Final
from emulator.commands.context import AtInstance

if TYPE_CHECKING:
    from emulator.device.connection.states import ClosedBy
    from emulator.device.ssl.socket import SecureSocket

_RING_DATA_LIMIT = 1300
"""Bytes shown by one SSLSRING with data, by analogy with SRING."""


def no_carrier(socket: "SecureSocket", reason: "ClosedBy") -> str:
    """Form the line for the end of the connection, as #SSLCFG has it."""
    match socket.settings.configuration.no_carrier_mode:
        case 1:
            return f"{Final.NO_CARRIER.text}:SSL,{socket.ssid}"
        case 2:
            return f"{Final.NO_CARRIER.text}:SSL,{socket.ssid},{reason.value}"
        case _:
            return Final.NO_CARRIER.text


class SslUrcs:
    """Writes the URCs of one secure socket to one AT instance: a `device.connection.socket.SocketListener`."""

    def __init__(self, socket: "SecureSocket", instance: AtInstance) -> None:
        self._socket = socket
        self._instance = instance

    def data_waits(self, size: int) -> None:
        """Report data that waits to be read: SSLSRING."""
        match self._socket.settings.configuration.ring_mode:
            case 1:
                self._instance.notify(f"SSLSRING: {self._socket.ssid},{size}")
            case 2:
                self._show_data()

    def more_data_waits(self, size: int) -> None:
        """Report it again where SSLSRING has the size."""
        if self._socket.settings.configuration.ring_mode == 1:
            self._instance.notify(f"SSLSRING: {self._socket.ssid},{size}")

    def _show_data(self) -> None:
        """Show what has come, as far as the host takes it; the rest waits to be read."""
        while not self._instance.congested and (reading := self._socket.take(_RING_DATA_LIMIT)):
            self._instance.notify(f"SSLSRING: {self._socket.ssid},{len(reading.data)},{reading.data.decode('latin-1')}")

    def connection_lost(self, reason: "ClosedBy") -> None:
        """Report the end of the connection: NO CARRIER."""
        self._instance.tell_connection_ended(reason.described)
        self._instance.notify(no_carrier(self._socket, reason))
