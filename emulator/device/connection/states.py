"""Name the states of a socket, and the transitions `LIFE` that every kind of socket has."""

from collections.abc import Callable
from enum import Enum

from emulator.states import Symbol, Transitions
from emulator.trace.events import StateChanged
from emulator.trace.trace import Trace


class State(Symbol):
    """State of a socket; each service uses some of them."""

    DISABLED = "disabled"
    CLOSED = "closed"
    LOST = "lost"
    """Closed by the peer, the network or a timeout, not by the host."""
    CONNECTING = "connecting"
    ONLINE = "online"
    """Open, and the host is in data mode."""
    SUSPENDED = "open"
    """Open, and the host is in command mode."""
    LISTENING = "listening"
    INCOMING = "incoming"
    """A peer has connected, and waits to be accepted."""


class Action(Symbol):
    """Trigger of a transition; the host asks for those up to `ACCEPT`."""

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

    @property
    def described(self) -> str:
        """Why the connection has ended, in words."""
        return _DESCRIBED[self]


_DESCRIBED = {
    ClosedBy.HOST: "the host has closed the connection",
    ClosedBy.PEER: "the peer has closed the connection",
    ClosedBy.FAILURE: "the connection has failed: the peer has reset it, or what came was wrong",
    ClosedBy.INACTIVITY: "nothing has passed for as long as the inactivity timeout of the connection",
    ClosedBy.NETWORK: "the context is no longer active, so that the connection has ended",
}


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
    """Return an observer that traces the changes of `thing`."""

    def changed(before: State, after: State) -> None:
        trace.emit(StateChanged(thing=thing, before=before.value, after=after.value))

    return changed
