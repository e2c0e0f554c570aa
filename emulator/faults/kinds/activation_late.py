"""The network takes its time to activate a PDP context."""

from emulator.device.network.coverage import Admission
from emulator.faults.fault import ActivationFault
from emulator.faults.quantities import Duration


class ActivationLate(ActivationFault, frozen=True, kw_only=True):
    """#SGACT and +CGACT answer late."""

    duration: Duration
    """How late."""

    def admission(self) -> Admission:
        return Admission(delay=self.duration)
