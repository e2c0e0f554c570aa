"""The modules of one process: their modems share an event loop in a thread of its own."""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from emulator.clock import WallClock
from emulator.fleet.line import Answer, HostLine
from emulator.fleet.measuring import Measured, Measuring
from emulator.fleet.plan import FleetPlan, ModulePlan, add_faults
from emulator.guard import log_defect
from emulator.modem import Modem

Result = TypeVar("Result")

_TICK = 0.1


@dataclass(frozen=True)
class Said:
    """The answer to the host, and what the emulator knows of it."""

    answer: Answer
    reason: str
    """Why the module has refused, or ended a connection; empty where it has not."""
    measured: Sequence[Measured]
    """The dials and handshakes meanwhile."""


class FleetModule:
    """One module with the host at its line, inside the event loop."""

    def __init__(self, fleet: FleetPlan, plan: ModulePlan) -> None:
        self.plan = plan
        self._clock = WallClock()
        self.modem = Modem(fleet.options(plan, clock=self._clock, port=self._make_line))
        try:
            add_faults(self.modem, plan.faults)
        except BaseException:
            self.modem.close()
            raise
        self._measuring = Measuring(self._clock, self.modem.firmware.name.partition("@")[0])
        self.modem.trace.watch(self._measuring)
        self._line.host_open()

    async def start(self) -> None:
        """Wait until the module runs."""
        while not self.modem.device.power.running:
            await self._clock.sleep(_TICK)

    def _make_line(self) -> HostLine:
        """Make the line; after a fault that has taken it away the host opens the new one with its next command."""
        self._line = HostLine()
        return self._line

    async def ask(self, data: bytes, within: float) -> Said:
        """Send bytes, wait for the answer, at most so many seconds."""
        self._measuring.command_begins()
        if not self._line.has_host:
            self._line.host_open()
        answer = await self._line.ask(data, within)
        return Said(answer, self._measuring.reason, self._measuring.take())

    def close(self) -> None:
        """Switch the module off."""
        self.modem.close()


class FleetLoop:
    """Run an event loop in a thread, for all modules of the process, as long as that runs."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fleet", daemon=True)
        self._thread.start()

    def start(self, work: Coroutine[Any, Any, Result]) -> "Future[Result]":
        """Run a coroutine in the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def end(self, module: FleetModule) -> None:
        """Switch a module off, and wait for nothing."""
        self.start(_end(module))


async def _end(module: FleetModule) -> None:
    try:
        module.close()
    except Exception as error:
        log_defect("the end of a module", error)
