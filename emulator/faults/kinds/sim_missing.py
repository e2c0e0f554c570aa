"""The SIM card is gone."""

from emulator.faults.fault import OutsideFault, Target
from emulator.faults.quantities import Duration


class SimMissing(OutsideFault, frozen=True, kw_only=True):
    """The card loses its contacts; the registration goes with it."""

    duration: Duration | None = None
    """After so long it is there again, and asks for its PIN if it has one; when left out it stays away."""

    def strike(self, target: Target) -> None:
        sim = target.device.sim
        sim.remove()
        if self.duration is not None:
            target.clock.call_later(self.duration, sim.insert)
