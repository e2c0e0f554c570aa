"""The module restarts by itself."""

from emulator.faults.fault import DeviceFault, Target


class Reboot(DeviceFault, frozen=True, kw_only=True):
    """The module restarts, and is silent until it has started."""

    def strike(self, target: Target) -> None:
        target.device.power.restart()
