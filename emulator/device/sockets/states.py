"""Define the transitions of a plain socket. IP Easy User Guide 3.2."""

from collections.abc import Callable

from emulator.device.connection.states import LIFE, Action, State, traced
from emulator.errors import Cause, DeviceError, Need
from emulator.firmware.schema.sockets import SocketRefusals
from emulator.states import StateMachine, Transitions
from emulator.trace.trace import Trace

TRANSITIONS: Transitions[State, Action] = {
    **LIFE,
    (State.SUSPENDED, Action.LOSE): State.CLOSED,
    (State.ONLINE, Action.LOSE): State.CLOSED,
    (State.CLOSED, Action.LISTEN): State.LISTENING,
    (State.LISTENING, Action.ARRIVE): State.INCOMING,
    (State.LISTENING, Action.UNLISTEN): State.CLOSED,
    (State.LISTENING, Action.LOSE): State.CLOSED,
    (State.INCOMING, Action.ACCEPT): State.SUSPENDED,
    (State.INCOMING, Action.REFUSE): State.LISTENING,
    (State.INCOMING, Action.UNLISTEN): State.CLOSED,
    (State.INCOMING, Action.LOSE): State.CLOSED,
}

_NEEDS_A_FREE_SOCKET = {Action.CONFIGURE, Action.DIAL, Action.LISTEN, Action.CLOSE}
LISTENS = (State.LISTENING, State.INCOMING)
"""The states in which the socket has a port that peers can reach."""


def refusal_of(state: State, action: Action, refusals: SocketRefusals) -> Cause:
    """Return what the firmware answers where the state does not allow the action."""
    if action is Action.LISTEN and state in LISTENS:
        return refusals.listening
    return refusals.in_use if action in _NEEDS_A_FREE_SOCKET else refusals.not_open


_REASONS = {
    State.CONNECTING: "is connecting",
    State.ONLINE: "is in data mode, at another port or channel of the module",
    State.INCOMING: "has a peer that waits to be accepted",
}


def plain_socket_states(
    name: str, refusals: SocketRefusals, need: Callable[[State, Action], Need | None], trace: Trace
) -> StateMachine[State, Action]:
    """Make the machine of one socket, which the trace calls `name`; `need` tells what a refused action needs."""

    def refused(state: State, action: Action) -> DeviceError:
        reason = f"{name} {_REASONS.get(state, f'is {state.value}')}"
        return DeviceError(refusal_of(state, action, refusals), reason, need(state, action))

    return StateMachine(TRANSITIONS, State.CLOSED, refusal=refused, observer=traced(trace, name))
