"""Wraps the bytes of an AT instance: alters and delays them, and applies faults between them."""

from collections.abc import Iterator, Sequence
from random import Random

from emulator.at.syntax import Form
from emulator.faults.fault import LineFault, Place
from emulator.faults.plan import FaultPlan
from emulator.faults.tap import Tap
from emulator.faults.triggers import Rule
from emulator.line.instance import Instance
from emulator.line.observer import Bytes
from emulator.net.delayed_stream import DelayedStream


class FaultyInstance:
    """Observe an AT instance; without a fault this costs one call each way."""

    def __init__(self, instance: Instance, plan: FaultPlan) -> None:
        self.instance = instance
        plan.instances[instance.name] = self
        self._plan = plan
        self._write: Bytes | None = None
        self._receive: Bytes | None = None
        self._to_host = _Direction(instance, self.inject)
        self._from_host = _Direction(instance, self._deliver)
        self._typed = _FaultyBytes(plan, Place.TYPED, instance.name, self._from_host)
        self._answer: _FaultyBytes | None = None
        self._entry: _FaultyBytes | None = None
        plan.on_add.append(self._typed.add)

    def __repr__(self) -> str:
        return f"<FaultyInstance {self.instance.name}>"

    def outgoing(self, write: Bytes) -> Bytes:
        """See `InstanceObserver`."""
        self._write = write
        return self._send

    def incoming(self, receive: Bytes) -> Bytes:
        """See `InstanceObserver`."""
        self._receive = receive
        return self._take

    def _send(self, data: bytes) -> None:
        if self._answer is not None:
            for piece in self._answer.carry(data):
                self._to_host.carry(piece)
        elif self._to_host.is_late:
            self._to_host.carry(data)
        elif self._write is not None:
            self._write(data)

    def inject(self, data: bytes) -> None:
        """Send bytes to the host that no fault alters."""
        if self._write is not None and self.instance.host.connected:
            self._write(data)

    def _take(self, data: bytes) -> None:
        if self._plan.idle and not self._from_host.is_late:
            self._deliver(data)
            return
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
        self._plan.command_begins(names, form, self.instance.name)
        self._answer = self._watch(Place.ANSWER, self._to_host)
        self._entry = None

    def entry_begins(self) -> None:
        """See `InstanceObserver`."""
        self._entry = self._watch(Place.ENTRY, self._from_host)

    def _watch(self, place: Place, direction: "_Direction") -> "_FaultyBytes | None":
        return _FaultyBytes(self._plan, place, self.instance.name, direction) if not self._plan.idle else None


class _Direction:
    """Deliver the bytes of one direction, perhaps late."""

    def __init__(self, instance: Instance, deliver: Bytes) -> None:
        self._instance = instance
        self._deliver = deliver
        self._stream: DelayedStream | None = None

    def __repr__(self) -> str:
        return f"<_Direction {self._stream!r}>"

    @property
    def is_late(self) -> bool:
        """Whether there has been a pause, so that bytes may still be on the way."""
        return self._stream is not None

    def pause(self, seconds: float) -> None:
        """Delay the bytes that follow."""
        if self._stream is None:
            power, clock = self._instance.device.power, self._instance.device.environment.clock
            self._stream = DelayedStream(clock, Random(0), lambda: None, self._instance.fail)  # noqa: S311  no chance
            power.on_stop.append(self._stream.clear)
        self._stream.hold(seconds)

    def drop(self) -> None:
        """Drop the bytes on the way."""
        if self._stream is not None:
            self._stream.clear()

    def carry(self, data: bytes) -> None:
        """Deliver bytes in their order; a pause ends early when too many bytes wait."""
        if self._stream is None:
            self._deliver(data)
            return
        self._stream.carry(data, self._deliver)
        if self._stream.full:
            self._stream.rush()


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

    def carry(self, data: bytes) -> Iterator[bytes]:
        """Yield the altered bytes in pieces; between two of them faults may apply."""
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
