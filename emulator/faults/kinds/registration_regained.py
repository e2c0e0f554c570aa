"""The network is there again."""

from emulator.faults.fault import OutsideFault, Target


class RegistrationRegained(OutsideFault, frozen=True, kw_only=True):
    """The network takes the module in as its profile says, or as home or roaming."""

    roaming: bool = False
    """Whether it is another operator's network (<stat> 5)."""

    def strike(self, target: Target) -> None:
        target.device.coverage.offer(5 if self.roaming else None)
