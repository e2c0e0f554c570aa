"""A fault at work: how often its address was met, how often it has fired, and its share of chance."""

from random import Random

from emulator.faults.fault import Fault


class Rule:
    """Made by `FaultPlan.add`."""

    def __init__(self, number: int, fault: Fault, seed: int) -> None:
        self.number = number
        """By which it can be named, from 1 on."""
        self.fault = fault
        self.fired = 0
        """How often it has fired."""
        self.random = Random(f"{seed}/{number}")  # noqa: S311  it must be the same each time
        self._met = 0

    def __repr__(self) -> str:
        return f"<Rule {self}>"

    def __str__(self) -> str:
        limit = self.fault.times or "always"
        return f"{self.number}: {self.fault.rule} ({self.fired} of {limit})"

    @property
    def exhausted(self) -> bool:
        """Whether it fires no more."""
        return 0 < self.fault.times <= self.fired

    def meets(self, names: frozenset[str], terminal: str, now: float) -> bool:
        """Count one more thing of the kind that the fault is addressed to; whether it fires at this one.

        Args:
            names: what the host's latest command may be called.
            terminal: the AT instance at which it happens.
            now: seconds of the module's time.
        """
        fault = self.fault
        elsewhere = fault.terminal not in (None, terminal)
        if self.exhausted or elsewhere or now < fault.time:
            return False
        if fault.command is not None and fault.command.upper() not in names:
            return False
        self._met += 1
        return self._met >= fault.occurrence and (fault.probability == 1 or self.random.random() < fault.probability)
