"""The module restarts by itself."""

from emulator.faults.fault import ModuleFault, Target


class Reboot(ModuleFault, frozen=True, kw_only=True):
    """The module restarts, and is silent until it has started."""

    def strike(self, target: Target) -> None:
        target.module.power.restart()
