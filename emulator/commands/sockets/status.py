"""State of the sockets: #SS, #SI, #SLASTCLOSURE. IP Easy User Guide 5.2."""

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.commands.sockets.settings import ConnectionId
from emulator.device.connection.states import State
from emulator.device.sockets.dial import UDP
from emulator.device.sockets.plain_socket import PlainSocket

_SOURCE = "IP Easy User Guide"

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


def _dial_status(at: Context, connection: PlainSocket) -> int:
    """Return the state of a connection that is being opened."""
    profile = at.profile.sockets
    return profile.resolving_status if connection.look_up.is_running else profile.connecting_status


def _status(at: Context, connection: PlainSocket) -> str:
    if connection.state is State.CONNECTING:
        return f"{at.name}: {connection.number},{_dial_status(at, connection)}"
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
    """Show how many bytes were sent, were read, wait to be read, and wait for the peer to take them.

    Example:
        AT#SD=1,0,7,"echo.lab",0,0,1
        AT#SI=1
    """
    return Information.of(_counts(at, at.device.sockets[connection_id]))


@socket_info.execute
def show_every_count(at: Context) -> Information:
    """Show the same for each connection."""
    return Information(tuple(_counts(at, connection) for connection in at.device.sockets.values()))


socket_type = Command("#ST", source=_SOURCE)

_TYPES = {0: 1, UDP: 2}
"""By <txProt>."""
_DIALLED, _LISTENS = 1, 2


def _type(at: Context, connection: PlainSocket) -> str:
    kind, direction = _TYPES[connection.protocol], _DIALLED if connection.dialled else _LISTENS
    if _STATES[connection.state] == 0:
        kind = direction = 0
    return f"{at.name}: {connection.number},{kind},{direction}"


@socket_type.execute
@socket_type.set
def show_type(at: Context, connection_id: ConnectionId | None = None) -> Information:
    """Show for one connection or each: 1 TCP or 2 UDP, and 1 dialled or 2 listening; 0 where it is closed.

    Example:
        AT#SD=1,0,7,"echo.lab",0,0,1
        AT#ST=1
    """
    sockets = at.device.sockets
    chosen = sockets.values() if connection_id is None else [sockets[connection_id]]
    return Information(tuple(_type(at, connection) for connection in chosen))


socket_last_closure = Command("#SLASTCLOSURE", source="LE910 Software User Guide")


def _closure(at: Context, connection: PlainSocket) -> str:
    cause = connection.last_closure
    return f"{at.name}: {connection.number},{cause.value if cause is not None else 0}"


@socket_last_closure.execute
@socket_last_closure.set
def show_closure(at: Context, connection_id: ConnectionId | None = None) -> Information:
    """Show how a connection has ended, or each of them: 1 by its peer, 2 aborted, 3 by silence, 4 by the network."""
    sockets = at.device.sockets
    chosen = sockets.values() if connection_id is None else [sockets[connection_id]]
    return Information(tuple(_closure(at, connection) for connection in chosen))
