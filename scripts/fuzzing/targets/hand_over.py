"""Hosts that follow one another at random moments, in a modem of its own: the stress of tests/line/hand_over.py."""

from random import Random

from fuzzing.case import Case, Finding, Step
from tests.line.hand_over import TRANSPORTS, Trapped, stress

_ROUNDS = 10


class HandOver:
    """Let hosts open a port, type anything in any mode, and go; each next one is answered."""

    name = "hand-over"
    summary = "hosts that follow one another at random moments, on every transport"
    weight = 0.002

    def make(self, dice: Random) -> Case:
        setting = {"transport": dice.choice(TRANSPORTS), "seed": str(dice.randrange(1 << 32))}
        return Case(self.name, (Step("rounds", _ROUNDS),), setting)

    def inputs(self, case: Case) -> int:
        return sum(step.argument for step in case.steps)

    def play(self, case: Case) -> Finding | None:
        try:
            stress(self.inputs(case), int(case.setting["seed"]), case.setting["transport"])
        except Trapped as trapped:
            return Finding("trapped", str(trapped))
        return None
