"""A finding: what is wrong with the host, told once, with the least scenario that shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from emulator.explore.steps.step import Step
from emulator.explore.trials.trial import Result
from emulator.explore.trials.verdict import Outcome


@dataclass
class Finding:
    """A distinct outcome."""

    number: int
    firmware: str
    outcome: Outcome
    place: str
    """Where the host went wrong, as in `#SSLRECV`; and where the step applied, if that was elsewhere."""
    sentence: str
    """What was done, what the host saw, what it did, what a robust host does."""
    steps: Sequence[Step]
    """What is left of the steps when they have been reduced."""
    result: Result = field(repr=False)
    """A run of the reduced scenario."""
    runs: int = 1
    """How many runs have shown it."""
    scenario: Path | None = None
    """The file of the reduced scenario."""
    shown: tuple[int, int] = (0, 0)
    """How often the reduced scenario has shown it, of how many times that it was run again."""
    commands: Sequence[str] = ()
    """At which commands of the host it was seen, in their order."""
    reruns: int = 0
    """How many runs its reduction and confirmation took."""

    start: Result | None = field(default=None, repr=False)
    """The run from which it was reduced."""
    also: tuple[str, ...] = ()
    """Further firmwares that have shown it, where several are explored."""

    @property
    def firmwares(self) -> str:
        """Return all firmwares that have shown it, with commas between them."""
        return ", ".join((self.firmware, *self.also))

    @property
    def is_steady(self) -> bool:
        """Return whether the reduced scenario has shown it each time."""
        return self.shown[0] == self.shown[1]
