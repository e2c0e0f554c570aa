"""A trial: one run of the host program with some steps aside, and what came of it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from emulator.explore.far_end.check import Check
from emulator.explore.steps.step import Step
from emulator.explore.trials.verdict import Outcome
from emulator.faults.census import Census
from emulator.matrix.result import Ending
from emulator.matrix.story import Story


@dataclass(frozen=True)
class Trial:
    """What is to be run."""

    number: int
    firmware: str
    steps: tuple[Step, ...]
    """None in the healthy run; several in a group of variations, or a pair."""
    limit: float
    """Seconds of real time, after which the host hangs."""
    takes_census: bool = False
    silence: float = math.inf
    """Seconds of real time that a host may wait without a sign for somebody who is none of the lab's servers."""

    @property
    def faults(self) -> Sequence[Mapping[str, Any]]:
        """Return the faults of all steps, as a scenario has them."""
        return [fault for step in self.steps for fault in step.faults]


@dataclass(frozen=True)
class Result:
    """What came of a trial."""

    trial: Trial
    outcome: Outcome
    ending: Ending
    story: Story = field(repr=False)
    check: Check | None = None
    """What `--check` and the built-in checks have said; None where there are none."""
    census: Census | None = field(default=None, repr=False)
    is_stuck: bool = False
    """Whether the host was ended before its limit, since nothing was left that could have let it go on."""

    @property
    def fired(self) -> bool:
        """Return whether every step has happened: else the run came by another way and tells nothing."""
        return all(tally.fired for tally in self.story.faults)

    @property
    def happened(self) -> Sequence[bool]:
        """Return of each step of the trial whether it has happened: all of its faults have triggered."""
        fired = iter([tally.fired > 0 for tally in self.story.faults])
        of_steps = [[next(fired, True) for _ in step.faults] for step in self.trial.steps]
        return [all(flags) for flags in of_steps]
