"""Counts the bytes of an answer, an entry or one direction of a connection, and splits them where faults apply."""

from collections.abc import Callable, Iterable, Iterator

from emulator.faults.fault import LineFault, Positioned
from emulator.faults.triggers import Rule


class Tap:
    """Count bytes from the beginning."""

    def __init__(self, rules: Iterable[Rule], apply: Callable[[Rule], None]) -> None:
        """Call `apply` with each rule when as many bytes have passed as its `byte` says."""
        self._apply = apply
        self._passed = 0
        self._stops: list[tuple[int, Rule]] = []
        for rule in rules:
            self.add(rule)

    def __repr__(self) -> str:
        return f"<Tap {self._passed} bytes, {len(self._stops)} faults to come>"

    @property
    def awaits_faults(self) -> bool:
        """Whether a fault is still to come."""
        return bool(self._stops)

    def add(self, rule: Rule) -> None:
        """Take a rule that has matched; its bytes are counted from here on."""
        byte = rule.fault.byte if isinstance(rule.fault, Positioned | LineFault) else None
        self._stops.append((self._passed + int(byte or 0), rule))
        self._stops.sort(key=lambda stop: stop[0])

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield the data in pieces, and apply faults between them where they are due."""
        while self._stops and self._stops[0][0] <= self._passed + len(data):
            at, rule = self._stops.pop(0)
            piece, data = data[: at - self._passed], data[at - self._passed :]
            self._passed = at
            if piece:
                yield piece
            self._apply(rule)
        if data:
            self._passed += len(data)
            yield data
