"""The port goes away, as that of a USB module does."""

from emulator.faults.fault import OutsideFault, Target
from emulator.faults.quantities import Duration


class PortVanished(OutsideFault, frozen=True, kw_only=True):
    """The host's reads and writes fail; later there is a new port, behind the same `--link`."""

    duration: Duration = Duration(5)
    """After so long it is there again."""

    def strike(self, target: Target) -> None:
        target.vanish(self.duration)
