"""The host's end of a module's line, in the event loop of the modem: bytes out, and the answer when it is complete."""

import asyncio
import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace

from emulator.line.transports.memory import MemoryPort

_FINALS = rb"OK|ERROR|\+CM[ES] ERROR: ?[^\r\n]*|CONNECT[^\r\n]*"
_OF_CALLS = rb"|NO CARRIER[^\r\n]*|BUSY|NO ANSWER"
_END, _END_OF_CALL = (
    re.compile(rb"\r\n(?P<final>" + finals + rb")\r\n|\r\n(?P<prompt>> ?|>>>)\Z")
    for finals in (_FINALS, _FINALS + _OF_CALLS)
)
_ENDS_WITH_CARRIER = re.compile(rb"AT[DAO]", re.IGNORECASE)
"""Commands that may end with NO CARRIER; behind all others it is a URC, which tells that a connection has ended."""
_COUNTED = re.compile(rb"\r\n#S(?:SL)?RE?CV: (?:\d+,)?(\d+)[^\r\n]*\r\n")
"""The head of data that is counted (guide 4.2.3), which may hold any bytes."""


@dataclass(frozen=True)
class Answer:
    """What the module said to one command or entry."""

    heard: bytes
    seconds: float = 0.0
    ends: re.Pattern[bytes] = _END

    @property
    def final(self) -> str | None:
        """Return the final result, or `>` for a prompt; None where the answer has not come to its end."""
        end = self._end
        return (end["final"] or b">").decode("latin-1") if end is not None else None

    @property
    def lines(self) -> list[str]:
        """Return the lines before the end, without those that are empty."""
        end = self._end
        before = self.heard[: end.start()] if end is not None else self.heard
        return [line for line in before.decode("latin-1").split("\r\n") if line]

    @property
    def data(self) -> bytes:
        """Return the counted data of the answer; empty where there are none."""
        counted = _COUNTED.search(self.heard)
        return self.heard[counted.end() : counted.end() + int(counted[1])] if counted is not None else b""

    @property
    def _end(self) -> re.Match[bytes] | None:
        """Find the end: the first result or prompt behind the counted data; a URC may stand behind it."""
        counted = _COUNTED.search(self.heard)
        data = counted.end() + int(counted[1]) if counted is not None else 0
        return self.ends.search(self.heard, data)


class HostLine(MemoryPort):
    """A port without a descriptor, and the host at it."""

    def __init__(self) -> None:
        super().__init__("fleet")
        self._asked: _Asked | None = None

    @property
    def has_host(self) -> bool:
        """Return whether the host has opened it."""
        return self._present > 0

    def write(self, data: bytes) -> None:
        super().write(data)
        if self._asked is not None and self._asked.hears(data):
            self._asked = None

    async def ask(self, data: bytes, within: float) -> Answer:
        """Send bytes and wait for the answer, at most so many seconds; what has come before is no part of it."""
        self.host_read()
        self._asked = asked = _Asked(_END_OF_CALL if _ENDS_WITH_CARRIER.match(data) else _END)
        self.host_write(data)
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await asked.ended.wait()
        return asked.answer


class _Asked:
    """An answer as it comes."""

    def __init__(self, ends: re.Pattern[bytes]) -> None:
        self._began = time.monotonic()
        self.answer = Answer(b"", ends=ends)
        self.ended = asyncio.Event()

    def hears(self, data: bytes) -> bool:
        """Take what the module says; return whether the answer has come to its end."""
        self.answer = replace(self.answer, heard=self.answer.heard + data, seconds=time.monotonic() - self._began)
        if self.answer.final is not None:
            self.ended.set()
        return self.ended.is_set()
