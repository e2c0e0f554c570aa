"""What is known of one step: whether it was tried, whether the host came to its place, and what came of it."""

from dataclasses import dataclass, field
from enum import StrEnum

from emulator.explore.steps.step import Step
from emulator.explore.trials.trial import Result


class State(StrEnum):
    """State of a step within an exploration."""

    UNTRIED = "not tried"
    """The budget or the time was over before."""
    PUT_OFF = "put off"
    """Another step of its kind has broken the host at the same place; this one comes after all others."""
    NOT_REACHED = "not reached"
    """It was tried, but the run never came to its place."""
    SURVIVED = "survived"
    """The host has passed, or has failed honestly, alone or with others in one run."""
    GUILTY = "guilty"
    """It breaks the host by itself."""


@dataclass(eq=False)
class Tried:
    """A step and what is known of it; the map of an exploration is made from these."""

    step: Step
    state: State = State.UNTRIED
    result: Result | None = field(default=None, repr=False)
    """The run that told: of a guilty step its own run; of one that was survived, perhaps with others."""
    place: int = 0
    """Among all steps of the whole."""

    @property
    def cell(self) -> tuple[str, str, int, str | None]:
        """Return kind and place: its cell of the map."""
        return self.step.kind, self.step.command, self.step.occurrence, self.step.firmware

    def settle(self, state: State, result: Result) -> None:
        """Note what a run has told."""
        self.state, self.result = state, result
