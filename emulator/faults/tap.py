"""Counts the bytes and lines of an answer, an entry or one way of a connection, and splits them where faults apply."""

from bisect import insort
from collections.abc import Callable, Iterable, Iterator

from emulator.faults.fault import DeviceFault, LineFault, Positioned
from emulator.faults.triggers import Rule

_LINE_END = b"\r\n"
_LINE_FEED = b"\n"


class Tap:
    """Count bytes and lines from the beginning."""

    def __init__(self, rules: Iterable[Rule], apply: Callable[[Rule], None]) -> None:
        """Call `apply` with each rule when as many bytes or lines have passed as its address says."""
        self._apply = apply
        self._passed = 0
        self._stops: list[tuple[int, bool, int, Rule]] = []
        """For each rule: the byte, whether it needs another one behind it, and a number that keeps their order."""
        self._added = 0
        self._lines: dict[int | str, list[Rule]] = {}
        """Rules that wait for a line to begin."""
        self._line = 1
        self._is_blank = True
        """Whether nothing of the line has passed yet."""
        for rule in rules:
            self.add(rule)
        self.reach(self._line)

    def __repr__(self) -> str:
        return f"<Tap {self._passed} bytes, {len(self._stops)} faults to come>"

    def awaits(self, line: str) -> bool:
        """Return whether a fault waits for this place, `result` or `end`."""
        return line in self._lines

    def add(self, rule: Rule) -> None:
        """Take a rule that has matched; its bytes are counted from here on."""
        line = rule.fault.line if isinstance(rule.fault, DeviceFault | LineFault) else None
        if line is None:
            self._stop(rule)
        else:
            self._lines.setdefault(line, []).append(rule)

    def reach(self, line: int | str) -> None:
        """Note that a line begins here, by its number or as `result` or `end`."""
        for rule in self._lines.pop(line, ()):
            self._stop(rule)

    def _stop(self, rule: Rule) -> None:
        byte = rule.fault.byte if isinstance(rule.fault, Positioned | LineFault) else None
        self._added += 1
        insort(self._stops, (self._passed + int(byte or 0), isinstance(rule.fault, LineFault), self._added, rule))

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield the data in pieces, and apply faults between them where they are due."""
        while self._lines and (end := data.find(_LINE_FEED) + 1):
            line, data = data[:end], data[end:]
            yield from self._pieces(line)
            self._end_line(line)
            yield from self._pieces(b"")
        self._is_blank = self._is_blank and not data.strip(_LINE_END)
        yield from self._pieces(data)

    def _end_line(self, line: bytes) -> None:
        """Count a line, unless it is blank."""
        blank, self._is_blank = self._is_blank and not line.strip(_LINE_END), True
        if not blank:
            self._line += 1
            self.reach(self._line)

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        while self._is_due(self._passed + len(data)):
            at, _, _, rule = self._stops.pop(0)
            piece, data = data[: at - self._passed], data[at - self._passed :]
            self._passed = at
            if piece:
                yield piece
            self._apply(rule)
        if data:
            self._passed += len(data)
            yield data

    def _is_due(self, reached: int) -> bool:
        """Return whether the next fault applies within the first `reached` bytes; one of bytes needs one behind it."""
        if not self._stops:
            return False
        at, needs_another, *_ = self._stops[0]
        return at + needs_another <= reached
