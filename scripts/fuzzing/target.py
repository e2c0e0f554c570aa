"""What a target of the fuzzer is."""

from random import Random
from typing import Protocol

from fuzzing.case import Case, Finding


class Target(Protocol):
    """One side of the module, with inputs for it and an oracle."""

    name: str
    summary: str
    weight: float
    """Its share of the inputs when several targets run: those that are fast have more."""

    def make(self, dice: Random) -> Case:
        """Make a case by chance; the same dice make the same case."""

    def play(self, case: Case) -> Finding | None:
        """Run a case; return what was wrong."""

    def inputs(self, case: Case) -> int:
        """Return how many inputs the case holds."""
