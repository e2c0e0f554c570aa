"""Hears what the module says: cuts it at final results, whatever pieces it came in."""

from collections.abc import Iterator

from emulator.recording.writing.bounds import (
    CONNECTED,
    CONNECTION_ENDED,
    DATA_ENDED,
    FINAL,
    NUMERIC_CONNECTED,
    NUMERIC_FINAL,
    PROMPT,
)
from emulator.recording.writing.moves import Heard, Mode

_LONGEST_END = 16
"""Bytes of a prompt or a numeric result, at least."""
_APART = 0.2
"""Seconds of silence that part two URCs."""


class ModuleSide:
    """Collect the module's bytes; know what the host's next bytes are."""

    def __init__(self) -> None:
        self.mode = Mode.COMMAND
        self.outstanding = 0
        """Final results that are still to come."""
        self.is_escaping = False
        """Whether the host has just sent the escape sequence."""
        self._said = bytearray()
        self._began = self._ended = 0.0
        self._silence = 0.0

    def __repr__(self) -> str:
        return f"<ModuleSide in {self.mode.value} mode, {len(self._said)} bytes open>"

    @property
    def is_answering(self) -> bool:
        """Return whether more of an answer must come before the host can go on."""
        return self.mode is Mode.COMMAND and self.outstanding > 0 and not self._asks and not self._has_numeric_final

    @property
    def is_within_line(self) -> bool:
        """Return whether a URC has begun and not ended."""
        return (
            self.mode is Mode.COMMAND and not self.outstanding and bool(self._said) and not self._said.endswith(b"\n")
        )

    def take(self, data: bytes, at: float, silence: float) -> Iterator[Heard]:
        """Take bytes that came after that much silence; return the answers that are complete."""
        if silence >= _APART and self._is_at_rest:
            yield from self.settle()
        if not self._said:
            self._began, self._silence = at, 0.0
        self._said += data
        self._ended, self._silence = at, max(self._silence, silence)
        while self.mode is Mode.COMMAND and (final := FINAL.search(self._said)):
            is_connected = self.outstanding > 0 and CONNECTED.fullmatch(self._said, 0, final.end()) is not None
            heard = self._cut(final.end())
            self.outstanding = max(0, self.outstanding - 1)
            if is_connected:
                self.mode = Mode.DATA
            yield heard

    def settle(self) -> Iterator[Heard]:
        """Return what is open: the host speaks, or the recording ends."""
        ended = self._end_of_data
        if ended is not None:
            if ended:
                yield self._cut(ended)
            self.mode, self.outstanding = Mode.COMMAND, 1
            yield from self.take(b"", self._ended, 0.0)
        if not self._said:
            return
        has_final, asks = self._has_numeric_final, self._asks
        is_connected = has_final and NUMERIC_CONNECTED.fullmatch(self._said) is not None
        heard = self._cut(len(self._said))
        if has_final:
            self.outstanding -= 1
        if is_connected:
            self.mode = Mode.DATA
        elif asks:
            self.mode, self.outstanding = Mode.ENTRY, 0
        yield heard

    @property
    def _asks(self) -> bool:
        return self.mode is not Mode.DATA and PROMPT.search(self._said, self._tail) is not None

    @property
    def _has_numeric_final(self) -> bool:
        return (
            self.mode is Mode.COMMAND
            and self.outstanding > 0
            and NUMERIC_FINAL.search(self._said, self._tail) is not None
        )

    @property
    def _tail(self) -> int:
        """Return where to look for what stands at the very end: an answer may be long, and grows byte by byte."""
        return max(0, len(self._said) - _LONGEST_END)

    @property
    def _end_of_data(self) -> int | None:
        """Return where data has ended and results follow; None outside data mode, or where it goes on."""
        if self.mode is not Mode.DATA:
            return None
        ended = (DATA_ENDED if self.is_escaping else CONNECTION_ENDED).search(self._said)
        return None if ended is None else ended.start()

    @property
    def _is_at_rest(self) -> bool:
        """Return whether the module may have said all that it has to say."""
        if self.mode is Mode.DATA:
            return self._end_of_data is not None
        return self._asks or (not self.outstanding and self._said.endswith(b"\n"))

    def _cut(self, end: int) -> Heard:
        data = bytes(self._said[:end])
        del self._said[:end]
        heard = Heard(data, self.mode, self._began, self._ended, self._silence, self.outstanding > 0)
        self._began, self._silence = self._ended, 0.0
        return heard
