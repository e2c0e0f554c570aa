"""Hands the events of the trace to a client of the control socket, who may read slowly or go away."""

import asyncio
from collections.abc import Collection
from types import TracebackType
from typing import Self

from emulator.errors import UserError
from emulator.firmware import keys
from emulator.modem import Modem
from emulator.trace.events import Event, EventsLost, event_name, event_names
from emulator.trace.json_lines import json_line

MOST_WAITING = 1024 * 1024
"""Bytes of lines that wait for the client; what comes while there are as many is left out."""


class EventStream:
    """Queue events as lines of JSON, until the end of the block. The modem never waits for who reads them."""

    def __init__(self, modem: Modem, names: Collection[str] = ()) -> None:
        """Begin with `ready` of every port, so that the client knows that it is heard.

        Args:
            modem: whose events.
            names: the kinds that the client wants; all, where it names none.

        Raises:
            UserError: there is no such kind.
        """
        known = event_names()
        for name in names:
            if name not in known:
                raise UserError(f"there is no event {name!r}{keys.nearest(name, known) or '; ' + keys.one_of(known)}")
        self._wanted = frozenset(names or known)
        self._waiting = bytearray()
        self._lost = 0
        self._filled = asyncio.Event()
        self._trace, self._clock = modem.trace, modem.clock
        for at_port in modem.at_ports.values():
            self(self._clock.now(), at_port.ready)
        self._trace.subscribe(self)

    def __repr__(self) -> str:
        return f"<EventStream, {len(self._waiting)} bytes wait, {self._lost} events lost>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._trace.unsubscribe(self)

    def __call__(self, now: float, event: Event) -> None:
        """Take an event, or count it as lost."""
        if event_name(type(event)) not in self._wanted:
            return
        if len(self._waiting) < MOST_WAITING and not self._lost:
            self._waiting += json_line(now, event) + b"\n"
        else:
            self._lost += 1
        self._filled.set()

    async def take(self) -> bytes:
        """Wait for events; return all lines that there are, the last of which says how many were lost behind them."""
        await self._filled.wait()
        self._filled.clear()
        lines, self._waiting = bytes(self._waiting), bytearray()
        if self._lost:
            lines += json_line(self._clock.now(), EventsLost(count=self._lost)) + b"\n"
            self._lost = 0
        return lines

    async def send(self, writer: asyncio.StreamWriter) -> None:
        """Send events to the client until it goes away."""
        try:
            while True:
                writer.write(await self.take())
                await writer.drain()
        except OSError:
            pass  # the client has gone
