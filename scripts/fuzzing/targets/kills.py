"""Kills of a process that writes its state, at random moments: what was acknowledged is there at the next start."""

from random import Random

from fuzzing.case import Case, Finding, Step
from tests.device.kills import survive

_KILLS = 2


class Kills:
    """Kill a module while a host lets it write, and look at what it has kept."""

    name = "kills"
    summary = "kill -9 while the module writes its state"
    weight = 0.0001

    def make(self, dice: Random) -> Case:
        return Case(self.name, (Step("kills", _KILLS),), {"seed": str(dice.randrange(1 << 32))})

    def inputs(self, case: Case) -> int:
        return sum(step.argument for step in case.steps)

    def play(self, case: Case) -> Finding | None:
        outcome = survive(self.inputs(case), int(case.setting["seed"]))
        return Finding("lost", "; ".join(outcome.lost)) if outcome.lost else None
