"""Tells the trace of what the host has sent and is not heard: without AT or CR, or while the module does not run."""

import re
from collections.abc import Callable

from emulator.at.reasons import STARS
from emulator.at.syntax import EXTENDED
from emulator.at.table import CommandTable
from emulator.at.terminal import Terminal
from emulator.clock import Clock, Timer
from emulator.guard import guarded
from emulator.trace.events import Unheard as UnheardEvent
from emulator.trace.trace import Trace

_SILENCE = 1.0
"""Seconds after which a host that has sent half a line waits for an answer."""
_BLOCK = r"[A-Za-z0-9+/=]{32,}"
"""A line of a PEM block, which may be a private key."""
_BLOCK_END = r"[A-Za-z0-9+/=]+"
"""The last line of it."""
_PREFIX = "(?i)AT"
_WORDS = r"(?:[^\W\d_]|[\s\x00-\x1f,.!?'])*"
"""Text that is no command, up to the first character that may belong to a secret."""


class Unheard:
    """Watch the lines of one AT instance; the line itself is not touched."""

    def __init__(
        self, trace: Trace, name: str, table: CommandTable, clock: Clock, fail: Callable[[Exception], None]
    ) -> None:
        self._trace = trace
        self._name = name
        self._table = table
        self._clock = clock
        self.fail = fail
        """See `guard.Failing`."""
        self._in_block = False
        """Whether the last line was one of a PEM block."""
        self._terminal: Terminal | None = None
        self._size = 0
        """Bytes of the half line when it was looked at last."""
        self._since = 0.0
        """Time at which it had these."""
        self._timer: Timer | None = None
        self._told_of_power = False

    def __repr__(self) -> str:
        return f"<Unheard on {self._name}, {self._size} bytes without CR>"

    def passed_over(self, line: str) -> None:
        """Tell of a line without AT."""
        if self._trace.active:
            shown = self._redacted(line)
            self._trace.emit(UnheardEvent(terminal=self._name, lack="AT", text=shown, size=len(line)))

    def without_power(self, size: int) -> None:
        """Tell once that bytes come while the module does not run."""
        if self._trace.active and not self._told_of_power:
            self._told_of_power = True
            self._trace.emit(UnheardEvent(terminal=self._name, lack="power", text="", size=size))

    def begin(self) -> None:
        """Begin anew: the module runs."""
        self._told_of_power = False

    def watch(self, terminal: Terminal) -> None:
        """Look at the half line that the terminal holds, for a trace; tell of it after a second without a byte more."""
        size = terminal.half_line_size
        if size == self._size:
            return
        self._terminal, self._size, self._since = terminal, size, self._clock.now()
        if size and self._timer is None:
            self._timer = self._clock.call_at(self._since + _SILENCE, self._look)

    def stop(self) -> None:
        """Watch no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @guarded
    def _look(self) -> None:
        self._timer = None
        if not self._size or self._terminal is None:
            return
        if self._clock.now() < self._since + _SILENCE:
            self._timer = self._clock.call_at(self._since + _SILENCE, self._look)
            return
        half = self._terminal.half_line
        if half.size == self._size:
            shown = self._shown(half.data)
            self._trace.emit(UnheardEvent(terminal=self._name, lack="CR", text=shown, size=half.size))

    def _shown(self, data: bytes) -> str:
        """Return what was typed, each line that an LF ends redacted for itself."""
        return "\n".join(self._redacted(line) for line in data.decode("latin-1").split("\n"))

    def _redacted(self, line: str) -> str:
        self._in_block = bool(re.search(_BLOCK, line) or (self._in_block and re.fullmatch(_BLOCK_END, line)))
        if self._in_block:
            return STARS
        match = re.search(_PREFIX, line)
        if match is None:
            return self._without_secrets(line)
        return line[: match.end()] + self._without_secrets(line[match.end() :].strip(" "))

    def _without_secrets(self, text: str) -> str:
        shown = self._table.redacted(text)
        if shown == text or any(sign in text for sign in EXTENDED):
            return shown
        words = re.match(_WORDS, text)
        assert words is not None, "it matches nothing, too"
        return text if words[0] == text else f"{words[0]}{STARS}"
