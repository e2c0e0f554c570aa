"""One voice call: its states, and why it has ended. 24.008 5, 27.007 7.18."""

import asyncio
from enum import Enum

import msgspec

from emulator.states import StateMachine, Symbol, Transitions


class CallState(Symbol):
    """State of a call."""

    DIALLING = "dialling"
    ALERTING = "alerting"
    """The other side rings."""
    INCOMING = "incoming"
    WAITING = "waiting"
    """It comes while another call is there."""
    ACTIVE = "active"
    HELD = "held"
    ENDED = "ended"


class CallTrigger(Symbol):
    """Event that changes the state of a call."""

    ALERTED = "the other side rings"
    ANSWERED = "answered"
    HOLD = "put on hold"
    RETRIEVED = "retrieved"
    FREED = "the other calls have ended"
    ENDED = "ended"


_CALLS = (
    CallState.DIALLING,
    CallState.ALERTING,
    CallState.INCOMING,
    CallState.WAITING,
    CallState.ACTIVE,
    CallState.HELD,
)

TRANSITIONS: Transitions[CallState, CallTrigger] = {
    (CallState.DIALLING, CallTrigger.ALERTED): CallState.ALERTING,
    (CallState.DIALLING, CallTrigger.ANSWERED): CallState.ACTIVE,
    (CallState.ALERTING, CallTrigger.ANSWERED): CallState.ACTIVE,
    (CallState.INCOMING, CallTrigger.ANSWERED): CallState.ACTIVE,
    (CallState.WAITING, CallTrigger.ANSWERED): CallState.ACTIVE,
    (CallState.WAITING, CallTrigger.FREED): CallState.INCOMING,
    (CallState.ACTIVE, CallTrigger.HOLD): CallState.HELD,
    (CallState.HELD, CallTrigger.RETRIEVED): CallState.ACTIVE,
    **{(state, CallTrigger.ENDED): CallState.ENDED for state in _CALLS},
}


class Release(Enum):
    """Cause of the end of a call: its number (24.008 annex H), and the text of +CEER."""

    NONE = (0, "No error")
    UNASSIGNED = (1, "Unassigned (unallocated) number")
    BARRED = (8, "Operator determined barring")
    NORMAL = (16, "Normal call clearing")
    BUSY = (17, "User busy")
    NO_ANSWER = (19, "User alerting, no answer")
    REJECTED = (21, "Call rejected")
    OUT_OF_ORDER = (38, "Network out of order")

    @property
    def number(self) -> int:
        """The number, for #CEER."""
        return self.value[0]

    @property
    def text(self) -> str:
        """The text, for +CEER."""
        return self.value[1]


class Call(msgspec.Struct, eq=False):
    """A call of the module with somebody."""

    id: int
    """<id> of +CLCC."""
    number: str
    """Of the other side; empty where it does not show its number."""
    incoming: bool
    machine: StateMachine[CallState, CallTrigger]
    owner: object | None = None
    """The AT instance that has dialled or answered it."""
    multiparty: bool = False
    withheld: bool = False
    """Whether the module has not shown its own number."""
    release: Release = Release.NONE
    """Why it has ended."""
    ended_by: object | None = None
    """The AT instance that has ended it; None where the other side or the network has."""
    result_is_due: bool = False
    """Whether the command that has dialled it still waits for its result, which then tells of the end."""
    tones: str = ""
    """What the module has sent by +VTS."""
    _moved: asyncio.Event = msgspec.field(default_factory=asyncio.Event)

    def __repr__(self) -> str:
        return f"<Call {self.id} {self.state.value}>"

    @property
    def state(self) -> CallState:
        """Return the state."""
        return self.machine.state

    def moved(self) -> None:
        """Tell whoever waits that the state has changed."""
        before, self._moved = self._moved, asyncio.Event()
        before.set()

    async def reached(self, *states: CallState) -> None:
        """Wait until the call is in one of the states, or has ended."""
        while self.state not in (*states, CallState.ENDED):
            await self._moved.wait()
