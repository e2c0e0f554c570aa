"""Bytes between host and module as a bad line passes them on."""

from collections.abc import Iterator

from emulator.faults.fault import LineFault, Place
from emulator.faults.passage import Passage
from emulator.faults.plan import FaultPlan
from emulator.faults.rule import Rule


class Line:
    """One way of the line, for one thing that passes on it: an answer, an entry, all that is typed."""

    def __init__(self, plan: FaultPlan, place: Place, terminal: str) -> None:
        self._plan = plan
        self._place = place
        self._terminal = terminal
        self._passage = Passage(plan.of_passage(place, terminal=terminal), self._strike)
        self._striking: list[tuple[Rule, int]] = []
        """The rules at work, and how many bytes each still has to alter."""

    def __repr__(self) -> str:
        return f"<Line for {self._place}, {self._passage!r}>"

    def add(self, rule: Rule) -> None:
        """Take a rule that was added while it passes."""
        if (
            rule.fault.place is self._place
            and rule.fault.command is None
            and self._plan.meets(rule, terminal=self._terminal)
        ):
            self._passage.add(rule)

    def carry(self, data: bytes) -> Iterator[bytes]:
        """What comes out at the other end, in pieces between which faults may strike the module."""
        for piece in self._passage.pieces(data):
            if altered := self._altered(piece):
                yield altered

    def _strike(self, rule: Rule) -> None:
        if not isinstance(rule.fault, LineFault):
            self._plan.strike_device(rule, self._terminal)
        elif self._plan.fired(rule):
            self._striking.append((rule, rule.fault.count))

    def _altered(self, data: bytes) -> bytes:
        for rule, fault in self._plan.of_each_byte(self._place):
            data = b"".join(self._by_chance(rule, fault, bytes((byte,))) for byte in data)
        striking, self._striking = self._striking, []
        for rule, count in striking:
            assert isinstance(rule.fault, LineFault)
            if count > len(data):
                self._striking.append((rule, count - len(data)))
            data = rule.fault.alter(data[:count], rule.random) + data[count:]
        return data

    def _by_chance(self, rule: Rule, fault: LineFault, byte: bytes) -> bytes:
        struck = self._plan.meets(rule, terminal=self._terminal) and self._plan.fired(rule)
        return fault.alter(byte, rule.random) if struck else byte
