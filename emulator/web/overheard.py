"""Keeps the last bytes of each line of a modem, so that a session can be saved as a dialogue."""

from collections import defaultdict, deque
from collections.abc import Callable, Sequence

from emulator.recording.chunk import Chunk, Side

MOST_KEPT = 8 * 1024 * 1024
"""Bytes that are kept of a line; the oldest ones go first."""
_OF_CHUNK = 100
"""Bytes that a chunk is counted for, beside its data."""


class OverheardLine:
    """Hold the chunks of one AT instance's line."""

    def __init__(self, count: int = 1) -> None:
        """Keep what is left to each of `count` modems."""
        self._count = count
        self._chunks: deque[Chunk] = deque()
        self._size = 0
        self.is_whole = True
        """Whether its beginning is still there."""

    def __repr__(self) -> str:
        return f"<OverheardLine of {len(self._chunks)} chunks{'' if self.is_whole else ', its beginning is gone'}>"

    @property
    def chunks(self) -> Sequence[Chunk]:
        """Return what is kept, in order."""
        return self._chunks

    def take(self, chunk: Chunk) -> None:
        """Take the next chunk."""
        self._chunks.append(chunk)
        self._size += _OF_CHUNK + len(chunk.data)
        while self._size > MOST_KEPT // self._count:
            self._size -= _OF_CHUNK + len(self._chunks.popleft().data)
            self.is_whole = False


class OverheardLines:
    """Be told of all bytes of a modem; see `Overhears`."""

    def __init__(self, now: Callable[[], float], count: int = 1) -> None:
        """Keep what is left to each of `count` modems."""
        self._now = now
        self.lines: dict[str, OverheardLine] = defaultdict(lambda: OverheardLine(count))
        """By the name of the AT instance."""

    def __repr__(self) -> str:
        return f"<OverheardLines of {', '.join(self.lines) or 'none'}>"

    def __call__(self, terminal: str, by_host: bool, data: bytes) -> None:
        side = Side.HOST if by_host else Side.MODULE
        self.lines[terminal].take(Chunk(side, data, self._now()))
