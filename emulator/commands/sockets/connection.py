"""Connections of the sockets: dialling, online mode, closing. IP Easy User Guide 3.2 and 5.2."""

from typing import Annotated

from emulator.at.answers import FailedResult
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, Text, between
from emulator.commands.context import Context
from emulator.commands.sockets.link import SocketLink
from emulator.commands.sockets.settings import ConnectionId
from emulator.commands.sockets.urc import urcs_of
from emulator.device.connection.states import State
from emulator.device.needs.sockets import OpenSocket
from emulator.device.sockets.dial import Dial
from emulator.errors import DeviceError

ONLINE = 0
"""<connMode>."""

Mode = Annotated[int, Number(lambda profile: profile.sockets.modes), "0 online, 1 in command mode."]
Closure = Annotated[
    int,
    Number(lambda profile: profile.sockets.closure_types),
    "What the module does when the peer has closed: 0 closes, too; 255 waits for the host.",
]
Port = Annotated[int, between(0, 65535), "The port of the peer, or the one to listen on."]

_SOURCE = "IP Easy User Guide"
_IPV6 = 2
"""<userIpType>."""


def begin(at: Context, connection_id: int, mode: int) -> SocketLink | None:
    """Go on with an open connection as <connMode> says."""
    connection = at.device.sockets[connection_id]
    if mode == ONLINE:
        return urcs_of(at, connection_id).link
    connection.announce()
    return None


socket_dial = Command("#SD", source=_SOURCE)


@socket_dial.set
async def dial(
    at: Context,
    connection_id: ConnectionId,
    protocol: Annotated[int, Number(lambda profile: profile.sockets.protocols)],
    port: Port,
    address: Annotated[str, Text(255, pattern=".+", form="not empty")],
    closure: Closure = FROM_PROFILE,
    local_port: Annotated[int, between(0, 65535, default=0)] = FROM_PROFILE,
    mode: Mode = FROM_PROFILE,
    interval: Annotated[int, Number(lambda profile: profile.sockets.transmission_intervals)] | None = None,
    address_type: Annotated[int, Number(lambda profile: profile.sockets.address_types)] | None = None,
) -> SocketLink | None:
    """Connect to a peer by TCP (0) or UDP (1), in online or in command mode.

    Args:
        protocol: 0 TCP, 1 UDP.
        address: The name or the address of the peer.
        local_port: The module's own port for UDP.
        interval: The time between datagrams; without effect.
        address_type: 0 that of the context, 1 IPv4, 2 IPv6, which the network does not have.

    Example:
        AT#SD=1,0,7,"echo.lab",0,0,1
    """
    connection, settings = at.device.sockets[connection_id], at.device.sockets.settings[connection_id]
    if address_type == _IPV6:
        raise DeviceError(at.profile.sockets.refusals.address_type, "address_type is 2; the network has IPv4 alone")
    dialled = Dial(protocol, address, port, closure, local_port)
    if settings.immediate_response and mode != ONLINE:
        connection.dial_in_background(dialled, urcs_of(at, connection_id))
        return None
    if settings.abort_mode:
        at.instance.typing_calls(connection.abort_dialling)
    try:
        with at.instance.dialling():
            await connection.dial(dialled, urcs_of(at, connection_id))
    finally:
        at.instance.typing_calls(None)
    return begin(at, connection_id, mode)


socket_resume = Command("#SO", source=_SOURCE)


@socket_resume.set
def resume(at: Context, connection_id: ConnectionId) -> SocketLink | FailedResult:
    """Return to online mode; NO CARRIER where nothing is suspended.

    Example:
        AT#SD=1,0,7,"echo.lab",0,0,1
        AT#SO=1
    """
    if at.device.sockets[connection_id].state is not State.SUSPENDED:
        return FailedResult.no_carrier(f"connection {connection_id} is not suspended", OpenSocket(connection_id))
    return urcs_of(at, connection_id).link


socket_close = Command("#SH", source=_SOURCE)


@socket_close.set
def close(at: Context, connection_id: ConnectionId) -> None:
    """Close a connection, or refuse one that waits to be accepted; OK, too, where nothing is open.

    Example:
        AT#SD=1,0,7,"echo.lab",0,0,1
        AT#SH=1
    """
    at.device.sockets[connection_id].close()
