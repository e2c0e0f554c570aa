"""Makes moves of the bytes that pass: the same ones however the bytes are cut."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from emulator.recording.chunk import Chunk, Side
from emulator.recording.writing.module_side import ModuleSide
from emulator.recording.writing.moves import Escaped, Heard, Mode, Move, Sent

PAUSE = 1.0
"""Seconds after which what the host sends is a step of its own."""
_ESCAPE = b"+++"
_AROUND_ESCAPE = 0.3
"""Seconds of silence that make it an escape sequence; S12 may be that short."""
_COMPLETE = re.compile(rb"(?s:.*)\r\n*|\s*A/\Z", re.IGNORECASE)
_COMMAND = re.compile(rb"AT[^\r]*\r|A/", re.IGNORECASE)


class Conversation:
    """Follow both sides of a line."""

    def __init__(self) -> None:
        self._module = ModuleSide()
        self._unit = bytearray()
        """What the host has sent and no move has yet."""
        self._unit_began = 0.0
        self._quiet_before = 0.0
        """Seconds of the host's silence before it."""
        self._echo = bytearray()
        """How much of it the module has sent back so far."""
        self._open: Sent | None = None
        """What the host has sent last, until the answer is complete."""
        self._answer: list[Heard] = []
        self._host_at = self._at = float("-inf")

    def __repr__(self) -> str:
        return f"<Conversation, {self._module!r}>"

    def take(self, chunk: Chunk) -> Iterator[Move]:
        """Take the next bytes; return the moves that are complete."""
        if chunk.side is Side.HOST:
            yield from self._typed(chunk.data, chunk.at)
            self._host_at = chunk.at
        else:
            yield from self._said(chunk.data, chunk.at)
        self._at = chunk.at

    def finish(self) -> Iterator[Move]:
        """Return what is left: the recording ends."""
        yield from self._settle()
        if self._unit:
            yield from self._send(len(self._unit))
            yield from self._settle()

    def _typed(self, data: bytes, at: float) -> Iterator[Move]:
        quiet = at - self._host_at
        goes_on = self._module.is_answering and quiet < PAUSE
        if not goes_on and not self._module.is_within_line:
            yield from self._settle()
            self._module.is_escaping = False
        if self._unit and self._is_parted(data, quiet):
            yield from self._send(len(self._unit))
            yield from self._settle()
        if not self._unit:
            self._unit_began, self._quiet_before = at, quiet
        self._unit += data

    def _is_parted(self, data: bytes, quiet: float) -> bool:
        """Return whether the bytes are no part of what the host has sent before."""
        if self._is_escape and quiet >= _AROUND_ESCAPE:
            return True
        if self._module.mode is Mode.DATA:
            return quiet >= (_AROUND_ESCAPE if data.startswith(b"+") else PAUSE)
        is_complete = _COMPLETE.fullmatch(self._unit) is not None
        return self._module.mode is Mode.COMMAND and quiet >= PAUSE and is_complete

    @property
    def _is_escape(self) -> bool:
        return self._unit == _ESCAPE and self._quiet_before >= _AROUND_ESCAPE and self._module.mode is not Mode.ENTRY

    def _said(self, data: bytes, at: float) -> Iterator[Move]:
        silence = at - self._at if self._at >= 0 else 0.0
        if self._unit and self._module.is_within_line:
            rest, data = _line_and_rest(data)
            yield from self._collect(self._module.take(rest, at, silence))
            if not data:
                return
            yield from self._settle()
        if self._unit and self._goes_on_echoing(data):
            self._echo += data
            return
        if size := self._answered_size():
            yield from self._send(size)
        yield from self._collect(self._module.take(data, at, silence))

    def _goes_on_echoing(self, data: bytes) -> bool:
        return self._module.mode is not Mode.DATA and self._unit.startswith(bytes(self._echo) + data)

    def _answered_size(self) -> int:
        """Return how much of what the host has sent the module may be answering; a line still being typed is not."""
        is_entry = self._open is not None and self._open.mode is Mode.ENTRY
        if self._module.mode is not Mode.COMMAND or self._is_escape or is_entry:
            return len(self._unit)
        complete = _COMPLETE.match(self._unit)
        return complete.end() if complete else len(self._unit) if self._echo else 0

    def _send(self, size: int) -> Iterator[Move]:
        data, mode, is_escape = bytes(self._unit[:size]), self._module.mode, self._is_escape
        del self._unit[:size]
        sent = Sent(data, mode, self._unit_began, self._host_at)
        if is_escape:
            yield from self._close()
            yield Escaped(sent.began, sent.ended)
            self._module.is_escaping = True
        elif mode is Mode.DATA:
            yield sent
        else:
            yield from self._reopen(sent)
        echo, self._echo = bytes(self._echo), bytearray()
        if echo:
            yield from self._collect(self._module.take(echo, self._host_at, 0.0))

    def _reopen(self, sent: Sent) -> Iterator[Move]:
        """Let a command line or an entry wait for its answer; it joins one that waits already."""
        if self._open is not None and self._module.outstanding:
            self._open = replace(self._open, data=self._open.data + sent.data, ended=sent.ended)
        else:
            yield from self._close()
            self._open = sent
        if sent.mode is Mode.ENTRY:
            self._module.mode, self._module.outstanding = Mode.COMMAND, 1
        else:
            self._module.outstanding += len(_COMMAND.findall(sent.data))

    def _collect(self, heard: Iterable[Heard]) -> Iterator[Move]:
        for one in heard:
            if self._open is None:
                yield one
                continue
            self._answer.append(one)
            if not self._module.outstanding or self._module.mode is not Mode.COMMAND:
                yield from self._close()

    def _settle(self) -> Iterator[Move]:
        yield from self._collect(self._module.settle())
        yield from self._close()
        self._module.outstanding = 0

    def _close(self) -> Iterator[Move]:
        """Return what waits for its answer, and what has been heard of that."""
        if self._open is None:
            return
        sent, answer = self._open, self._answer
        self._open, self._answer = None, []
        is_line = sent.mode is Mode.COMMAND and sent.data.find(b"\r") == len(sent.data) - 1
        is_echoed = is_line and bool(answer) and answer[0].data.startswith(sent.data)
        line = sent.data.partition(b"\r")[0]
        shows_echo = any(line in heard.data for heard in answer) if line and answer else None
        yield replace(sent, is_echoed=is_echoed, shows_echo=shows_echo)
        for index, heard in enumerate(answer):
            left = heard.data[len(sent.data) :] if is_echoed and not index else heard.data
            if left:
                yield replace(heard, data=left)


def _line_and_rest(data: bytes) -> tuple[bytes, bytes]:
    end = data.find(b"\n") + 1
    return (data[:end], data[end:]) if end else (data, b"")
