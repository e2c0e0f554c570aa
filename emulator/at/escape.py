"""The escape sequence: three characters with silence before and after them end data mode.

S2 gives the character and S12 the guard time. The guard time is the silence before the first and after the last
character, and the longest time between two of them.
"""


class EscapeDetector:
    """Finds the escape sequence in the host's data. Bytes handed in together count as having come at one moment."""

    def __init__(self, character: bytes, guard_time: float, *, is_sent: bool, now: float) -> None:
        """Begin at `now`, the moment of CONNECT, from which the first silence counts.

        Args:
            character: the escape character, one byte.
            guard_time: seconds.
            is_sent: whether the three characters go to the peer as data, too.
            now: seconds on the clock that `feed` and `expire` are given.
        """
        self._character = character
        self._guard_time = guard_time
        self._is_sent = is_sent
        self._last = now
        self._seen = 0

    def __repr__(self) -> str:
        return f"<EscapeDetector {self._seen} of 3 seen>"

    @property
    def deadline(self) -> float | None:
        """The time at which to call `expire`; None while no sequence is under way."""
        return self._last + self._guard_time if self._seen else None

    def feed(self, data: bytes, now: float) -> bytes:
        """Take data from the host; return the data for the peer."""
        silent = now - self._last >= self._guard_time
        begins, continues = not self._seen and silent, self._seen > 0 and not silent
        self._last = now
        if (begins or continues) and self._seen + len(data) <= 3 and data == self._character * len(data):
            self._seen += len(data)
            return data if self._is_sent else b""
        return self._release() + data

    def expire(self, now: float) -> tuple[bytes, bool]:
        """At the deadline, return the characters that were data after all, and whether the sequence is complete."""
        if self._seen == 3:
            self._seen = 0
            return b"", True
        return self._release(), False

    def _release(self) -> bytes:
        held = b"" if self._is_sent else self._character * self._seen
        self._seen = 0
        return held
