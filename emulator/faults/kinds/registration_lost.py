"""The module loses its registration."""

from emulator.faults.fault import OutsideFault, Target
from emulator.faults.quantities import Duration

_SEARCHING = 2
"""<stat> of +CREG (27.007 7.2)."""


class RegistrationLost(OutsideFault, frozen=True, kw_only=True):
    """The network is gone, and with it attachment, contexts and connections; the module searches."""

    duration: Duration | None = None
    """After so long the network is there again; until another fault brings it back when left out."""

    def strike(self, target: Target) -> None:
        coverage = target.device.coverage
        coverage.offer(_SEARCHING)
        if self.duration is not None:
            target.clock.call_later(self.duration, coverage.offer)
