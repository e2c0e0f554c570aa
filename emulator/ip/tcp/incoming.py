"""The receive buffer: what the host sends, in order, up to the window. RFC 9293 3.8.6.2.2, 3.10.7.4."""

from emulator.ip.tcp.sequence import advanced, distance

CAPACITY = 16384
"""Bytes that wait for the reader at most; what the window shows is what is left of them."""
_PIECES = 64
"""Pieces kept that have come before their turn; the host repeats the others."""


class Incoming:
    """Puts the data of segments in order, and says how much more may come."""

    def __init__(self, first: int, largest: int) -> None:
        """`first` is the number of the first byte of data, `largest` the most data of a segment."""
        self.next = first
        """RCV.NXT."""
        self.ended = False
        """Whether the FIN of the host has come in its turn."""
        self._ready = bytearray()
        self._early: dict[int, bytes] = {}
        """Pieces by their number that wait for those before them."""
        self._end: int | None = None
        """The number of a FIN that has come before its turn."""
        self._step = min(CAPACITY // 2, 2 * largest)
        self._edge = advanced(first, CAPACITY)
        """The first number that the host may not use yet."""

    def __repr__(self) -> str:
        return f"<Incoming {len(self._ready)} bytes ready, {len(self._early)} pieces early>"

    def __len__(self) -> int:
        return len(self._ready)

    @property
    def window(self) -> int:
        """Return how much may come (RCV.WND)."""
        return max(0, distance(self.next, self._edge))

    def is_acceptable(self, sequence: int, length: int) -> bool:
        """Return whether a segment has something to do with the window (RFC 9293 3.4, table 6)."""
        start = distance(self.next, sequence)
        if length == 0:
            return start == 0 or 0 <= start < self.window
        return start < self.window and start + length > 0

    def add(self, sequence: int, data: bytes, has_end: bool) -> bool:
        """Take the data of an acceptable segment, and its FIN; return whether something came in its turn."""
        if has_end and self._end is None:
            self._end = advanced(sequence, len(data))
        start = distance(self.next, sequence)
        data = data[max(0, -start) : max(0, self.window - start)]
        before = self.next
        if data and start <= 0:
            self._append(data)
            self._take_early()
        elif data and len(self._early) < _PIECES:
            self._early[sequence] = max(self._early.get(sequence, b""), data, key=len)
        if self._end is not None and self._end == self.next and not self.ended:
            self.ended = True
            self.next = advanced(self.next, 1)
        return self.next != before

    def read(self) -> bytes:
        """Take what is ready."""
        data = bytes(self._ready)
        self._ready.clear()
        return data

    def open_window(self) -> bool:
        """Move the edge of the window, if it moves far enough to be told; return whether it has.

        Small moves would lead to small segments (the silly window syndrome).
        """
        edge = advanced(self.next, CAPACITY - len(self._ready))
        if distance(self._edge, edge) < self._step:
            return False
        self._edge = edge
        return True

    def _append(self, data: bytes) -> None:
        self._ready += data
        self.next = advanced(self.next, len(data))

    def _take_early(self) -> None:
        """Append the pieces whose turn has come; drop those that are there already."""
        for sequence in sorted(self._early, key=lambda number: distance(self.next, number)):
            start = distance(self.next, sequence)
            if start > 0:
                break
            piece = self._early.pop(sequence)
            if len(piece) + start > 0:
                self._append(piece[-start:])
