"""Assembling of a command line: echo, editing, the `AT` at its beginning and the character at its end. V.250 5.2."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from emulator.at.settings import Settings


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A complete line, without its `AT`."""

    text: str


@dataclass(frozen=True, slots=True)
class RepeatLine:
    """A request to run the last line again: `A/` (V.250 5.2.4), or the repetition of the dialect."""


@dataclass(frozen=True, slots=True)
class LineTooLong:
    """A line over the limit; nothing of it runs."""


@dataclass(frozen=True, slots=True)
class LineWithoutPrefix:
    """A line that is not blank and holds no `AT`."""

    text: str


@dataclass(frozen=True, slots=True)
class BlankLine:
    """A line of blanks, which asks for nothing."""


Line = CommandLine | RepeatLine | LineTooLong | LineWithoutPrefix

_PREFIX = re.compile(rb"[Aa][Tt/]")
_IGNORED = bytes(range(0x20))


@dataclass(frozen=True, slots=True)
class HalfLine:
    """What was typed since the last line has ended: its last bytes, as they came, and how many there were in all."""

    data: bytes = b""
    size: int = 0


class LineEditor:
    """Assembles one command line at a time and keeps no more of it than the limit.

    The pieces in which the bytes come make no difference. Control characters without a meaning are echoed and ignored.
    """

    def __init__(self, settings: Settings, limit: int) -> None:
        """`limit` is the longest line in characters, `AT` included."""
        self._settings = settings
        self._limit = limit
        self._line = bytearray()
        self._surplus = 0
        """Characters beyond the limit; a backspace deletes these first."""
        self._dropped = False
        """Whether something before the line's `AT` was dropped."""
        self._typed = bytearray()
        """The last bytes that were typed since a line has ended."""
        self._typed_size = 0

    def __repr__(self) -> str:
        return f"<LineEditor {len(self._line) + self._surplus} characters typed>"

    def clear(self) -> None:
        """Forget what was typed."""
        self._line.clear()
        self._surplus = 0
        self._dropped = False
        self._typed.clear()
        self._typed_size = 0

    @property
    def half_line(self) -> HalfLine:
        """What was typed since the last line has ended."""
        return HalfLine(bytes(self._typed), self._typed_size)

    def feed(self, data: bytearray) -> tuple[bytes, Line | BlankLine | None]:
        """Consume `data` up to the end of a line, or all of it; return the echo and the line, if one ended."""
        terminator = self._settings.terminator
        end = data.find(terminator)
        typed = bytes(data if end < 0 else data[:end])
        echo, length = bytearray(), 0
        for piece in self._pieces(typed):
            length += len(piece)
            if piece == self._settings.backspace:
                echo += self._delete()
                continue
            echo += piece
            self._append(piece)
            if piece == b"/" and self._line.upper() == b"A/":
                del data[:length]
                self.clear()
                return bytes(echo), RepeatLine()
        if end < 0:
            data.clear()
            self._keep(typed)
            return bytes(echo), None
        del data[: end + 1]
        return bytes(echo) + terminator, self._finish()

    def _keep(self, typed: bytes) -> None:
        self._typed += typed
        self._typed_size += len(typed)
        del self._typed[: -self._limit]

    def _pieces(self, typed: bytes) -> Sequence[bytes]:
        """Split at each character that acts at once: the backspace, and the slash that may end `A/`."""
        backspace = self._settings.backspace
        if backspace not in typed and b"/" not in typed:
            return (typed,)
        acting = b"/" + re.escape(backspace)
        return re.findall(b"[^%b]+|[%b]" % (acting, acting), typed)

    def _append(self, piece: bytes) -> None:
        """Add a piece to the line. Characters before its `AT` are dropped, but for an end that may begin one."""
        line = self._line
        line += piece.translate(None, _IGNORED)
        match = _PREFIX.search(line)
        noise = match.start() if match is not None else max(0, len(line) - self._limit)
        if noise:
            self._dropped = self._dropped or not line[:noise].isspace()
            del line[:noise]
        if len(line) > self._limit:
            self._surplus += len(line) - self._limit
            del line[self._limit :]

    def _delete(self) -> bytes:
        """Delete the last character; return the bytes that wipe it from the screen."""
        if self._surplus:
            self._surplus -= 1
        elif self._line:
            del self._line[-1:]
        else:
            return b""
        return b"\b \b"

    def _finish(self) -> Line | BlankLine:
        line, too_long, dropped = bytes(self._line), self._surplus > 0, self._dropped
        self.clear()
        if not _PREFIX.match(line):
            text = line.decode("latin-1")
            return LineWithoutPrefix(text) if dropped or text.strip() else BlankLine()
        if too_long:
            return LineTooLong()
        text = line[2:].decode("latin-1").strip(" ")
        return RepeatLine() if text and text == self._settings.dialect.repetition else CommandLine(text)
