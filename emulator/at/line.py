"""The command line as it is typed: echo, editing, the `AT` that begins it and the character that ends it. V.250 5.2."""

import re
from dataclasses import dataclass

from emulator.at.settings import Settings


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A complete line: what stands after `AT`."""

    text: str


@dataclass(frozen=True, slots=True)
class RepeatLine:
    """`A/`: run the last line again (V.250 5.2.4)."""


@dataclass(frozen=True, slots=True)
class LineTooLong:
    """A line over the limit has ended; nothing of it runs."""


@dataclass(frozen=True, slots=True)
class LineWithoutPrefix:
    """Something other than blanks was ended that holds no `AT`."""


Line = CommandLine | RepeatLine | LineTooLong | LineWithoutPrefix

_PREFIX = re.compile(rb"[Aa][Tt/]")
_BLANKS = b" \t\r\n\0"


class LineEditor:
    """Assembles one command line at a time; holds no more than the limit of it."""

    def __init__(self, settings: Settings, limit: int) -> None:
        self._settings = settings
        self._limit = limit
        self._line = bytearray()
        self._dropped = False
        """Whether something before the line's `AT` was dropped."""

    def __repr__(self) -> str:
        return f"<LineEditor {bytes(self._line)!r}>"

    def clear(self) -> None:
        """Forget what was typed."""
        self._line.clear()
        self._dropped = False

    def feed(self, data: bytearray) -> tuple[bytes, Line | None]:
        """Consume `data` up to the end of a line, or all of it; give back the echo and the line, if one ended."""
        end = data.find(self._settings.terminator)
        typed = bytes(data if end < 0 else data[:end])
        if (repeat := self._repeat_ends(typed)) is not None:
            del data[:repeat]
            self.clear()
            return typed[:repeat], RepeatLine()
        self._edit(typed)
        echo = typed.replace(self._settings.backspace, b"\b \b") if self._settings.backspace in typed else typed
        if end < 0:
            data.clear()
            return echo, None
        del data[: end + 1]
        return echo + self._settings.terminator, self._finish()

    def _repeat_ends(self, typed: bytes) -> int | None:
        """Where `A/` ends in what was just typed, when the line begins with it; it needs no terminator."""
        if b"/" not in typed:
            return None
        match = _PREFIX.search(self._line + typed)
        if match is None or not match[0].endswith(b"/"):
            return None
        return match.end() - len(self._line)

    def _edit(self, typed: bytes) -> None:
        line = self._line
        if self._settings.backspace in typed:
            for character in typed:
                if character == self._settings.backspace[0]:
                    del line[-1:]
                else:
                    line.append(character)
        else:
            line += typed
        self._bound()

    def _bound(self) -> None:
        """Drop what can be no part of a valid line, so that endless input takes no memory."""
        match = _PREFIX.search(self._line)
        if match is None:
            if len(self._line) > self._limit:
                del self._line[:-1]
                self._dropped = True
        elif len(self._line) > match.start() + self._limit:
            del self._line[match.start() + self._limit + 1 :]

    def _finish(self) -> Line | None:
        line, dropped = bytes(self._line), self._dropped
        self.clear()
        match = _PREFIX.search(line)
        if match is None:
            return LineWithoutPrefix() if dropped or line.strip(_BLANKS) else None
        if len(line) - match.start() > self._limit:
            return LineTooLong()
        text = line[match.end() :].decode("latin-1").replace("\n", "").strip()
        return RepeatLine() if text == "#/" else CommandLine(text)
