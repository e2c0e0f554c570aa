"""Faults of the module's power."""

from emulator.faults.conditions import Condition
from emulator.faults.fault import DeviceFault
from emulator.faults.quantities import Duration
from emulator.faults.target import Target


class Reboot(DeviceFault, frozen=True, kw_only=True):
    """The module restarts, and is silent until it has started."""

    def apply(self, target: Target) -> None:
        target.device.power.restart()


class BrownOut(DeviceFault, frozen=True, kw_only=True):
    """The module is without power for a while, and then starts, unless it had been switched off before."""

    duration: Duration = Duration(2)
    """How long."""

    def apply(self, target: Target) -> Condition:
        return Condition(target, self.duration, target.device.power.cut())
