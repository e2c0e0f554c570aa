"""Writes a data call: its packets of PPP are another host's business, and have numbers that chance decides."""

import re
from collections.abc import Sequence

from emulator.recording.writing.moves import Heard, Mode, Move, Sent

_PACKET = re.compile(rb"\x7e\xff(?:\x7d\x23|\x03)")
_OPENS = "<< ~{any}~"
_ENDED_BY_HOST = (
    "# The call ended by packets that this file does not have; the host ends it instead.",
    "escape",
    "< OK",
    "> ATH",
    "< OK",
)


class DataCall:
    """Know whether packets pass."""

    def __init__(self) -> None:
        self._is_on = False
        self._has_opened = False

    def __repr__(self) -> str:
        return f"<DataCall, {'on' if self._is_on else 'off'}>"

    def lines(self, move: Move) -> Sequence[str] | None:
        """Return what the dialogue has in the place of a move; None for the move itself."""
        if not isinstance(move, Sent | Heard) or move.mode is not Mode.DATA:
            was_on, self._is_on = self._is_on, False
            return _ENDED_BY_HOST if was_on and isinstance(move, Heard) else None
        if not self._is_on:
            self._is_on, self._has_opened = _PACKET.search(move.data) is not None, False
        if not self._is_on:
            return None
        opens = isinstance(move, Heard) and not self._has_opened
        self._has_opened = self._has_opened or opens
        return (_OPENS,) if opens else ()
