"""Keep the card for the host alone (+CSIM=1): the module lets go of it a little later, and later takes it back."""

import asyncio
from collections.abc import Callable

from emulator.clock import Clock, Timer
from emulator.firmware.schema.sim import HostLock as Profile
from emulator.guard import guarded
from emulator.trace.defect import report_defect
from emulator.trace.trace import Trace


class HostLock:
    """Hold of the host on the card; made anew at each start."""

    def __init__(self, profile: Profile | None, clock: Clock, trace: Trace) -> None:
        self._profile = profile
        self._clock = clock
        self._trace = trace
        self._taking: Timer | None = None
        self._returning: Timer | None = None
        self.held = False
        """Whether the module does without the card now."""
        self._free = asyncio.Event()
        self._free.set()
        self.on_change: list[Callable[[], None]] = []
        """Called when the module has let go of the card, and when it has taken it back."""

    def __repr__(self) -> str:
        return f"<HostLock {'held' if self.held else 'free'}>"

    def take(self) -> None:
        """Take the card for the host."""
        assert self._profile is not None, "the command asks before"
        _cancel(self._taking)
        _cancel(self._returning)
        self._free.clear()
        self._taking = self._clock.call_later(self._profile.taken_after, self._let_go)

    def give_back(self) -> None:
        """Give the card back to the module."""
        assert self._profile is not None, "the command asks before"
        _cancel(self._returning)
        self._returning = self._clock.call_later(self._profile.returned_after, self._take_back)

    @property
    def changes_hands(self) -> bool:
        """Whether the module is about to let go of the card; an instruction waits until it has."""
        return not self._free.is_set()

    async def settled(self) -> None:
        """Wait until the module has let go of the card."""
        await self._free.wait()

    def cancel(self) -> None:
        """Drop what is under way: the power has gone."""
        _cancel(self._taking)
        _cancel(self._returning)
        self._free.set()

    @guarded
    def _let_go(self) -> None:
        self._free.set()
        self._set(True)

    @guarded
    def _take_back(self) -> None:
        self._set(False)

    def _set(self, held: bool) -> None:
        if self.held is not held:
            self.held = held
            for listener in self.on_change:
                listener()

    def fail(self, error: Exception) -> None:
        """See `guard.Failing`; the card goes back to the module."""
        self.held = False
        self._free.set()
        report_defect(self._trace, "the host's lock of the card", error)


def _cancel(timer: Timer | None) -> None:
    if timer is not None:
        timer.cancel()
