"""Decides when a fault triggers: counts how often its address matched and how often it fired."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from emulator.at.syntax import Form
from emulator.clock import Clock, Timer
from emulator.faults.conditions import Condition
from emulator.faults.fault import Fault
from emulator.later import later
from emulator.trace.defect import reporting
from emulator.trace.trace import Trace

if TYPE_CHECKING:
    import random
else:
    random = later("random")


class Rule:
    """Count one fault of a modem."""

    def __init__(self, number: int, fault: Fault, seed: int) -> None:
        self.number = number
        """Number of the rule, from 1 on."""
        self.fault = fault
        self.place = fault.place
        self._command = fault.command.upper() if fault.command is not None else None
        host: str | None = getattr(fault, "host", None)
        self._host = host.lower() if host is not None else None
        self.fired = 0
        """Number of firings."""
        self.obstacle: str | None = None
        """Why it could not fire the last time; None when it could."""
        self.random = random.Random(f"{seed}/{number}")
        self.preceded_by: int | None = None
        """Number of the rule that took its place the last time."""
        self.condition: Condition | None = None
        """Condition that it has begun last, if it is a fault that lasts."""
        self.asked = 0
        """How often its place was reached, with any address."""
        self.matched = 0
        """How often its address matched."""
        self.due = 0
        """How often it was to trigger; at a byte or a message that is still to come, perhaps."""
        self._timers: set[Timer] = set()

    def __repr__(self) -> str:
        return f"<Rule {self}>"

    def __str__(self) -> str:
        limit = self.fault.times or "always"
        why_not = f"; {self.obstacle}" if self.obstacle else ""
        return f"{self.number}: {self.fault.rule} ({self.fired} of {limit}{why_not})"

    @property
    def exhausted(self) -> bool:
        """Whether it triggers no more."""
        return 0 < self.fault.times <= self.fired

    def matches(self, names: frozenset[str], terminal: str, now: float, host: str | None = None) -> bool:
        """Count one occurrence and return whether the fault triggers now.

        Args:
            names: what the host's latest command may be called.
            terminal: the AT instance at which it happens.
            now: seconds of the module's time.
            host: the server that it has to do with.
        """
        self.asked += 1
        if self._command is not None and self._command not in names:
            return False
        fault = self.fault
        elsewhere = fault.terminal not in (None, terminal) or self._host not in (None, host and host.lower())
        if self.exhausted or elsewhere or now < fault.time:
            return False
        self.matched += 1
        if self.matched < fault.occurrence or not (fault.probability == 1 or self.random.random() < fault.probability):
            return False
        self.due += 1
        return True

    def begin(self, condition: Condition | None) -> None:
        """Keep a condition, and end the one from before."""
        before, self.condition = self.condition, condition
        if before is not None:
            before.end()

    def end(self) -> None:
        """End the condition and cancel the timers."""
        self._stop_waiting()
        if self.condition is not None:
            self.condition.end()

    def forget(self) -> None:
        """Cancel the timers and leave the condition as it is."""
        self._stop_waiting()
        if self.condition is not None:
            self.condition.forget()

    def wait(self, clock: Clock, trace: Trace, when: float, action: Callable[[], None]) -> None:
        """Call `action` at `when`, unless the rule is removed before; `trace` is told when it fails."""

        def due() -> None:
            self._timers.discard(timer)
            action()

        timer = clock.call_at(when, reporting(trace, "a fault", due))
        self._timers.add(timer)

    def _stop_waiting(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()


def written_names(names: Sequence[str], form: Form) -> frozenset[str]:
    """Return what a rule may call the command: its name, alone or with its form; a test only with its form."""
    written = frozenset(f"{name}{_SIGNS[form]}" for name in names)
    return written if form is Form.TEST else written.union(names)


def specific_name(names: Sequence[str], form: Form) -> str:
    """Return the name by which a rule means this form of the command alone, as in `+CREG?`."""
    return f"{names[0]}{_SIGNS[form]}"


_SIGNS = {Form.EXECUTE: "", Form.SET: "=", Form.READ: "?", Form.TEST: "=?"}
