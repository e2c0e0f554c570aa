"""Wraps the bytes of an AT instance: alters and delays them, and applies faults between them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from emulator.at.answers import Answer, Result
from emulator.at.syntax import Form
from emulator.at.terminal import Mode
from emulator.faults.fault import Ending, LineFault, Place, ResultFault
from emulator.faults.plan import FaultPlan
from emulator.faults.tap import Tap
from emulator.faults.triggers import Rule
from emulator.later import later
from emulator.line.instance import Instance
from emulator.line.observer import Bytes
from emulator.net.delayed_stream import DelayedStream

if TYPE_CHECKING:
    from emulator.faults import census, situation
else:
    census = later("emulator.faults.census")
    situation = later("emulator.faults.situation")


class FaultyInstance:
    """Observe an AT instance; no byte comes by here before the plan is in use."""

    def __init__(self, instance: Instance, plan: FaultPlan) -> None:
        self.instance = instance
        plan.instances[instance.name] = self
        self._plan = plan
        self._is_between = not plan.idle
        """Whether the bytes come by here."""
        self._write: Bytes | None = None
        self._receive: Bytes | None = None
        self._to_host = _Direction(instance, self.inject)
        self._from_host = _Direction(instance, self._deliver)
        self._typed = _FaultyBytes(plan, Place.TYPED, instance.name, self._from_host)
        self._answer: _FaultyBytes | None = None
        self._entry: _FaultyBytes | None = None
        self._noted: census.Passed | None = None
        """The answer that is given now, in the census."""
        self._noted_entry: census.Passed | None = None
        """The entry that is typed now, in the census."""
        self._command = ""
        """The name of the command that runs."""
        self._results: Sequence[tuple[Rule, ResultFault]] = []
        """Rules that wait for its result."""
        plan.on_add.append(self._typed.add)
        plan.on_use.append(self._come_between)

    def __repr__(self) -> str:
        return f"<FaultyInstance {self.instance.name}>"

    def outgoing(self, write: Bytes) -> Bytes:
        """See `InstanceObserver`."""
        self._write = write
        return self._send if self._is_between else write

    def incoming(self, receive: Bytes) -> Bytes:
        """See `InstanceObserver`."""
        self._receive = receive
        return self._take if self._is_between else receive

    def _come_between(self) -> None:
        if not self._is_between:
            self._is_between = True
            self.instance.host.wire()

    def _send(self, data: bytes) -> None:
        if self._noted is not None:
            self._note(self._noted, data)
        if self._answer is not None:
            for piece in self._answer.carry(data):
                self._to_host.carry(piece)
        elif self._to_host.stream is not None:
            self._to_host.carry(data)
        elif self._write is not None:
            self._write(data)

    def _note(self, answer: "census.Passed", data: bytes) -> None:
        census.said(answer, data, self._plan.clock.now())
        if answer.after is None and self.instance.terminal.mode is Mode.COMMAND:
            answer.after = situation.situation_of(self.instance)

    def insert(self, data: bytes) -> None:
        """Send bytes to the host that no fault alters, in their order."""
        self._to_host.carry(data)

    def inject(self, data: bytes) -> None:
        """Send bytes to the host that no fault alters."""
        if self._write is not None and self.instance.host.connected:
            self._write(data)

    def _take(self, data: bytes) -> None:
        if self._from_host.stream is None and self._plan.idle:
            self._deliver(data)
            return
        if self._noted_entry is not None:
            self._noted_entry.size += len(data)
        for typed in self._typed.carry(data):
            for piece in self._entry.carry(typed) if self._entry is not None else (typed,):
                self._from_host.carry(piece)

    def _deliver(self, data: bytes) -> None:
        assert self._receive is not None
        self._receive(data)

    def host_left(self) -> None:
        """See `InstanceObserver`."""
        self._to_host.drop()

    @property
    def counts_bytes(self) -> bool:
        """See `InstanceObserver`."""
        return not self._plan.idle

    def command_begins(self, names: Sequence[str], form: Form) -> None:
        """See `InstanceObserver`; what is sent from now on is the command's answer."""
        name = self.instance.name
        self._noted_entry = None
        if self._plan.census is not None:
            self._note_command(names, form)
        self._plan.command_begins(names, form, name)
        refusal = self._plan.refusal(name)
        self._answer = self._watch(Place.ANSWER, self._to_host)
        self._results = self._plan.results(name)
        self._command = names[0]
        self._entry = None
        if refusal is not None:
            raise refusal

    def answering(self, answer: Answer) -> Answer:
        """See `InstanceObserver`; a result ends the answer to its command."""
        if self._answer is not None and self._answer.awaits_result:
            if data := self.instance.terminal.data_to_send():
                self.instance.host.write(data)
            if isinstance(answer, Result):
                self._answer.result_comes()
        if not self._results or not isinstance(answer, Result):
            return answer
        rules, self._results = self._results, []
        errors = self.instance.device.profile.errors
        return self._plan.result(Ending(answer, self._command, self.instance.settings, errors), rules)

    def _note_command(self, names: Sequence[str], form: Form) -> None:
        before = situation.situation_of(self.instance)
        self._plan.know(names, form, self.instance.name)
        for place in (Place.COMMAND, Place.ANSWER):
            self._noted = self._plan.note(place, terminal=self.instance.name)
            if self._noted is not None:
                self._noted.before = before

    def entry_begins(self) -> None:
        """See `InstanceObserver`."""
        self._entry = self._watch(Place.ENTRY, self._from_host)
        self._noted_entry = self._plan.note(Place.ENTRY, terminal=self.instance.name)

    def entry_ends(self) -> None:
        """See `InstanceObserver`."""
        self._noted_entry = None

    def _watch(self, place: Place, direction: "_Direction") -> "_FaultyBytes | None":
        return _FaultyBytes(self._plan, place, self.instance.name, direction) if not self._plan.idle else None


class _Direction:
    """Deliver the bytes of one direction, perhaps late."""

    def __init__(self, instance: Instance, deliver: Bytes) -> None:
        self._instance = instance
        self._deliver = deliver
        self.stream: DelayedStream | None = None
        """Carries the bytes late; there from the first pause on, for they may still be on the way."""

    def __repr__(self) -> str:
        return f"<_Direction {self.stream!r}>"

    def pause(self, seconds: float) -> None:
        """Delay the bytes that follow."""
        if self.stream is None:
            power, clock = self._instance.device.power, self._instance.device.environment.clock
            self.stream = DelayedStream(clock, 0, lambda: None, self._instance.fail)
            power.on_stop.append(self.stream.clear)
        self.stream.hold(seconds)

    def drop(self) -> None:
        """Drop the bytes on the way."""
        if self.stream is not None:
            self.stream.clear()

    def carry(self, data: bytes) -> None:
        """Deliver bytes in their order; a pause ends early when too many bytes wait."""
        if self.stream is None:
            self._deliver(data)
            return
        self.stream.carry(data, self._deliver)
        if self.stream.full:
            self.stream.rush()


class _FaultyBytes:
    """Apply faults to the bytes of one answer or entry, or to all that is typed."""

    def __init__(self, plan: FaultPlan, place: Place, terminal: str, direction: _Direction) -> None:
        self._plan = plan
        self._place = place
        self._terminal = terminal
        self._direction = direction
        self._tap = Tap(plan.starting(place, terminal=terminal), self._apply)
        self._altering: list[tuple[Rule, LineFault, int]] = []
        """Rules that have triggered, and how many bytes each still has to alter."""
        self._result_comes = False

    def __repr__(self) -> str:
        return f"<_FaultyBytes for {self._place}, {self._tap!r}>"

    def add(self, rule: Rule) -> None:
        """Take a rule that was added meanwhile."""
        if (
            rule.fault.place is self._place
            and rule.fault.command is None
            and not rule.fault.matches_each_byte
            and self._plan.matches(rule, terminal=self._terminal)
        ):
            self._tap.add(rule)

    @property
    def awaits_result(self) -> bool:
        """Whether faults wait for the final result or its end, so that it needs a write of its own."""
        return self._result_comes or self._tap.awaits("result") or self._tap.awaits("end")

    def result_comes(self) -> None:
        """Note that the next bytes are the final result, and all of it."""
        self._tap.reach("result")
        self._result_comes = True

    def carry(self, data: bytes) -> Iterator[bytes]:
        """Yield the altered bytes in pieces; between two of them faults may apply."""
        yield from self._altered_pieces(data)
        if self._result_comes:
            self._result_comes = False
            self._tap.reach("end")
            yield from self._altered_pieces(b"")

    def _altered_pieces(self, data: bytes) -> Iterator[bytes]:
        for piece in self._tap.pieces(data):
            for part in self._parts(piece):
                if altered := self._altered(part):
                    yield altered

    def _apply(self, rule: Rule) -> None:
        if not isinstance(rule.fault, LineFault):
            self._plan.apply_to_device(rule, self._terminal)
        elif self._plan.trigger(rule):
            self._altering.append((rule, rule.fault, rule.fault.count))

    def _parts(self, data: bytes) -> Iterator[bytes]:
        """Split off each byte that has a pause before it."""
        while data and any(fault.pause for _, fault, _ in self._altering):
            part, data = data[:1], data[1:]
            self._direction.pause(sum(fault.pause for _, fault, _ in self._altering))
            yield part
        if data:
            yield data

    def _altered(self, data: bytes) -> bytes:
        for rule, fault in self._plan.of_each_byte(self._place):
            data = b"".join(self._by_chance(rule, fault, bytes((byte,))) for byte in data)
        altering, self._altering = self._altering, []
        for rule, fault, count in altering:
            if count > len(data):
                self._altering.append((rule, fault, count - len(data)))
            data = fault.alter(data[:count], rule.random) + data[count:]
        return data

    def _by_chance(self, rule: Rule, fault: LineFault, byte: bytes) -> bytes:
        triggered = self._plan.matches(rule, terminal=self._terminal) and self._plan.trigger(rule)
        return fault.alter(byte, rule.random) if triggered else byte
