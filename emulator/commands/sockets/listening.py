"""Plain sockets that wait for a peer: #SL, #SLUDP, #SA. IP Easy User Guide 3.2 and 5.2."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, fixed
from emulator.commands.context import Context
from emulator.commands.sockets.connection import Closure, Mode, Port, begin
from emulator.commands.sockets.link import SocketLink
from emulator.commands.sockets.settings import ConnectionId
from emulator.commands.sockets.urc import urcs_of
from emulator.device.connection.states import Action, State
from emulator.device.sockets.dial import UDP

_SOURCE = "IP Easy User Guide"
_TCP = 0

Listening = Annotated[int, fixed(0, 1), "0 stops, 1 listens."]


async def _listen(at: Context, connection_id: int, protocol: int, listening: int, port: int, closure: int) -> None:
    connection = at.device.sockets[connection_id]
    if listening:
        await connection.listen(protocol, port, closure, urcs_of(at, connection_id))
    else:
        connection.stop_listening(protocol)


def _listeners(at: Context, protocol: int, *, with_closure: bool) -> Information | None:
    lines = [
        f"{at.name}: {connection.number},{connection.local_port}" + (f",{connection.closure}" if with_closure else "")
        for connection in at.device.sockets.values()
        if connection.state is State.LISTENING and connection.protocol == protocol
    ]
    return Information(tuple(lines)) if lines else None


socket_listen = Command("#SL", source=_SOURCE)


@socket_listen.set
async def listen(
    at: Context, connection_id: ConnectionId, listening: Listening, port: Port, closure: Closure = FROM_PROFILE
) -> None:
    """Listen for a TCP connection (1), or stop (0); `SRING: <connId>` reports one.

    Example:
        AT#SL=1,1,0
    """
    await _listen(at, connection_id, _TCP, listening, port, closure)


@socket_listen.read
def show_listeners(at: Context) -> Information | None:
    """Show the sockets that listen, with port and closure type."""
    return _listeners(at, _TCP, with_closure=True)


socket_listen_udp = Command("#SLUDP", source=_SOURCE)


@socket_listen_udp.set
async def listen_udp(at: Context, connection_id: ConnectionId, listening: Listening, port: Port) -> None:
    """Listen for UDP datagrams (1), or stop (0); `SRING: <connId>` reports the first.

    Example:
        AT#SLUDP=1,1,0
    """
    await _listen(at, connection_id, UDP, listening, port, 0)


@socket_listen_udp.read
def show_udp_listeners(at: Context) -> Information | None:
    """Show the sockets that wait for datagrams, with their ports."""
    return _listeners(at, UDP, with_closure=False)


socket_accept = Command("#SA", source=_SOURCE)


@socket_accept.set
def accept(at: Context, connection_id: ConnectionId, mode: Mode = FROM_PROFILE) -> SocketLink | None:
    """Accept the connection that SRING has reported, in online or in command mode."""
    connection = at.device.sockets[connection_id]
    connection.check(Action.ACCEPT)
    connection.accept()
    return begin(at, connection_id, mode)
