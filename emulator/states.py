"""One state machine for whatever has states: a table of transitions, a named refusal, an observer for the trace.

machine = StateMachine(TRANSITIONS, State.CLOSED)
machine.apply(Action.DIAL)      # State.CONNECTING, or TransitionRefused
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Generic, TypeVar

StateT = TypeVar("StateT", bound=Enum)
TriggerT = TypeVar("TriggerT", bound=Enum)

Transitions = Mapping[tuple[StateT, TriggerT], StateT]
"""`(state, trigger)` leads to a state; a pair that is not in the table is refused."""


class Symbol(Enum):
    """Base of states and triggers. Hashes by identity, as an Enum's own hash is a call of Python for each look-up."""

    __hash__ = object.__hash__


class TransitionRefused(Exception):
    """The state does not allow the trigger."""

    def __init__(self, state: Enum, trigger: Enum) -> None:
        super().__init__(f"{state.value!r} does not allow {trigger.value!r}")
        self.state = state
        self.trigger = trigger


class StateMachine(Generic[StateT, TriggerT]):
    """Moves through one table."""

    __slots__ = ("_observer", "_refusal", "_transitions", "state")

    def __init__(
        self,
        transitions: Transitions[StateT, TriggerT],
        state: StateT,
        *,
        refusal: Callable[[StateT, TriggerT], Exception] = TransitionRefused,
        observer: Callable[[StateT, StateT], None] | None = None,
    ) -> None:
        """Begin in `state`.

        Args:
            transitions: the table.
            state: the first state.
            refusal: makes the exception for a pair that is not in the table.
            observer: is called with the state before and after each change.
        """
        self.state = state
        self._transitions = transitions
        self._refusal = refusal
        self._observer = observer

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.state.value}>"

    def check(self, trigger: TriggerT) -> StateT:
        """Return the state that `trigger` leads to, and stay.

        Raises:
            Exception: the one that `refusal` makes, where the table has no such transition.
        """
        after = self._transitions.get((self.state, trigger))
        if after is None:
            raise self._refusal(self.state, trigger)
        return after

    def apply(self, trigger: TriggerT) -> StateT:
        """Go to the state that `trigger` leads to, and return it.

        Raises:
            Exception: as for `check`.
        """
        before = self.state
        try:
            after = self._transitions[before, trigger]
        except KeyError:
            raise self._refusal(before, trigger) from None
        if after is not before:
            self.state = after
            if self._observer is not None:
                self._observer(before, after)
        return after
