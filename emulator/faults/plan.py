"""The faults of one modem: added before a start or while it runs, and asked for at each place that work passes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from emulator.at.syntax import Form
from emulator.clock import Clock, Timer
from emulator.device.network.coverage import Admission
from emulator.errors import UserError
from emulator.faults.fault import (
    ActivationFault,
    Connection,
    ConnectionFault,
    DeviceFault,
    Fault,
    LineFault,
    Place,
    Target,
)
from emulator.faults.rule import Rule
from emulator.trace.events import Fault as FaultEvent
from emulator.trace.events import Trace

Kind = TypeVar("Kind", bound=Fault)


class FaultPlan:
    """Every firing is an event of the trace, with its rule."""

    def __init__(self, targets: Mapping[str, Target], clock: Clock, trace: Trace, seed: int = 0) -> None:
        """`targets` are the AT instances by name; the same `seed` gives the same chances."""
        self._targets = targets
        self.clock = clock
        self.trace = trace
        self._seed = seed
        self._rules: dict[int, Rule] = {}
        self._timers: dict[int, Timer] = {}
        self._added = 0
        self._latest: dict[str, tuple[Sequence[str], Form]] = {}
        """The latest command of each AT instance."""
        self._last = FIRST
        """The AT instance that has had a command last."""
        self.on_add: list[Callable[[Rule], None]] = []
        """Called with each new rule, for what is under way already."""

    def __repr__(self) -> str:
        return f"<FaultPlan of {len(self._rules)} rules>"

    @property
    def idle(self) -> bool:
        """Whether nothing can go wrong."""
        return not self._rules

    @property
    def rules(self) -> list[Rule]:
        """All rules, in the order in which they were added."""
        return list(self._rules.values())

    def add(self, name: str, **parameters: Any) -> Rule:
        """Put a fault to work: `add("connection-reset", command="#SSLD", byte=200)`; see docs/faults.md.

        Raises:
            UserError: there is no such fault or parameter, or a value is not allowed.
        """
        from emulator.faults.catalogue import make  # a modem on a good day starts without them

        return self.put(make(name, parameters))

    def put(self, fault: Fault) -> Rule:
        """Put a fault to work that has been made already."""
        self._added += 1
        rule = Rule(self._added, fault, self._seed)
        self._rules[rule.number] = rule
        if fault.place is Place.TIME:
            when = max(fault.time, self.clock.now())
            self._timers[rule.number] = self.clock.call_at(when, partial(self._time_has_come, rule))
        for listener in self.on_add:
            listener(rule)
        return rule

    def remove(self, number: int) -> None:
        """Take a rule back; what it has done already stays.

        Raises:
            UserError: there is no rule of that number.
        """
        if self._rules.pop(number, None) is None:
            raise UserError(f"there is no fault {number}; there are {', '.join(map(str, self._rules)) or 'none'}")
        if timer := self._timers.pop(number, None):
            timer.cancel()

    def close(self) -> None:
        """Nothing goes wrong any more."""
        for number in list(self._rules):
            self.remove(number)

    def target(self, terminal: str | None = None) -> Target:
        """The modem, with one of its AT instances: the one that has had a command last, unless it is named."""
        return self._targets.get(terminal or self._last) or self._targets[FIRST]

    # What the places ask and tell.

    def due(
        self, place: Place, kind: type[Kind], host: str | None = None, terminal: str | None = None
    ) -> Iterator[tuple[Rule, Kind]]:
        """The rules of a kind that are met by what is at the place now; the one who asks tells `fired` of each.

        Args:
            place: where it is.
            kind: what can strike there.
            host: the server that it has to do with.
            terminal: the AT instance; the one that has had a command last unless given.
        """
        if self._rules:
            for rule in self.rules:
                fault = rule.fault
                if (
                    fault.place is place
                    and isinstance(fault, kind)
                    and not fault.meets_each_byte
                    and self.meets(rule, host, terminal)
                ):
                    yield rule, fault

    def meets(self, rule: Rule, host: str | None = None, terminal: str | None = None) -> bool:
        """Count one more thing of the kind that a rule is addressed to; whether it fires at this one."""
        wanted: str | None = getattr(rule.fault, "host", None)
        if wanted is not None and (host is None or wanted.lower() != host.lower()):
            return False
        at = terminal or self._last
        return rule.meets(_addresses(*self._latest.get(at, _NOTHING)), at, self.clock.now())

    def fired(self, rule: Rule) -> bool:
        """Count and trace a firing; False when the rule has been taken back, or has fired often enough, meanwhile."""
        if rule.number not in self._rules or rule.exhausted:
            return False
        rule.fired += 1
        self.trace.emit(FaultEvent(rule=str(rule)))
        return True

    def command_begins(self, names: Sequence[str], form: Form, terminal: str) -> None:
        """A host's command of these names is about to run."""
        self._latest[terminal] = (names, form)
        self._last = terminal
        if self._rules:
            for rule, _ in self.due(Place.COMMAND, DeviceFault):
                self.strike_device(rule)

    def of_passage(self, place: Place, host: str | None = None, terminal: str | None = None) -> list[Rule]:
        """The rules that are met by what begins to pass at the place: an answer, an entry, a connection."""
        return [rule for rule, _ in self.due(place, Fault, host, terminal)]

    def of_each_byte(self, place: Place) -> list[tuple[Rule, LineFault]]:
        """The rules that are addressed to each byte at the place; the one who asks asks `meets` for each of them."""
        return [
            (rule, rule.fault)
            for rule in self._rules.values()
            if isinstance(rule.fault, LineFault) and rule.fault.place is place and rule.fault.meets_each_byte
        ]

    def admit(self, cid: int) -> Admission:
        """How the network answers the activation of a context; see `Coverage.admit`."""
        for rule, fault in self.due(Place.ACTIVATION, ActivationFault):
            if self.fired(rule):
                return fault.admission()
        return Admission()

    def power_failure(self) -> Callable[[], None] | None:
        """What cuts the power while non-volatile memory is written; None when nothing does. See `NvmStore`."""
        for rule, _ in self.due(Place.WRITE, DeviceFault):
            return partial(self.strike_device, rule)
        return None

    # Striking.

    def strike_device(self, rule: Rule, terminal: str | None = None) -> None:
        """Let a fault of the module strike, now or after its delay, at one of its AT instances."""
        fault = rule.fault
        if isinstance(fault, DeviceFault) and self.fired(rule):
            target = self.target(fault.terminal or terminal)
            if fault.delay:
                self.clock.call_later(fault.delay, partial(fault.strike, target))
            else:
                fault.strike(target)

    def strike(self, rule: Rule, connection: Connection) -> None:
        """Let a fault strike a connection, or the module in the midst of it."""
        if not isinstance(rule.fault, ConnectionFault):
            self.strike_device(rule)
        elif self.fired(rule):
            rule.fault.strike(connection)

    def _time_has_come(self, rule: Rule) -> None:
        del self._timers[rule.number]
        if self.meets(rule):
            self.strike_device(rule)


def _addresses(names: Sequence[str], form: Form) -> frozenset[str]:
    """What a rule may call the command: its name, or the name with its form; a test only with its form."""
    written = frozenset(f"{name}{_SIGNS[form]}" for name in names)
    return written if form is Form.TEST else written.union(names)


FIRST = "1"
"""The AT instance that every modem has."""
_NOTHING: tuple[Sequence[str], Form] = ((), Form.EXECUTE)
_SIGNS = {Form.EXECUTE: "", Form.SET: "=", Form.READ: "?", Form.TEST: "=?"}
