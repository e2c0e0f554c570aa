"""How long to wait for an acknowledgement. RFC 6298."""

from emulator.ip.tcp.sequence import distance

FIRST, LEAST, MOST = 3.0, 3.0, 60.0
"""Seconds: the first timeout, and the limits of the later ones. At 9600 bit/s a full packet takes nearly two."""


class RetransmissionTimeout:
    """Measures round trips, never of what has gone twice, and doubles the timeout after each loss."""

    def __init__(self) -> None:
        self._smoothed: float | None = None
        self._variation = 0.0
        self.seconds = FIRST
        self._measured: tuple[int, float] | None = None
        """The number that ends a measurement, and when it began."""

    def __repr__(self) -> str:
        return f"<RetransmissionTimeout {self.seconds:.3f} s>"

    def sent(self, end: int, now: float) -> None:
        """Begin a measurement, unless one is going on: new data up to the number `end` goes."""
        if self._measured is None:
            self._measured = (end, now)

    def acknowledged(self, number: int, now: float) -> None:
        """End the measurement, if it has come to its end."""
        if self._measured is not None and distance(self._measured[0], number) >= 0:
            self._take(now - self._measured[1])
            self._measured = None

    def lost(self) -> None:
        """Wait twice as long from now on."""
        self.void()
        self.seconds = min(MOST, 2 * self.seconds)

    def void(self) -> None:
        """Give the measurement up: what is measured goes a second time."""
        self._measured = None

    def _take(self, trip: float) -> None:
        if self._smoothed is None:
            self._smoothed, self._variation = trip, trip / 2
        else:
            self._variation += (abs(self._smoothed - trip) - self._variation) / 4
            self._smoothed += (trip - self._smoothed) / 8
        self.seconds = min(MOST, max(LEAST, self._smoothed + 4 * self._variation))
