"""The bytes of one thing that passes, an entry, an answer or one way of a connection, and where faults stop them."""

from collections.abc import Callable, Iterable, Iterator

from emulator.faults.fault import LineFault, Positioned
from emulator.faults.rule import Rule


class Passage:
    """Counts the bytes from the beginning of the thing."""

    def __init__(self, rules: Iterable[Rule], strike: Callable[[Rule], None]) -> None:
        """`strike` is called with each rule when as many bytes have passed as its `byte` says."""
        self._strike = strike
        self._passed = 0
        self._stops: list[tuple[int, Rule]] = []
        for rule in rules:
            self.add(rule)

    def __repr__(self) -> str:
        return f"<Passage {self._passed} bytes, {len(self._stops)} faults to come>"

    @property
    def struck(self) -> bool:
        """Whether a fault is still to come."""
        return bool(self._stops)

    def add(self, rule: Rule) -> None:
        """Take a rule that has met this thing; its bytes are counted from here on."""
        byte = rule.fault.byte if isinstance(rule.fault, Positioned | LineFault) else None
        self._stops.append((self._passed + int(byte or 0), rule))
        self._stops.sort(key=lambda stop: stop[0])

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Give the data in pieces, and let faults strike between them, where they are due."""
        while self._stops and self._stops[0][0] <= self._passed + len(data):
            at, rule = self._stops.pop(0)
            piece, data = data[: at - self._passed], data[at - self._passed :]
            self._passed = at
            if piece:
                yield piece
            self._strike(rule)
        if data:
            self._passed += len(data)
            yield data
