"""The life cycle of the secure socket, as tables. Guide chapters 3 and 4.

`TRANSITIONS` says what each state allows and where it leads; `REFUSALS` says, for all that the host may ask for, why
a state refuses it. The causes behind the refusals stand in the firmware profile.
"""

from collections.abc import Callable, Mapping
from enum import Enum

from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.ssl import SecureSocketRefusals
from emulator.trace.events import StateChanged, Trace


class State(Enum):
    """Where the socket stands."""

    DISABLED = "disabled"
    CLOSED = "closed"
    LOST = "lost"
    """Closed, and not by the host: the peer, the network or a timeout has ended the connection."""
    CONNECTING = "connecting"
    ONLINE = "online"
    """Open, and the host is in data mode."""
    SUSPENDED = "open"
    """Open, and the host is in command mode."""


class Action(Enum):
    """What happens to it: the first eight are asked for by the host, the others come about."""

    ENABLE = "enable"
    DISABLE = "disable"
    CONFIGURE = "configure"
    DIAL = "dial"
    RESUME = "resume"
    SEND = "send"
    RECEIVE = "receive"
    CLOSE = "close"
    OPENED = "opened"
    FAILED = "failed"
    SUSPEND = "suspend"
    LOSE = "lose"


class Refusal(Enum):
    """Why a state refuses an action; the value is the field of the profile's `[secure_socket.refusals]`."""

    NOT_ENABLED = "not_enabled"
    ALREADY_ENABLED = "already_enabled"
    ALREADY_DISABLED = "already_disabled"
    OPEN = "open"
    ALREADY_OPEN = "already_open"
    NOT_OPEN = "not_open"
    DISCONNECTED = "disconnected"

    def cause(self, refusals: SecureSocketRefusals) -> Cause:
        """What the firmware answers."""
        cause: Cause = getattr(refusals, self.value)
        return cause


class ClosedBy(Enum):
    """Who ended the connection; the number is the <cause> that `NO CARRIER` may carry."""

    HOST = 0
    PEER = 1
    FAILURE = 2
    INACTIVITY = 3
    NETWORK = 4


TRANSITIONS: Mapping[tuple[State, Action], State] = {
    (State.DISABLED, Action.ENABLE): State.CLOSED,
    (State.CLOSED, Action.DISABLE): State.DISABLED,
    (State.CLOSED, Action.CONFIGURE): State.CLOSED,
    (State.CLOSED, Action.DIAL): State.CONNECTING,
    (State.LOST, Action.DISABLE): State.DISABLED,
    (State.LOST, Action.CONFIGURE): State.LOST,
    (State.LOST, Action.DIAL): State.CONNECTING,
    (State.CONNECTING, Action.OPENED): State.SUSPENDED,
    (State.CONNECTING, Action.FAILED): State.CLOSED,
    (State.SUSPENDED, Action.RESUME): State.ONLINE,
    (State.SUSPENDED, Action.SEND): State.SUSPENDED,
    (State.SUSPENDED, Action.RECEIVE): State.SUSPENDED,
    (State.SUSPENDED, Action.CLOSE): State.CLOSED,
    (State.SUSPENDED, Action.LOSE): State.LOST,
    (State.ONLINE, Action.SUSPEND): State.SUSPENDED,
    (State.ONLINE, Action.LOSE): State.LOST,
}

REFUSALS: Mapping[State, Mapping[Action, Refusal]] = {
    State.DISABLED: {
        Action.DISABLE: Refusal.ALREADY_DISABLED,
        Action.CONFIGURE: Refusal.NOT_ENABLED,
        Action.DIAL: Refusal.NOT_ENABLED,
        Action.RESUME: Refusal.NOT_ENABLED,
        Action.SEND: Refusal.NOT_ENABLED,
        Action.RECEIVE: Refusal.NOT_ENABLED,
        Action.CLOSE: Refusal.NOT_ENABLED,
    },
    State.CLOSED: {
        Action.ENABLE: Refusal.ALREADY_ENABLED,
        Action.RESUME: Refusal.NOT_OPEN,
        Action.SEND: Refusal.NOT_OPEN,
        Action.RECEIVE: Refusal.NOT_OPEN,
        Action.CLOSE: Refusal.NOT_OPEN,
    },
    State.LOST: {
        Action.ENABLE: Refusal.ALREADY_ENABLED,
        Action.RESUME: Refusal.NOT_OPEN,
        Action.SEND: Refusal.DISCONNECTED,
        Action.RECEIVE: Refusal.NOT_OPEN,
        Action.CLOSE: Refusal.NOT_OPEN,
    },
    State.CONNECTING: {
        Action.ENABLE: Refusal.ALREADY_ENABLED,
        Action.DISABLE: Refusal.OPEN,
        Action.CONFIGURE: Refusal.OPEN,
        Action.DIAL: Refusal.ALREADY_OPEN,
        Action.RESUME: Refusal.NOT_OPEN,
        Action.SEND: Refusal.NOT_OPEN,
        Action.RECEIVE: Refusal.NOT_OPEN,
        Action.CLOSE: Refusal.NOT_OPEN,
    },
    State.ONLINE: {
        Action.ENABLE: Refusal.ALREADY_ENABLED,
        Action.DISABLE: Refusal.OPEN,
        Action.CONFIGURE: Refusal.OPEN,
        Action.DIAL: Refusal.ALREADY_OPEN,
        Action.RESUME: Refusal.OPEN,
        Action.SEND: Refusal.OPEN,
        Action.RECEIVE: Refusal.OPEN,
        Action.CLOSE: Refusal.OPEN,
    },
    State.SUSPENDED: {
        Action.ENABLE: Refusal.ALREADY_ENABLED,
        Action.DISABLE: Refusal.OPEN,
        Action.CONFIGURE: Refusal.OPEN,
        Action.DIAL: Refusal.ALREADY_OPEN,
    },
}


class LifeCycle:
    """Moves through the tables, and tells the trace of each move."""

    def __init__(self, state: State, refusals: SecureSocketRefusals, trace: Trace) -> None:
        self.state = state
        self._refusals = refusals
        self._trace = trace
        self.guards: list[Callable[[State], None]] = []
        """Called with the state that an action would lead to, before it does; raise DeviceError to forbid it."""

    def __repr__(self) -> str:
        return f"<LifeCycle {self.state.value}>"

    def check(self, action: Action) -> None:
        """Refuse what the state does not allow.

        Raises:
            DeviceError: with the cause that the firmware has for it.
        """
        if (self.state, action) in TRANSITIONS:
            for guard in self.guards:
                guard(TRANSITIONS[self.state, action])
            return
        cause = REFUSALS[self.state][action].cause(self._refusals)
        raise DeviceError(cause, f"the socket is {self.state.value}")

    def change(self, action: Action) -> None:
        """Do what `action` leads to.

        Raises:
            DeviceError: as for `check`.
        """
        self.check(action)
        before, self.state = self.state, TRANSITIONS[self.state, action]
        if self.state is not before:
            self._trace.emit(StateChanged(thing="secure socket", before=before.value, after=self.state.value))
