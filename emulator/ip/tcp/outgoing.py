"""The send buffer: what goes to the host, what of it is on the way, and how much more may go. RFC 9293 3.8.6."""

from emulator.ip.tcp.sequence import advanced, distance

HIGH_MARK = 32 * 1024
"""Bytes at which whoever fills the buffer has to wait."""
LOW_MARK = 8 * 1024
"""Bytes at which it may go on."""


class Outgoing:
    """Counts from the first byte that is not acknowledged; the FIN counts as one more byte."""

    def __init__(self, first: int, largest: int) -> None:
        """`first` is the number of the first byte of data, `largest` the most data of a segment."""
        self.unacknowledged = first
        """SND.UNA."""
        self.largest = largest
        self.finished = False
        """Whether a FIN follows the data."""
        self.confirmed = False
        """Whether the FIN is acknowledged."""
        self._data = bytearray()
        self._sent = 0
        """Bytes on the way; after a loss, fewer than have been sent."""
        self._peak = 0
        """Bytes that have been sent, be it before a loss."""
        self._window = self._widest = 0
        self._allowance = min(4 * largest, max(2 * largest, 4380))
        """Bytes that may be on the way at a time: RFC 3390 at first, then what is acknowledged adds to it.

        A slow line holds much; so the timeout grows with what waits there.
        """
        self._updated_by: tuple[int, int] | None = None
        """Sequence and acknowledgement number of the segment that the window is from (SND.WL1, SND.WL2)."""
        self.congested = False
        """Whether whoever fills the buffer has to wait."""

    def __repr__(self) -> str:
        return f"<Outgoing {len(self._data)} bytes, {self._sent} on the way, window {self._window}>"

    def __len__(self) -> int:
        return len(self._data)

    @property
    def next(self) -> int:
        """Return the number of what goes next (SND.NXT)."""
        return advanced(self.unacknowledged, self._sent)

    @property
    def highest(self) -> int:
        """Return the number behind all that has ever been sent."""
        return advanced(self.unacknowledged, self._peak)

    @property
    def on_the_way(self) -> bool:
        """Return whether an acknowledgement is awaited."""
        return self._sent > 0

    @property
    def waiting(self) -> bool:
        """Return whether there is something that has not been sent, or is to be sent again."""
        return self._sent < self._total

    @property
    def is_new(self) -> bool:
        """Return whether what goes next goes for the first time."""
        return self._sent == self._peak

    @property
    def _total(self) -> int:
        return len(self._data) + (self.finished and not self.confirmed)

    def add(self, data: bytes) -> None:
        """Append data."""
        self._data += data
        self.congested = self.congested or len(self._data) > HIGH_MARK

    def size_of_next(self, *, forced: bool = False) -> int:
        """Return how much goes now, the FIN included; 0 where it is better to wait for a wider window.

        Args:
            forced: send what the window takes, at least one byte: a probe.
        """
        rest = self._total - self._sent
        usable = min(self._window, self._allowance) - self._sent
        size = min(rest, max(usable, 1) if forced else usable, self.largest)
        if forced or size == rest or size == self.largest or 2 * size >= self._widest > 0:
            return max(0, size)
        return 0

    def take(self, size: int) -> tuple[bytes, bool]:
        """Note that so much goes; return its data, and whether the FIN is with it."""
        start, self._sent = self._sent, self._sent + size
        self._peak = max(self._peak, self._sent)
        return bytes(self._data[start : self._sent]), self._sent > len(self._data)

    def go_back(self) -> None:
        """Send again from the first byte that is not acknowledged."""
        self._sent = 0

    def begin_anew(self) -> None:
        """Send again after a loss, one segment at first (RFC 5681 3.1)."""
        self._sent = 0
        self._allowance = self.largest

    def acknowledge(self, number: int) -> int:
        """Drop what is acknowledged up to `number`; return how much it was, below 0 for what was never sent."""
        size = distance(self.unacknowledged, number)
        if size > self._peak:
            return -1
        if size <= 0:
            return 0
        self.confirmed = self.confirmed or size > len(self._data)
        del self._data[:size]
        self._allowance += size
        self.unacknowledged = number
        self._sent, self._peak = max(0, self._sent - size), self._peak - size
        return size

    def set_window(self, window: int, sequence: int, acknowledgement: int) -> bool:
        """Take the window of a segment, unless an earlier one was newer; return whether it has changed."""
        if self._updated_by is not None:
            newer = distance(self._updated_by[0], sequence)
            if newer < 0 or (newer == 0 and distance(self._updated_by[1], acknowledgement) < 0):
                return False
        before, self._window = self._window, window
        self._widest = max(self._widest, window)
        self._updated_by = (sequence, acknowledgement)
        return window != before
