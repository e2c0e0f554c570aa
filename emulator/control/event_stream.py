"""Hands the events of the trace to a client of the control socket, who may read slowly or go away."""

import asyncio
from collections.abc import Collection
from types import TracebackType
from typing import Self

from emulator.control.bounded_queue import BoundedQueue
from emulator.errors import UserError
from emulator.firmware import keys
from emulator.modem import Modem
from emulator.trace.events import Event, EventsLost, event_name, event_names
from emulator.trace.json_lines import json_line


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
        self._queue = BoundedQueue()
        self._trace, self._clock = modem.trace, modem.clock
        for at_port in modem.at_ports.values():
            self(self._clock.now(), at_port.ready)
        self._trace.subscribe(self)

    def __repr__(self) -> str:
        return f"<EventStream, {self._queue!r}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._trace.unsubscribe(self)

    def __call__(self, now: float, event: Event) -> None:
        """Take an event, or count it as lost."""
        if event_name(type(event)) in self._wanted:
            self._queue.put(json_line(now, event) + b"\n")

    async def take(self) -> bytes:
        """Wait for events; return all lines that there are, the last of which says how many were lost behind them."""
        lines, lost = await self._queue.take()
        return lines + json_line(self._clock.now(), EventsLost(count=lost)) + b"\n" if lost else lines

    async def send(self, writer: asyncio.StreamWriter) -> None:
        """Send events to the client until it goes away."""
        try:
            while True:
                writer.write(await self.take())
                await writer.drain()
        except OSError:
            pass  # the client has gone
