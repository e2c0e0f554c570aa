"""The states of a plain connection, and what each of them allows. IP Easy User Guide 3.2."""

from collections.abc import Mapping
from enum import Enum

from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.sockets import SocketRefusals
from emulator.trace.events import StateChanged, Trace


class State(Enum):
    """Where a connection stands."""

    CLOSED = "closed"
    OPENING = "opening"
    ONLINE = "online"
    """Open, and a host is in data mode."""
    SUSPENDED = "open"
    """Open, and the host is in command mode."""
    LISTENING = "listening"
    INCOMING = "incoming"
    """Somebody has connected, and waits to be accepted."""


class Action(Enum):
    """What happens to it; the value is the field of `SocketRefusals` that says why another state refuses it."""

    CONFIGURE = "in_use", "configure"
    DIAL = "in_use", "dial"
    LISTEN = "in_use", "listen"
    UNLISTEN = "not_open", "listen no more"
    RESUME = "not_open", "resume"
    SEND = "not_open", "send"
    RECEIVE = "not_open", "receive"
    ACCEPT = "not_open", "accept"
    CLOSE = "in_use", "close"
    OPENED = "not_open", "opened"
    SUSPEND = "not_open", "suspend"
    ARRIVE = "not_open", "arrive"
    REFUSE = "not_open", "refuse"
    END = "not_open", "end"

    def refusal(self, refusals: SocketRefusals) -> Cause:
        """What the firmware answers."""
        cause: Cause = getattr(refusals, self.value[0])
        return cause


TRANSITIONS: Mapping[tuple[State, Action], State] = {
    (State.CLOSED, Action.CONFIGURE): State.CLOSED,
    (State.CLOSED, Action.DIAL): State.OPENING,
    (State.CLOSED, Action.LISTEN): State.LISTENING,
    (State.OPENING, Action.OPENED): State.SUSPENDED,
    (State.OPENING, Action.END): State.CLOSED,
    (State.SUSPENDED, Action.RESUME): State.ONLINE,
    (State.SUSPENDED, Action.SEND): State.SUSPENDED,
    (State.SUSPENDED, Action.RECEIVE): State.SUSPENDED,
    (State.SUSPENDED, Action.CLOSE): State.SUSPENDED,
    (State.SUSPENDED, Action.END): State.CLOSED,
    (State.ONLINE, Action.SUSPEND): State.SUSPENDED,
    (State.ONLINE, Action.END): State.CLOSED,
    (State.LISTENING, Action.ARRIVE): State.INCOMING,
    (State.LISTENING, Action.UNLISTEN): State.LISTENING,
    (State.LISTENING, Action.END): State.CLOSED,
    (State.INCOMING, Action.ACCEPT): State.SUSPENDED,
    (State.INCOMING, Action.CLOSE): State.INCOMING,
    (State.INCOMING, Action.UNLISTEN): State.INCOMING,
    (State.INCOMING, Action.REFUSE): State.LISTENING,
    (State.INCOMING, Action.END): State.CLOSED,
}


class SocketLife:
    """Moves through the table, and tells the trace of each move."""

    def __init__(self, number: int, refusals: SocketRefusals, trace: Trace) -> None:
        self.state = State.CLOSED
        self._number = number
        self._refusals = refusals
        self._trace = trace

    def __repr__(self) -> str:
        return f"<SocketLife {self.state.value}>"

    def check(self, action: Action) -> None:
        """Refuse what the state does not allow.

        Raises:
            DeviceError: with the cause that the firmware has for it.
        """
        if (self.state, action) not in TRANSITIONS:
            raise DeviceError(action.refusal(self._refusals), f"connection {self._number} is {self.state.value}")

    def change(self, action: Action) -> None:
        """Do what `action` leads to.

        Raises:
            DeviceError: as for `check`.
        """
        self.check(action)
        before, self.state = self.state, TRANSITIONS[self.state, action]
        if self.state is not before:
            thing = f"socket {self._number}"
            self._trace.emit(StateChanged(thing=thing, before=before.value, after=self.state.value))
