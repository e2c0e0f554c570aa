"""The search for a network, and the attachment after it: they take time where the pace says so."""

import asyncio
from collections.abc import Callable

from emulator.clock import Clock, Timer
from emulator.device.network.coverage import SEARCHING, Coverage
from emulator.device.network.registration import Network
from emulator.device.pace import Pace
from emulator.firmware.schema.network import Operator
from emulator.firmware.schema.times import Spread, Times
from emulator.trace.defect import reporting
from emulator.trace.trace import Trace


class Search:
    """One search at a time; made anew at each start."""

    def __init__(self, network: Network, coverage: Coverage, pace: Pace, clock: Clock, trace: Trace) -> None:
        self._network = network
        self._coverage = coverage
        self._pace = pace
        self._clock = clock
        self._trace = trace
        self._timer: Timer | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self.under_way = False
        """Whether a network is being searched for."""

    def __repr__(self) -> str:
        return f"<Search {'under way' if self.under_way else 'over'}>"

    def begin(self, operator: Operator | None, found: Callable[[], None]) -> None:
        """Call `found` once the operator's network is found; at once where there is none to search for."""
        self.stop()
        seconds = self._pace.seconds(self._choice) if self._network.finds(operator) else 0.0
        if seconds <= 0:
            found()
            return
        self.under_way = True
        self._network.set_registration(SEARCHING)
        self._after(seconds, lambda: self._end(found))

    def _choice(self, times: Times) -> Spread:
        return times.registration.warm if self._coverage.was_found else times.registration.cold

    def _end(self, found: Callable[[], None]) -> None:
        self._coverage.was_found = True
        found()
        self._over()

    def attach(self) -> None:
        """Attach to packet service when the time has come."""
        seconds = self._pace.seconds(lambda times: times.registration.packet)
        if seconds <= 0 or not self._network.registered or self._network.attached:
            self._network.attach()
            return
        self._network.attaching = True
        self._after(seconds, self._network.attach)

    async def over(self) -> None:
        """Wait for the end of the search, be it that it is broken off."""
        if self.under_way:
            end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(end)
            await end

    def stop(self) -> None:
        """Break off what is under way; harmless when nothing is."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._network.attaching = False
        self._over()

    def _over(self) -> None:
        self.under_way = False
        waiting, self._waiting = self._waiting, []
        for end in waiting:
            if not end.done():
                end.set_result(None)

    def _after(self, seconds: float, then: Callable[[], None]) -> None:
        self._timer = self._clock.call_later(seconds, reporting(self._trace, "a search for a network", then))
