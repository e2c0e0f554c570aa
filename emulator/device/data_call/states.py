"""Define the transitions of a data call: online, suspended by the escape sequence, over. V.250 6.3.7."""

from emulator.device.connection.states import Action, State, traced
from emulator.states import StateMachine, Transitions
from emulator.trace.trace import Trace

TRANSITIONS: Transitions[State, Action] = {
    (State.CONNECTING, Action.RESUME): State.ONLINE,
    (State.SUSPENDED, Action.RESUME): State.ONLINE,
    (State.ONLINE, Action.SUSPEND): State.SUSPENDED,
    (State.CONNECTING, Action.LOSE): State.CLOSED,
    (State.ONLINE, Action.LOSE): State.CLOSED,
    (State.SUSPENDED, Action.LOSE): State.CLOSED,
}


def call_states(trace: Trace) -> StateMachine[State, Action]:
    """Make the machine of one call."""
    return StateMachine(TRANSITIONS, State.CONNECTING, observer=traced(trace, "data call"))
