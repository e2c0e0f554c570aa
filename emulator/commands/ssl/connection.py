"""The secure socket: opening, online mode, closing, status. Guide 4.1, 4.2.1, 4.3 to 4.5."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, Text, between
from emulator.commands.context import Context
from emulator.commands.ssl.link import SslLink
from emulator.commands.ssl.settings import Ssid, of_socket, ssl_ready
from emulator.device.connection.states import Action, State
from emulator.device.ssl.dial import Dial
from emulator.device.ssl.socket import SecureSocket

ONLINE = 0
"""<connMode>: data mode; 1 stays in command mode."""
Closure = Annotated[
    int,
    Number(lambda profile: of_socket(profile).closure_types),
    "0 forgets the session when the socket closes, 1 keeps it for #SSLFASTD.",
]
Mode = Annotated[int, Number(lambda profile: of_socket(profile).modes), "0 online, 1 in command mode."]
DialTimeout = Annotated[
    int, Number(lambda profile: of_socket(profile).dial_timeout), "Handshake inactivity timeout, in tenths of a second."
]


ssl_dial = Command("#SSLD", source="guide 4.1", requires="secure_socket", needs=ssl_ready)


@ssl_dial.set
async def dial(
    at: Context,
    ssid: Ssid,
    port: Annotated[int, between(1, 65535)],
    address: Annotated[str, Text(255, pattern=".+", form="not empty")],
    closure: Closure,
    mode: Mode = FROM_PROFILE,
    timeout: DialTimeout = FROM_PROFILE,
) -> SslLink | None:
    """Open the secure socket to a remote server, in online or in command mode.

    Args:
        port: The port of the server.
        address: The name or the address of the server.

    Example:
        AT#SSLD=1,443,"echo.lab",0,1
    """
    with at.instance.dialling():
        await at.ssl.sockets[ssid].dial(Dial(address, port, closure), timeout / 10)
    return _opened(at.ssl.sockets[ssid], mode)


ssl_fast_dial = Command("#SSLFASTD", source="guide 4.4", requires="secure_socket", needs=ssl_ready)


@ssl_fast_dial.set
async def fast_dial(
    at: Context, ssid: Ssid, mode: Mode = FROM_PROFILE, timeout: DialTimeout = FROM_PROFILE
) -> SslLink | None:
    """Open the secure socket again by its kept session, without a full handshake.

    Example:
        AT#SSLD=1,443,"echo.lab",1,1
        AT#SSLH=1,1
        AT#SSLFASTD=1
    """
    with at.instance.dialling():
        await at.ssl.sockets[ssid].fast_dial(timeout / 10)
    return _opened(at.ssl.sockets[ssid], mode)


def _opened(socket: SecureSocket, mode: int) -> SslLink | None:
    if mode == ONLINE:
        return SslLink(socket)
    socket.announce()
    return None


ssl_resume = Command("#SSLO", source="guide 4.2.1", requires="secure_socket", needs=ssl_ready)


@ssl_resume.set
def resume(at: Context, ssid: Ssid) -> SslLink:
    """Return to online mode.

    Example:
        AT#SSLD=1,443,"echo.lab",0,1
        AT#SSLO=1
    """
    socket = at.ssl.sockets[ssid]
    socket.check(Action.RESUME)
    return SslLink(socket)


ssl_close = Command("#SSLH", source="guide 4.3", requires="secure_socket", needs=ssl_ready)


@ssl_close.set
def close(at: Context, ssid: Ssid, closure: Closure | None = None) -> None:
    """Close the secure socket; with closure type 1 its session is kept for #SSLFASTD.

    Example:
        AT#SSLD=1,443,"echo.lab",0,1
        AT#SSLH=1
    """
    at.ssl.sockets[ssid].close(closure)


ssl_status = Command("#SSLS", source="guide 4.5", requires="secure_socket")


@ssl_status.set
def show_status(at: Context, ssid: Ssid) -> Information:
    """Show whether the socket is disabled (0), closed (1) or open (2), and the suite of an open one.

    Example:
        AT#SSLD=1,443,"echo.lab",0,1
        AT#SSLS=1
    """
    socket = at.ssl.sockets[ssid]
    if socket.state is State.DISABLED:
        return Information.of(f"{at.name}: {ssid},0")
    if not socket.is_open:
        return Information.of(f"{at.name}: {ssid},1")
    suite = f",{socket.suite_number}" if at.ssl.profile.status_shows_suite else ""
    return Information.of(f"{at.name}: {ssid},2{suite}")
