"""The supply breaks down."""

from emulator.faults.fault import DeviceFault, Target
from emulator.faults.quantities import Duration


class BrownOut(DeviceFault, frozen=True, kw_only=True):
    """The module is without power for a while, and then starts."""

    duration: Duration = Duration(2)
    """How long."""

    def strike(self, target: Target) -> None:
        power = target.device.power
        power.off()
        target.clock.call_later(self.duration, power.on)
