"""A module that the manual types at: under a manual clock, with the lab's servers where a peer takes part."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from emulator.at.terminal import Mode
from emulator.bench import Bench
from emulator.manual.examples import AWAITED, ENTRY
from emulator.manual.page import Spoken
from emulator.manual.situations import Situation
from emulator.net.echo import Echo
from emulator.trace.events import Dialled, Refused, Resolved

_END = re.compile(r"\r\n(OK|ERROR|CONNECT|NO CARRIER|BUSY|NO ANSWER|\+CM[ES] ERROR: [^\r]*)\r\n|\r\n> |>>>|^[034]\r")
PROMPTS = ("> ", ">>>")
_END_OF_ENTRY = "\x1a"
_WAITS = (0, 0, 0, 0.1, 1, 10, 100)
"""Seconds of the module after which an answer is looked for."""
_LONGEST = 10.0
"""Seconds of real time that a server of the lab may take."""


class Conversation:
    """A host at a module, whose peers are real ones if there are any."""

    def __init__(self, bench: Bench, peers: bool) -> None:
        self.bench = bench
        self._peers = peers
        self._heard = ""

    async def say(self, line: str) -> Spoken:
        """Type a line, or an entry at the prompt, or wait for a line; return what is heard."""
        if line.startswith(AWAITED):
            awaited = re.escape(line.removeprefix(AWAITED))
            return Spoken("", _lines(await self._until(re.compile(rf"\r\n{awaited}[^\r]*\r\n"))))
        if line.startswith(ENTRY):
            self.bench.send(line.removeprefix(ENTRY))
            if self.bench.modem.instance.terminal.mode is Mode.PROMPT:
                self.bench.send(_END_OF_ENTRY)
        else:
            self.bench.send(f"{line}\r")
        return Spoken(line, _lines(await self._until(_END)))

    async def ask(self, line: str) -> tuple[Spoken, Refused | None]:
        """Type a line; return what is heard, and why it is refused, None where it is not."""
        before = len(self.bench.events)
        spoken = await self.say(line)
        refusals = (event for event in self.bench.events[before:] if isinstance(event, Refused))
        return spoken, next(refusals, None)

    async def asks_in_vain(self, line: str) -> Refused | None:
        """Type a line; return why it is refused before anything is looked up or dialled, None where it is not."""
        before = len(self.bench.events)
        await self.say(line)
        wanted = (event for event in self.bench.events[before:] if isinstance(event, Refused | Dialled | Resolved))
        first = next(wanted, None)
        return first if isinstance(first, Refused) else None

    async def _until(self, end: re.Pattern[str]) -> str:
        """Read up to what matches, or to silence; what follows is heard with the next answer."""
        waits = iter(_WAITS)
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST):
                self._heard += self.bench.read()
                while end.search(self._heard) is None and await self._goes_on(waits):
                    self._heard += self.bench.read()
        match = end.search(self._heard)
        place = len(self._heard) if match is None else match.end()
        said, self._heard = self._heard[:place], self._heard[place:]
        return said

    async def _goes_on(self, waits: Iterator[float]) -> bool:
        """Wait for more; return whether there can be any."""
        written = self.bench.port.written
        if self._peers:
            await written.wait()
            written.clear()
            return True
        wait = next(waits, None)
        if wait is not None:
            await self.bench.advance(wait)
        return wait is not None


def _lines(heard: str) -> Sequence[str]:
    return [line for line in heard.replace("\r", "\n").split("\n") if line.strip()]


@asynccontextmanager
async def conversation(
    firmware: str, situation: Situation, routes: Mapping[str, str] | None = None, *, peers: bool = False
) -> AsyncIterator[Conversation]:
    """Start a module in a state; with `peers` servers answer where the routes lead, in their own time."""
    async with Bench(firmware, settings=situation.settings, routes=routes or {}) as bench:
        bench.modem.device.environment.bearer.ping = _answering  # type: ignore[method-assign]  # not every user may send one
        preparing = Conversation(bench, peers=False)
        for line in situation.lines:
            await preparing.say(line)
        yield Conversation(bench, peers)


async def _answering(host: str, *, size: int, ttl: int) -> Echo:
    return Echo(ttl)
