"""One modem as the page shows it: its past events, its state, and what is new of both."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NamedTuple

import msgspec

from emulator.clock import ManualClock
from emulator.control.state import STATE, show
from emulator.modem import Modem
from emulator.trace.defect import reporting_task
from emulator.trace.events import Event, HostSent, ModuleSent
from emulator.web.history import EventHistory
from emulator.web.kept_packets import KeptPackets
from emulator.web.messages import event_as_json, message, trace_message
from emulator.web.overheard import OverheardLines

_LOOK = 0.5
"""Seconds between two looks at the state while there is a browser."""
_LONGEST_ONLINE = 2048
"""Characters of one piece of online data that a browser is sent."""
_MOST_EVENTS, _MOST_BYTES = 2000, 512 * 1024
"""Of past events in a snapshot."""


class _Traffic(NamedTuple):
    """Bytes in data mode at one AT instance since the start."""

    from_host: int = 0
    to_host: int = 0


class ShownModem:
    """Tell browsers of a modem, from `begin` until `close`."""

    def __init__(self, name: str, modem: Modem, send: Callable[[bytes], None], count: int = 1) -> None:
        """Send each message by `send`; keep as much of the past as is left to each of `count` modems."""
        self.name = name
        self.modem = modem
        self.history = EventHistory(count)
        self.packets = KeptPackets(modem.firmware.name, count)
        self.overheard = OverheardLines(modem.clock.now, count)
        self._send = send
        self._traffic: dict[str, _Traffic] = defaultdict(_Traffic)
        self._told_traffic: dict[str, _Traffic] = {}
        self._told: dict[str, Any] = {}
        self._looking: asyncio.Task[None] | None = None
        self._opened = ExitStack()

    def __repr__(self) -> str:
        return f"<ShownModem {self.name}, {self.history!r}>"

    def begin(self) -> None:
        """Begin with `ready` of every port."""
        for at_port in self.modem.at_ports.values():
            self(self.modem.clock.now(), at_port.ready)
        self.modem.overhear(self.overheard)
        self.modem.capture_to(self.packets)
        self.modem.trace.subscribe(self)
        self._opened.callback(self.modem.trace.unsubscribe, self)

    def close(self) -> None:
        """Tell nothing more."""
        self.watch(False)
        self._opened.close()

    def __call__(self, now: float, event: Event) -> None:
        """Take an event of the trace."""
        self.history(now, event)
        if isinstance(event, HostSent | ModuleSent) and event.mode == "online":
            self._count(event)
        if self._looking is not None:
            self._send(trace_message(self.name, now, _for_browser(event)))

    def _count(self, event: HostSent | ModuleSent) -> None:
        before = self._traffic[event.terminal]
        if isinstance(event, HostSent):
            self._traffic[event.terminal] = before._replace(from_host=before.from_host + event.size)
        else:
            self._traffic[event.terminal] = before._replace(to_host=before.to_host + event.size)

    def watch(self, wanted: bool) -> None:
        """Look at the state now and then, and tell of events, as long as this is wanted: while there is a browser."""
        if wanted and self._looking is None:
            self._told = show(self.modem)
            self._looking = reporting_task(self.modem.trace, "the page", self._look_on())
        elif not wanted and self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def _look_on(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(_LOOK)

    def look(self) -> None:
        """Tell what has changed since the last look."""
        state = show(self.modem)
        ignored = "" if isinstance(self.modem.clock, ManualClock) else "time"
        changed = {key: value for key, value in state.items() if key != ignored and self._told.get(key) != value}
        if changed:
            self._told.update(changed)
            self._send(message("state", {"module": self.name, "time": state["time"], "state": changed}))
        if self._traffic != self._told_traffic:
            self._told_traffic = dict(self._traffic)
            time = round(self.modem.clock.now(), 6)
            self._send(message("traffic", {"module": self.name, "time": time, "terminals": self._traffic_as_json()}))

    def snapshot(self) -> dict[str, Any]:
        """Return all that a page needs to begin with."""
        past = self.history.last(_MOST_EVENTS, _MOST_BYTES)
        return {
            "module": self.name,
            "firmware": self.modem.firmware.name,
            "ports": [
                {"terminal": port.name, "opens": port.host_opens, "gone": port.is_gone, "channels": list(port.channels)}
                for port in self.modem.at_ports.values()
            ],
            "state": show(self.modem),
            "changeable": {name: key.allowed.words for name, key in STATE.items() if key.allowed is not None},
            "traffic": self._traffic_as_json(),
            "earlier": self.history.forgotten + len(self.history.events) - len(past),
            "events": [event_as_json(now, _for_browser(event)) for now, event in past],
        }

    def _traffic_as_json(self) -> dict[str, dict[str, int]]:
        return {terminal: traffic._asdict() for terminal, traffic in self._traffic.items()}


def _for_browser(event: Event) -> Event:
    """Cut long online data: nobody reads it on a page, and `size` says how much it was."""
    if isinstance(event, HostSent | ModuleSent) and event.mode == "online" and len(event.text) > _LONGEST_ONLINE:
        return msgspec.structs.replace(event, text=event.text[:_LONGEST_ONLINE])
    return event
