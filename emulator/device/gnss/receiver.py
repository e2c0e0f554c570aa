"""Model the satellite receiver: its power, its starts, and when it has a fix."""

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING

from emulator.clock import Clock
from emulator.device.gnss.report import GnssReport
from emulator.device.gnss.settings import GnssSettingsStore
from emulator.device.gnss.sky import Sky
from emulator.device.memory.store import NvmStore
from emulator.errors import DeviceError
from emulator.firmware.schema.gnss import Gnss
from emulator.later import later

if TYPE_CHECKING:
    from emulator.device.needs import memory as needs
else:
    needs = later("emulator.device.needs.memory")

_BY_MODULE = 2
"""The control of the receiver in which it can be started as the host asks."""


class Start(IntEnum):
    """Start of the receiver, by its number."""

    HARDWARE = 0
    COLD = 1
    WARM = 2
    HOT = 3


class Receiver:
    """A receiver that finds its place as long after its start as the profile says."""

    def __init__(self, profile: Gnss, store: NvmStore, sky: Sky, clock: Clock) -> None:
        self.profile = profile
        self.settings = GnssSettingsStore(profile, store)
        self._sky = sky
        self._clock = clock
        self._fix_from = 0.0
        """The time from which satellites in view give a fix."""
        self._time_from = 0.0
        """The time from which date and time are known."""
        self._last_fix: float | None = None
        """When there was a fix before the last start; None after a cold start."""
        self._saw = sky.place.fix
        self.on_power: list[Callable[[], None]] = []
        """Called when the receiver has been switched on or off."""
        sky.on_change.append(self._sky_changed)
        self._start(Start.COLD)

    def __repr__(self) -> str:
        state = "off" if not self.is_on else "with a fix" if self.report().place is not None else "searching"
        return f"<Receiver {state}>"

    @property
    def is_on(self) -> bool:
        """Whether it has power."""
        return bool(self.settings.current.power)

    def close(self) -> None:
        """Look at the sky no more."""
        self._sky.on_change.remove(self._sky_changed)

    def switch(self, power: int) -> None:
        """Switch it on or off; on, it starts as well as it can.

        Raises:
            DeviceError: it is in that state already, and the firmware refuses that.
        """
        if power == self.settings.current.power:
            if self.profile.refuses_same_power:
                reason = f"the receiver is {'on' if power else 'off'} already"
                raise DeviceError(self.profile.refusals.same_power, reason)
            return
        if not power:
            self._remember()
        self.settings.change({"power": power})
        if power:
            self._start(self._best_start())
        for listener in self.on_power:
            listener()

    def restart(self, start: Start) -> None:
        """Start anew.

        Raises:
            DeviceError: it is off, or is not controlled by the module.
        """
        self.check_power()
        if start is not Start.HARDWARE and self.settings.current.control != _BY_MODULE:
            reason = f"the module does not control the receiver: its control is {self.settings.current.control}"
            raise DeviceError(self.profile.refusals.not_controlled, reason, needs.ControlledReceiver())
        self._remember()
        self._start(self._best_start() if start is Start.HARDWARE else start)

    def check_power(self) -> None:
        """Refuse what needs power.

        Raises:
            DeviceError: it is off.
        """
        if not self.is_on:
            raise DeviceError(self.profile.refusals.off, "the receiver is off", needs.ReceiverOn())

    def restore(self) -> None:
        """Restore the factory's settings; its power follows them.

        Raises:
            DeviceError: the memory fails.
        """
        before = self.settings.current.power
        self.settings.reset()
        if self.settings.current.power != before:
            self._start(self._best_start())
            for listener in self.on_power:
                listener()

    def report(self) -> GnssReport:
        """Return what it knows; nothing while it is off."""
        now = self._clock.now()
        if not self.is_on:
            return GnssReport(None, None)
        place = self._sky.place if self._sky.place.fix and now >= self._fix_from else None
        knows_time = place is not None or now >= self._time_from
        return GnssReport(self._clock.utc() if knows_time else None, place)

    def _remember(self) -> None:
        if self.report().place is not None:
            self._last_fix = self._clock.now()

    def _best_start(self) -> Start:
        if self._last_fix is None:
            return Start.COLD
        age = self._clock.now() - self._last_fix
        return Start.HOT if age <= self.profile.orbits_last else Start.WARM

    def _start(self, start: Start) -> None:
        now, times = self._clock.now(), self.profile.start
        if start is Start.COLD:
            self._last_fix = None
        self._fix_from = now + {Start.COLD: times.cold, Start.WARM: times.warm, Start.HOT: times.hot}[start]
        self._time_from = now + self.profile.time_after if start is Start.COLD else now

    def _sky_changed(self) -> None:
        """Find the satellites again, which have come into view."""
        fix, self._saw = self._saw, self._sky.place.fix
        if not fix and self._saw:
            self._fix_from = max(self._fix_from, self._clock.now() + self.profile.start.hot)
