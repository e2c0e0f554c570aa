"""Tells what the bytes of a recording are: command lines, answers, entries at a prompt, data for and of a peer."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from emulator.dte.exchange import may_end_with_carrier
from emulator.recording.chunk import Chunk, Side
from emulator.recording.echo import Echo
from emulator.trace.events import TracedMode

_FINALS = rb"OK|ERROR|\+CM[ES] ERROR:[^\r\n]*"
_FINALS_OF_CALLS = _FINALS + rb"|NO CARRIER[^\r\n]*|BUSY|NO ANSWER|NO DIALTONE"
_END, _END_OF_CALL = (
    re.compile(
        rb"\r\n(?P<final>" + finals + rb")\r\n"
        rb"|\A(?P<number>[0-9])\r\Z"
        rb"|\r\n(?P<connect>CONNECT[^\r\n]*)\r\n"
        rb"|\r\n(?P<prompt>> ?|>>>)\Z"
    )
    for finals in (_FINALS, _FINALS_OF_CALLS)
)
"""What ends an answer to commands that cannot dial, and to others."""
_CARRIER_LOST = re.compile(rb"\r\nNO CARRIER[^\r\n]*\r\n\Z")
_ESCAPED = re.compile(rb"\r\n(?:" + _FINALS_OF_CALLS + rb")\r\n\Z")
_MULTIPLEXES = re.compile(rb"AT\+CMUX=", re.IGNORECASE)
_ESCAPE = b"+++"
_LONGEST = 16 * 1024
"""Bytes of an answer that are kept until its end is known."""
_MOST_ASKED = 16


@dataclass(frozen=True)
class Said:
    """A piece of the conversation."""

    side: Side
    mode: TracedMode
    data: bytes
    at: float
    """Seconds since the recording began, of its last byte."""
    ends_answer: bool = False
    """Whether a final result, CONNECT or a prompt is its end."""


class Conversation:
    """Join the bytes of each side to pieces; echo is left out."""

    def __init__(self) -> None:
        self.mode: TracedMode = "command"
        """What the host's next byte is."""
        self._line = bytearray()
        """What the host has typed of a command line or an entry."""
        self._echo = Echo()
        self._answer = bytearray()
        self._command = b""
        """The command line that the next answer is to."""
        self._asked: deque[bytes] = deque(maxlen=_MOST_ASKED)
        """The command lines that have no answer yet; a module that starts leaves some without."""
        self._is_multiplexed = False
        """Whether frames of the multiplexer pass, which are told as data."""
        self._escaping = False
        """Whether the last that the host sent in data mode ends with the escape sequence."""
        self._at = 0.0

    def __repr__(self) -> str:
        return f"<Conversation in {self.mode} mode>"

    def take(self, chunk: Chunk) -> Iterator[Said]:
        """Take bytes; yield what they complete."""
        self._at = chunk.at
        if chunk.side is Side.HOST:
            yield from self._from_host(chunk.data)
        else:
            yield from self._from_module(chunk.data)

    def pause(self) -> Iterator[Said]:
        """Yield what has no end yet: nobody has said anything for a while, or the recording ends."""
        yield from self._flush_answer()
        if self._line and self.mode != "prompt":
            yield self._host_said(bytes(self._line))
            self._line.clear()

    def host_left(self) -> None:
        """Note that the host has gone: with it the multiplexer ends."""
        if self._is_multiplexed:
            self._is_multiplexed, self.mode = False, "command"

    def finish(self) -> Iterator[Said]:
        """Yield all that is left."""
        yield from self._flush_answer()
        if self._line:
            yield self._host_said(bytes(self._line))
            self._line.clear()

    def _from_host(self, data: bytes) -> Iterator[Said]:
        yield from self._flush_answer()
        if self.mode == "online":
            self._escaping = data.endswith(_ESCAPE)
            yield self._host_said(data)
            return
        self._line += data
        if self.mode == "prompt":
            self._echo.type_entry(data)
            return
        self._echo.type_line(data)
        while (end := self._line.find(b"\r")) >= 0:
            line = bytes(self._line[: end + 1]).lstrip(b"\n")
            del self._line[: end + 1]
            self._command = line
            self._asked.append(line)
            yield self._host_said(line)
        if self._line == b"\n":
            self._line.clear()

    def _from_module(self, data: bytes) -> Iterator[Said]:
        while data and self.mode != "online":
            self._answer += data if self._answer else self._echo.without(data)
            if self.mode == "prompt" and self._answer and self._line:
                yield self._host_said(bytes(self._line))  # the entry is over
                self._line.clear()
            heard = bytes(self._answer)
            end = (_END_OF_CALL if self._may_end_with_carrier else _END).search(heard)
            if end is None:
                if heard.endswith(b"\r\n") or len(heard) > _LONGEST:
                    yield from self._flush_answer()
                return
            answer, data = heard[: end.end()], heard[end.end() :]
            self._answer.clear()
            self._echo.answered()
            if self._asked and not end["prompt"]:
                self._asked.popleft()
            yield Said(Side.MODULE, "command", answer, self._at, ends_answer=True)
            self._is_multiplexed = end["final"] == b"OK" and _MULTIPLEXES.match(self._command) is not None
            is_online = end["connect"] or self._is_multiplexed
            self.mode = "online" if is_online else "prompt" if end["prompt"] else "command"
        if data:
            yield from self._online(data)

    @property
    def _may_end_with_carrier(self) -> bool:
        """Whether NO CARRIER may be the answer; else it is a URC, of a connection that ends (V.250 6.3)."""
        return any(may_end_with_carrier(line.decode("latin-1").removesuffix("\r")) for line in self._asked)

    def _online(self, data: bytes) -> Iterator[Said]:
        end = None if self._is_multiplexed else _CARRIER_LOST.search(data)
        if end is None and self._escaping:
            end = _ESCAPED.search(data)
        carried = data[: end.start()] if end else data
        if carried:
            yield Said(Side.MODULE, "online", carried, self._at)
        if end:
            self._echo.clear()
            self.mode = "command"
            yield Said(Side.MODULE, "command", end[0], self._at, ends_answer=True)

    def _host_said(self, data: bytes) -> Said:
        return Said(Side.HOST, self.mode, data, self._at)

    def _flush_answer(self) -> Iterator[Said]:
        if self._answer:
            yield Said(Side.MODULE, "command", bytes(self._answer), self._at)
            self._answer.clear()
