"""Plain sockets: dialling, online mode, closing, and what #SS and #SI tell of them. IP Easy User Guide 3.2 and 5.2."""

from typing import Annotated

from emulator.at.answers import Final, Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, Text, between
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.commands.sockets.link import SocketLink
from emulator.commands.sockets.settings import ConnectionId
from emulator.commands.sockets.urc import urcs_of
from emulator.device.connection.states import State
from emulator.device.sockets.dial import Dial
from emulator.device.sockets.plain_socket import PlainSocket

ONLINE = 0
"""<connMode>."""

Mode = Annotated[int, Number(lambda profile: profile.sockets.modes)]
Closure = Annotated[int, Number(lambda profile: profile.sockets.closure_types)]
Port = Annotated[int, between(0, 65535)]

_SOURCE = "IP Easy User Guide"


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
    address: Annotated[str, Text(255, pattern=".+")],
    closure: Closure = FROM_PROFILE,
    local_port: Annotated[int, between(0, 65535, default=0)] = FROM_PROFILE,
    mode: Mode = FROM_PROFILE,
) -> SocketLink | None:
    """Connect to a peer by TCP (0) or UDP (1), in online or in command mode."""
    connection = at.device.sockets[connection_id]
    if at.device.sockets.settings[connection_id].abort_mode:
        at.instance.typing_calls(connection.abort_dialling)
    try:
        await connection.dial(Dial(protocol, address, port, closure, local_port), urcs_of(at, connection_id))
    finally:
        at.instance.typing_calls(None)
    return begin(at, connection_id, mode)


socket_resume = Command("#SO", source=_SOURCE)


@socket_resume.set
def resume(at: Context, connection_id: ConnectionId) -> SocketLink | Final:
    """Return to online mode; NO CARRIER where nothing is suspended."""
    if at.device.sockets[connection_id].state is not State.SUSPENDED:
        return Final.NO_CARRIER
    return urcs_of(at, connection_id).link


socket_close = Command("#SH", source=_SOURCE)


@socket_close.set
def close(at: Context, connection_id: ConnectionId) -> None:
    """Close a connection, or refuse one that waits to be accepted; OK, too, where nothing is open."""
    at.device.sockets[connection_id].close()


socket_status = Command("#SS", source=_SOURCE, test=no_values)

_STATES = {
    State.CLOSED: 0,
    State.CONNECTING: 0,
    State.ONLINE: 1,
    State.SUSPENDED: 2,
    State.LISTENING: 4,
    State.INCOMING: 5,
}
_WITH_PENDING_DATA = 3


def _status(at: Context, connection: PlainSocket) -> str:
    state = _STATES[connection.state]
    if connection.state is State.SUSPENDED and connection.pending:
        state = _WITH_PENDING_DATA
    fields: list[object] = [connection.number, state]
    if state:
        fields += [at.device.contexts.address(connection.cid), connection.local_port, *(connection.remote or ())]
    return f"{at.name}: {','.join(map(str, fields))}"


@socket_status.set
def show_status(at: Context, connection_id: ConnectionId) -> Information:
    """Show the state of one connection and its ends."""
    return Information.of(_status(at, at.device.sockets[connection_id]))


@socket_status.execute
def show_every_status(at: Context) -> Information:
    """Show the state of each connection and its ends."""
    return Information(tuple(_status(at, connection) for connection in at.device.sockets.values()))


socket_info = Command("#SI", source=_SOURCE)


def _counts(at: Context, connection: PlainSocket) -> str:
    sent, received = connection.passed
    return f"{at.name}: {connection.number},{sent},{received},{connection.pending},{connection.unsent}"


@socket_info.set
def show_counts(at: Context, connection_id: ConnectionId) -> Information:
    """Show how many bytes were sent, have come, wait to be read, and wait for the peer to take them."""
    return Information.of(_counts(at, at.device.sockets[connection_id]))


@socket_info.execute
def show_every_count(at: Context) -> Information:
    """Show the same for each connection."""
    return Information(tuple(_counts(at, connection) for connection in at.device.sockets.values()))


socket_last_closure = Command("#SLASTCLOSURE", source="LE910 Software User Guide")


def _closure(at: Context, connection: PlainSocket) -> str:
    cause = connection.last_closure
    return f"{at.name}: {connection.number},{cause.value if cause is not None else 0}"


@socket_last_closure.set
def show_closure(at: Context, connection_id: ConnectionId | None = None) -> Information:
    """Show how a connection has ended, or each of them: 1 by its peer, 2 aborted, 3 by silence, 4 by the network."""
    sockets = at.device.sockets
    chosen = sockets.values() if connection_id is None else [sockets[connection_id]]
    return Information(tuple(_closure(at, connection) for connection in chosen))


@socket_last_closure.execute
def show_every_closure(at: Context) -> Information:
    """Show it for each connection."""
    return show_closure(at)
