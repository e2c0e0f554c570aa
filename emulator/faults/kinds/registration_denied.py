"""The network refuses the module."""

from emulator.faults.fault import OutsideFault, Target
from emulator.faults.quantities import Duration

_DENIED = 3
"""<stat> of +CREG (27.007 7.2)."""


class RegistrationDenied(OutsideFault, frozen=True, kw_only=True):
    """The network denies the registration, as it does to a SIM that is barred."""

    duration: Duration | None = None
    """After so long it takes the module in; until another fault brings it back when left out."""

    def strike(self, target: Target) -> None:
        coverage = target.device.coverage
        coverage.offer(_DENIED)
        if self.duration is not None:
            target.clock.call_later(self.duration, coverage.offer)
