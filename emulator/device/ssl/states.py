"""Define the transitions and refusals of the secure socket. Guide chapters 3 and 4.

`TRANSITIONS` holds what each state allows; `REFUSALS` holds why a state refuses an action of the host. The causes
of the refusals stand in the firmware profile.
"""

from collections.abc import Callable, Mapping
from enum import Enum

from emulator.device.connection.states import LIFE, Action, State, traced
from emulator.device.needs.ssl import ClosedSecureSocket, EnabledSsl, OfSecureSocket, OpenSecureSocket
from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.ssl import SecureSocket, SecureSocketRefusals
from emulator.states import StateMachine, Transitions
from emulator.trace.trace import Trace


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
        """Return what the firmware answers."""
        cause: Cause = getattr(refusals, self.value)
        return cause


TRANSITIONS: Transitions[State, Action] = {
    (State.DISABLED, Action.ENABLE): State.CLOSED,
    (State.CLOSED, Action.DISABLE): State.DISABLED,
    **LIFE,
    (State.SUSPENDED, Action.LOSE): State.LOST,
    (State.ONLINE, Action.LOSE): State.LOST,
    (State.LOST, Action.DISABLE): State.DISABLED,
    (State.LOST, Action.CONFIGURE): State.LOST,
    (State.LOST, Action.DIAL): State.CONNECTING,
}

LOST_CAN_BE_CLOSED: Transitions[State, Action] = {(State.LOST, Action.CLOSE): State.CLOSED}
"""What firmware allows that answers OK to the host's closing of a lost connection."""

_USES = (Action.RESUME, Action.SEND, Action.RECEIVE, Action.CLOSE)
_IN_USE = {
    Action.ENABLE: Refusal.ALREADY_ENABLED,
    Action.DISABLE: Refusal.OPEN,
    Action.CONFIGURE: Refusal.OPEN,
    Action.DIAL: Refusal.ALREADY_OPEN,
}
_NOT_OPEN = dict.fromkeys(_USES, Refusal.NOT_OPEN)

REFUSALS: Mapping[State, Mapping[Action, Refusal]] = {
    State.DISABLED: {
        Action.DISABLE: Refusal.ALREADY_DISABLED,
        **dict.fromkeys((Action.CONFIGURE, Action.DIAL, *_USES), Refusal.NOT_ENABLED),
    },
    State.CLOSED: {Action.ENABLE: Refusal.ALREADY_ENABLED, **_NOT_OPEN},
    State.LOST: {Action.ENABLE: Refusal.ALREADY_ENABLED, **_NOT_OPEN, Action.SEND: Refusal.DISCONNECTED},
    State.CONNECTING: {**_IN_USE, **_NOT_OPEN},
    State.ONLINE: {**_IN_USE, **dict.fromkeys(_USES, Refusal.OPEN)},
    State.SUSPENDED: _IN_USE,
}


_NEEDS: Mapping[Refusal, type[OfSecureSocket]] = {
    Refusal.NOT_ENABLED: EnabledSsl,
    Refusal.OPEN: ClosedSecureSocket,
    Refusal.ALREADY_OPEN: ClosedSecureSocket,
    Refusal.NOT_OPEN: OpenSecureSocket,
    Refusal.DISCONNECTED: OpenSecureSocket,
}
_REASONS: Mapping[Refusal | State, str] = {
    Refusal.NOT_ENABLED: "SSL is disabled",
    Refusal.ALREADY_ENABLED: "SSL is enabled already",
    Refusal.ALREADY_DISABLED: "SSL is disabled already",
    State.CLOSED: "the secure socket is closed",
    State.LOST: "the connection of the secure socket has ended",
    State.CONNECTING: "the secure socket is connecting",
    State.ONLINE: "the secure socket is in data mode",
    State.SUSPENDED: "the secure socket is open",
}
"""In words, for the author of the host: the refusal, or the state where that says more."""


class SecureSocketStates(StateMachine[State, Action]):
    """State machine of the secure socket; guards may forbid a transition, too."""

    def __init__(self, state: State, ssid: int, profile: SecureSocket, trace: Trace) -> None:
        refusals = profile.refusals
        transitions = {**TRANSITIONS, **(LOST_CAN_BE_CLOSED if profile.lost_can_be_closed else {})}

        def refused(state: State, action: Action) -> DeviceError:
            refusal = REFUSALS[state][action]
            reason = _REASONS.get(refusal) or _REASONS[state]
            need = _NEEDS.get(refusal)
            return DeviceError(refusal.cause(refusals), reason, None if need is None else need(ssid=ssid))

        thing = "secure socket" if len(profile.identifiers.values) == 1 else f"secure socket {ssid}"
        super().__init__(transitions, state, refusal=refused, observer=traced(trace, thing))
        self.guards: list[Callable[[Action, State], None]] = []
        """Called with an action and the state that it would lead to, before it does; raise DeviceError to forbid it."""

    def check(self, trigger: Action) -> State:
        """See `StateMachine`; asks the guards, too."""
        after = super().check(trigger)
        for guard in self.guards:
            guard(trigger, after)
        return after
