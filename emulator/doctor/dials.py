"""Make the dials of an examination: equal ones once, few of them at a time."""

import asyncio
from functools import partial

from emulator.clock import Clock
from emulator.doctor.dial import DialOutcome, DialSettings, ModuleDial
from emulator.doctor.once import Once
from emulator.doctor.question import Question
from emulator.firmware.loader import Firmware
from emulator.tls.client import ChainRefused


class Dials:
    """The dials of modules to one server. Firmwares that say and judge the same share theirs."""

    def __init__(self, question: Question, clock: Clock, at_once: asyncio.Semaphore) -> None:
        self._question = question
        self._clock = clock
        self._at_once = at_once
        self._made = Once()

    def __repr__(self) -> str:
        return f"<Dials to {self._question.address}, {len(self._made)} of them>"

    def __len__(self) -> int:
        return len(self._made)

    async def make(self, firmware: Firmware, settings: DialSettings) -> DialOutcome:
        """Return what comes of #SSLD on this firmware with these settings."""
        dial = ModuleDial(firmware, self._question, settings, self._clock)
        alike = dial.prepare()
        if isinstance(alike, DialOutcome):
            return alike
        return await self._made.ask(alike, partial(self._run, dial))

    def judge(self, firmware: Firmware, settings: DialSettings, chain: tuple[bytes, ...]) -> ChainRefused | None:
        """Return what this firmware has against a chain, without a dial; None when it accepts it."""
        dial = ModuleDial(firmware, self._question, settings, self._clock)
        if isinstance(dial.prepare(), DialOutcome):
            return None
        return dial.judge(chain)

    @property
    def outcomes(self) -> tuple[DialOutcome, ...]:
        """Return what came of all dials so far."""
        return self._made.found

    async def _run(self, dial: ModuleDial) -> DialOutcome:
        async with self._at_once:
            return await dial.run()
