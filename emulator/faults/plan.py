"""Holds the faults of one modem, which may be added while it runs, and finds those that match at each place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from emulator.at.syntax import Form
from emulator.clock import Clock
from emulator.device.network.coverage import Admission
from emulator.errors import UserError
from emulator.faults.fault import (
    ActivationFault,
    ConnectionFault,
    DeviceFault,
    DialFault,
    Fault,
    FaultableConnection,
    LineFault,
    Place,
)
from emulator.faults.tally import tally
from emulator.faults.target import Target
from emulator.faults.triggers import Rule, written_names
from emulator.line.at_port import AtPort
from emulator.trace.events import Fault as FaultEvent
from emulator.trace.events import FaultSkipped, FaultTally, Trace

if TYPE_CHECKING:
    from emulator.faults.instance import FaultyInstance

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
        self._rules: dict[int, Rule] = {}
        self._added = 0
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

    @property
    def tallies(self) -> list[FaultTally]:
        """How often each rule has fired up to now, and why one never did."""
        return [tally(rule) for rule in self._rules.values()]

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
        self._rules[rule.number] = rule
        if fault.place is Place.TIME:
            rule.wait(self.clock, self._trace, max(fault.time, self.clock.now()), partial(self._time_has_come, rule))
        for listener in self.on_add:
            listener(rule)
        return rule

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
        rule = self._rules.pop(number, None)
        if rule is None:
            raise UserError(f"there is no fault {number}; there are {', '.join(map(str, self._rules)) or 'none'}")
        for listener in self.on_remove:
            listener(rule)
        rule.end()

    def close(self) -> None:
        """Trace how often each rule has fired and remove them; conditions stay: the modem is going away."""
        for told in self.tallies:
            self._trace.emit(told)
        for rule in self._rules.values():
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
        if self._rules:
            for rule in self.rules:
                fault = rule.fault
                if (
                    fault.place is place
                    and isinstance(fault, kind)
                    and not fault.matches_each_byte
                    and self.matches(rule, host, terminal)
                ):
                    yield rule, fault

    def matches(self, rule: Rule, host: str | None = None, terminal: str | None = None) -> bool:
        """Count one occurrence of what a rule is addressed to and return whether it triggers now."""
        rule.asked += 1
        wanted: str | None = getattr(rule.fault, "host", None)
        if wanted is not None and (host is None or wanted.lower() != host.lower()):
            return False
        at = terminal or self._last
        return rule.matches(written_names(*self._latest.get(at, _NOTHING)), at, self.clock.now())

    def trigger(self, rule: Rule) -> bool:
        """Count and trace a firing; return False when the rule was removed or exhausted meanwhile."""
        if rule.number not in self._rules or rule.exhausted:
            return False
        rule.fired += 1
        rule.obstacle = None
        self._trace.emit(FaultEvent(rule=str(rule)))
        if isinstance(rule.fault, ActivationFault | DialFault) or rule.fault.place is Place.WRITE:
            self._precede(rule)
        return True

    def _precede(self, rule: Rule) -> None:
        """Note that the rules behind this one are not asked: of such faults one alone can happen at a place."""
        for other in self._rules.values():
            if other.number > rule.number and other.fault.place is rule.fault.place:
                other.preceded_by = rule.number

    def command_begins(self, names: Sequence[str], form: Form, terminal: str) -> None:
        """Note that a host's command of these names is about to run."""
        self._latest[terminal] = (names, form)
        self._last = terminal
        if self._rules:
            for rule, _ in self.matching(Place.COMMAND, DeviceFault):
                self.apply_to_device(rule, terminal)

    def starting(self, place: Place, host: str | None = None, terminal: str | None = None) -> list[Rule]:
        """Return the rules that match what starts at the place: an answer, an entry, a connection."""
        return [rule for rule, _ in self.matching(place, Fault, host, terminal)]

    def of_each_byte(self, place: Place) -> list[tuple[Rule, LineFault]]:
        """Return the rules that are matched against each byte at the place, by the caller."""
        return [
            (rule, rule.fault)
            for rule in self._rules.values()
            if isinstance(rule.fault, LineFault) and rule.fault.place is place and rule.fault.matches_each_byte
        ]

    def admit(self, cid: int) -> Admission:
        """Answer the activation of a context; see `Environment.admit`."""
        for rule, fault in self.matching(Place.ACTIVATION, ActivationFault):
            if self.trigger(rule):
                return fault.admission()
        return Admission()

    def power_failure(self) -> Callable[[], None] | None:
        """Return what cuts the power while NVM is written, or None; see `NvmStore`."""
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


_FIRST = "1"
"""Name of the AT instance that every modem has."""
_NOTHING: tuple[Sequence[str], Form] = ((), Form.EXECUTE)
