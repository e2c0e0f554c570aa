"""The counters of the secure sockets."""

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.commands.context import Context
from emulator.commands.ssl.settings import Ssid
from emulator.device.ssl.socket import SecureSocket

ssl_info = Command("#SSLI", source="AT Commands Reference Guide of later lines", requires="secure_socket")


def _counts(at: Context, socket: SecureSocket) -> str:
    sent, received = socket.passed
    return f"{at.name}: {socket.ssid},{sent},{received},{socket.pending},{socket.unsent}"


@ssl_info.execute
@ssl_info.set
def show_counts(at: Context, ssid: Ssid | None = None) -> Information:
    """Show how many bytes were sent, were read, wait to be read, and wait for the peer to take them, sealed.

    Example:
        AT#SSLD=1,443,"echo.lab",0,1
        AT#SSLI=1
    """
    sockets = at.ssl.sockets
    chosen = sockets.values() if ssid is None else [sockets[ssid]]
    return Information(tuple(_counts(at, socket) for socket in chosen))
