"""Holds the faults of one modem, which may be added while it runs, and finds those that match at each place."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from emulator.at.answers import Result
from emulator.at.syntax import Form
from emulator.clock import Clock
from emulator.device.network.coverage import Admission
from emulator.errors import DeviceError, UserError
from emulator.faults.fault import (
    ActivationFault,
    ConnectionFault,
    DeviceFault,
    DialFault,
    Ending,
    Fault,
    FaultableConnection,
    LineFault,
    Place,
    RefusalFault,
    ResultFault,
)
from emulator.faults.rules import Rules
from emulator.faults.target import Target
from emulator.faults.triggers import Rule, written_names
from emulator.later import later
from emulator.line.at_port import AtPort
from emulator.trace.events import Fault as FaultEvent
from emulator.trace.events import FaultSkipped, FaultTally
from emulator.trace.trace import Trace

if TYPE_CHECKING:
    from emulator.faults import census, situation, tally
    from emulator.faults.instance import FaultyInstance
else:
    census = later("emulator.faults.census")
    situation = later("emulator.faults.situation")
    tally = later("emulator.faults.tally")

Kind = TypeVar("Kind", bound=Fault)


class FaultPlan:
    """Keep the rules; each firing is an event of the trace."""

    def __init__(
        self, ports: Mapping[str, AtPort], clock: Clock, trace: Trace, *, channels: int = 0, seed: int = 0
    ) -> None:
        """Begin without a fault.

        Args:
            ports: those of the modem, by name.
            clock: the module's time.
            trace: is told of each firing.
            channels: how many the multiplexer may have on a port.
            seed: the same seed gives the same chances.
        """
        self.clock = clock
        self._ports = ports
        self._trace = trace
        self._channels = channels
        self.seed = seed
        """The seed of all that is left to chance."""
        self._rules = Rules()
        self._added = 0
        self._has_begun = False
        self.instances: dict[str, FaultyInstance] = {}
        """AT instances by name; a channel of the multiplexer is here once it has been opened."""
        self._latest: dict[str, tuple[Sequence[str], Form]] = {}
        """The latest command of each AT instance."""
        self._last = _FIRST
        """The AT instance that has had a command last."""
        self.on_add: list[Callable[[Rule], None]] = []
        """Called with each new rule, for what is under way already."""
        self.on_remove: list[Callable[[Rule], None]] = []
        """Called with each rule that is taken back."""
        self.on_use: list[Callable[[], None]] = []
        """Called when the plan is idle no longer, and again with each new rule."""
        self.census: census.Census | None = None
        """Notes the places that are passed, once `take_census` was called."""

    def __repr__(self) -> str:
        return f"<FaultPlan of {len(self._rules)} rules>"

    @property
    def idle(self) -> bool:
        """Whether nothing can go wrong, and nothing is counted."""
        return not self._rules and self.census is None

    @property
    def rules(self) -> list[Rule]:
        """All rules, in the order in which they were added."""
        return list(self._rules)

    @property
    def tallies(self) -> list[FaultTally]:
        """How often each rule has fired up to now, and why one never did."""
        return [tally.tally(rule) for rule in self._rules]

    def take_census(self) -> "census.Census":
        """Note every place that is passed from now on."""
        self.census = self.census or census.Census(situation.facts_of(self.target().device))
        self._comes_into_use()
        return self.census

    def _comes_into_use(self) -> None:
        for listener in self.on_use:
            listener()

    def note(self, place: Place, host: str | None = None, terminal: str | None = None) -> "census.Passed | None":
        """Note that a place is passed at an AT instance, the latest one unless named; None without a census."""
        if self.census is None:
            return None
        at = terminal or self._last
        names, form = self._latest.get(at, _NOTHING)
        return self.census.note(place, names, form, at, self.clock.now(), host or "")

    def add(self, name: str, **parameters: Any) -> Rule:
        """Add a fault: `add("connection-reset", command="#SSLD", byte=200)`; see docs/faults.md.

        Raises:
            UserError: there is no such fault, parameter or AT instance, or a value is not allowed.
        """
        return self.make(name, parameters)

    def make(self, name: str, parameters: Mapping[str, Any]) -> Rule:
        """Add a fault whose parameters may have any name; see `add`."""
        from emulator.faults.catalogue import make  # a modem on a good day starts without them

        return self.put(make(name, parameters))

    def put(self, fault: Fault) -> Rule:
        """Add a fault that has been made already.

        Raises:
            UserError: the modem has no such AT instance.
        """
        self._check_terminal(fault)
        self._added += 1
        rule = Rule(self._added, fault, self.seed)
        self._rules.add(rule)
        self._comes_into_use()
        if rule.place is Place.TIME and self._has_begun:
            self._wait_for_time(rule)
        for listener in self.on_add:
            listener(rule)
        return rule

    def begin(self) -> None:
        """Apply what is due as the modem starts, before a host can have said a word; let the rest wait for its time."""
        self._has_begun = True
        for rule in self._rules.at(Place.TIME):
            if rule.fault.time <= self.clock.now():
                self._time_has_come(rule)
            else:
                self._wait_for_time(rule)

    def _wait_for_time(self, rule: Rule) -> None:
        when = max(rule.fault.time, self.clock.now())
        rule.wait(self.clock, self._trace, when, partial(self._time_has_come, rule))

    def _check_terminal(self, fault: Fault) -> None:
        ports = ", ".join(self._ports)
        channels = [f"{port}.{number}" for port in self._ports for number in range(1, self._channels + 1)]
        if fault.terminal is not None and fault.terminal not in (*self._ports, *channels):
            ranges = ", ".join(f"{port}.1 to {port}.{self._channels}" for port in self._ports)
            raise UserError(
                f"{fault.name}: there is no AT instance {fault.terminal!r}; there are {ports}, and with +CMUX {ranges}"
            )

    def remove(self, number: int) -> None:
        """Remove a rule and end its condition; what has happened stays.

        Raises:
            UserError: there is no rule of that number.
        """
        rule = self._rules.remove(number)
        if rule is None:
            there = ", ".join(map(str, self._rules.numbers))
            raise UserError(f"there is no fault {number}; there are {there or 'none'}")
        for listener in self.on_remove:
            listener(rule)
        rule.end()

    def close(self) -> None:
        """Trace how often each rule has fired and remove them; conditions stay: the modem is going away."""
        for told in self.tallies:
            self._trace.emit(told)
        for rule in self._rules:
            rule.forget()
        self._rules.clear()

    def target(self, terminal: str | None = None) -> Target:
        """Return the modem with an AT instance: the open one that has had a command last, unless named."""
        if terminal is None:
            by_preference = [self._last, *self.instances]
            terminal = next((name for name in by_preference if self._is_open(name)), self._last)
        return Target(terminal, self._ports[terminal.partition(".")[0]], self.instances.get(terminal), self.clock)

    def _is_open(self, name: str) -> bool:
        return name in self.instances and self.instances[name].instance.host.connected

    # What the places ask and tell.

    def matching(
        self, place: Place, kind: type[Kind], host: str | None = None, terminal: str | None = None
    ) -> Iterator[tuple[Rule, Kind]]:
        """Yield the rules of a kind that match at the place now; the caller calls `trigger` for each.

        Args:
            place: where it is.
            kind: what can apply there.
            host: the server that it has to do with.
            terminal: the AT instance; the one that has had a command last unless given.
        """
        rules = self._rules.at(place)
        if not rules:
            return
        at, now = terminal or self._last, self.clock.now()
        names = written_names(*self._latest.get(at, _NOTHING))
        for rule in rules:
            fault = rule.fault
            if isinstance(fault, kind) and rule.matches(names, at, now, host):
                yield rule, fault

    def matches(self, rule: Rule, host: str | None = None, terminal: str | None = None) -> bool:
        """Count one occurrence of what a rule is addressed to and return whether it triggers now."""
        at = terminal or self._last
        return rule.matches(written_names(*self._latest.get(at, _NOTHING)), at, self.clock.now(), host)

    def trigger(self, rule: Rule) -> bool:
        """Count and trace a firing; return False when the rule was removed or exhausted meanwhile."""
        if rule not in self._rules or rule.exhausted:
            return False
        rule.fired += 1
        rule.obstacle = None
        self._trace.emit(FaultEvent(rule=str(rule)))
        if isinstance(rule.fault, _ALONE) or rule.place is Place.WRITE:
            self._precede(rule)
        return True

    def _precede(self, rule: Rule) -> None:
        """Note that the rules behind this one are not asked: of such faults one alone can happen at a place."""
        family = next((one for one in _ALONE if isinstance(rule.fault, one)), DeviceFault)
        for other in self._rules.at(rule.place):
            if other.number > rule.number and isinstance(other.fault, family):
                other.preceded_by = rule.number

    def command_begins(self, names: Sequence[str], form: Form, terminal: str) -> None:
        """Note that a host's command of these names is about to run."""
        self.know(names, form, terminal)
        for rule, _ in self.matching(Place.COMMAND, DeviceFault):
            self.apply_to_device(rule, terminal)

    def know(self, names: Sequence[str], form: Form, terminal: str) -> None:
        """Take this for the latest command."""
        self._latest[terminal] = (names, form)
        self._last = terminal

    def refusal(self, terminal: str) -> DeviceError | None:
        """Return why the latest command of an AT instance is refused; None when it is not."""
        names, _ = self._latest.get(terminal, _NOTHING)
        for rule, fault in self.matching(Place.COMMAND, RefusalFault, terminal=terminal):
            if (obstacle := fault.obstacle(names[0])) is not None:
                self.skip(rule, obstacle)
            elif self.trigger(rule):
                return DeviceError(fault.refusal(), f"fault {rule.number} refuses it")
        return None

    def results(self, terminal: str) -> list[tuple[Rule, ResultFault]]:
        """Return the rules that match the result of the command that begins."""
        return list(self.matching(Place.RESULT, ResultFault, terminal=terminal))

    def result(self, ending: Ending, rules: Iterable[tuple[Rule, ResultFault]]) -> Result:
        """Return what a module says in the place of a result."""
        for rule, fault in rules:
            if not fault.concerns(ending.result):
                continue
            if (obstacle := fault.obstacle(ending)) is not None:
                self.skip(rule, obstacle)
            elif self.trigger(rule):
                return fault.altered(ending)
        return ending.result

    def starting(self, place: Place, host: str | None = None, terminal: str | None = None) -> list[Rule]:
        """Return the rules that match what starts at the place: an answer, an entry, a connection."""
        return [rule for rule, _ in self.matching(place, Fault, host, terminal)]

    def of_each_byte(self, place: Place) -> Sequence[tuple[Rule, LineFault]]:
        """Return the rules that are matched against each byte at the place, by the caller."""
        return self._rules.of_each_byte(place)

    def admit(self, cid: int) -> Admission:
        """Answer the activation of a context; see `Environment.admit`."""
        self.note(Place.ACTIVATION)
        for rule, fault in self.matching(Place.ACTIVATION, ActivationFault):
            if self.trigger(rule):
                return fault.admission()
        return Admission()

    def power_failure(self) -> Callable[[], None] | None:
        """Return what cuts the power while NVM is written, or None; see `NvmStore`."""
        self.note(Place.WRITE)
        for rule, _ in self.matching(Place.WRITE, DeviceFault):
            return partial(self.apply_to_device, rule)
        return None

    # Applying.

    def apply_to_device(self, rule: Rule, terminal: str | None = None) -> None:
        """Apply a fault of the module at one of its AT instances, now or after its delay."""
        fault = rule.fault
        if not isinstance(fault, DeviceFault) or rule.exhausted:
            return
        target = self.target(fault.terminal or terminal)
        if fault.delay:
            if self.trigger(rule):
                rule.wait(
                    self.clock,
                    self._trace,
                    self.clock.now() + fault.delay,
                    partial(self._apply_late, rule, fault, target),
                )
        elif (obstacle := fault.obstacle(target)) is not None:
            self.skip(rule, obstacle)
        elif self.trigger(rule):
            rule.begin(fault.apply(target))

    def _apply_late(self, rule: Rule, fault: DeviceFault, target: Target) -> None:
        if (obstacle := fault.obstacle(target)) is not None:
            rule.fired -= 1
            self.skip(rule, obstacle)
        else:
            rule.begin(fault.apply(target))

    def skip(self, rule: Rule, obstacle: str) -> None:
        """Trace that a fault could not fire."""
        rule.obstacle = obstacle
        self._trace.emit(FaultSkipped(rule=str(rule)))

    def apply(self, rule: Rule, connection: FaultableConnection, terminal: str) -> None:
        """Apply a fault to a connection, or to the module in the middle of a transfer."""
        if not isinstance(rule.fault, ConnectionFault):
            self.apply_to_device(rule, terminal)
        elif self.trigger(rule):
            rule.fault.apply(connection)

    def _time_has_come(self, rule: Rule) -> None:
        if self.matches(rule, terminal=rule.fault.terminal):
            self.apply_to_device(rule)


_ALONE = (ActivationFault, DialFault, RefusalFault, ResultFault)
"""Families of which one fault alone can happen at a place."""
_FIRST = "1"
"""Name of the AT instance that every modem has."""
_NOTHING: tuple[Sequence[str], Form] = ((), Form.EXECUTE)
