"""States of a socket: what the secure socket and the plain ones have in common. Their own tables build on `LIFE`."""

from collections.abc import Callable
from enum import Enum

from emulator.states import Symbol, Transitions
from emulator.trace.events import StateChanged, Trace


class State(Symbol):
    """Where a socket stands; each service's table has those that it knows."""

    DISABLED = "disabled"
    CLOSED = "closed"
    LOST = "lost"
    """Closed, and not by the host: the peer, the network or a timeout has ended the connection."""
    CONNECTING = "connecting"
    ONLINE = "online"
    """Open, and the host is in data mode."""
    SUSPENDED = "open"
    """Open, and the host is in command mode."""
    LISTENING = "listening"
    INCOMING = "incoming"
    """A peer has connected, and waits to be accepted."""


class Action(Symbol):
    """What happens to a socket; the host asks for all down to `ACCEPT`."""

    ENABLE = "enable"
    DISABLE = "disable"
    CONFIGURE = "configure"
    DIAL = "dial"
    RESUME = "resume"
    SEND = "send"
    RECEIVE = "receive"
    CLOSE = "close"
    LISTEN = "listen"
    UNLISTEN = "listen no more"
    ACCEPT = "accept"
    OPENED = "opened"
    FAILED = "failed"
    SUSPEND = "suspend"
    LOSE = "lose"
    ARRIVE = "arrive"
    REFUSE = "refuse"


class ClosedBy(Enum):
    """Who ended the connection; the number is the <cause> that `NO CARRIER` may carry."""

    HOST = 0
    PEER = 1
    FAILURE = 2
    INACTIVITY = 3
    NETWORK = 4


LIFE: Transitions[State, Action] = {
    (State.CLOSED, Action.CONFIGURE): State.CLOSED,
    (State.CLOSED, Action.DIAL): State.CONNECTING,
    (State.CONNECTING, Action.OPENED): State.SUSPENDED,
    (State.CONNECTING, Action.FAILED): State.CLOSED,
    (State.SUSPENDED, Action.RESUME): State.ONLINE,
    (State.SUSPENDED, Action.SEND): State.SUSPENDED,
    (State.SUSPENDED, Action.RECEIVE): State.SUSPENDED,
    (State.SUSPENDED, Action.CLOSE): State.CLOSED,
    (State.ONLINE, Action.SUSPEND): State.SUSPENDED,
}
"""Dialled, online or suspended, closed by the host."""


def traced(trace: Trace, thing: str) -> Callable[[State, State], None]:
    """Return an observer that tells the trace how `thing` moves."""

    def changed(before: State, after: State) -> None:
        trace.emit(StateChanged(thing=thing, before=before.value, after=after.value))

    return changed
