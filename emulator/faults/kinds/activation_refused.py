"""The network does not activate a PDP context."""

from emulator.device.network.coverage import Admission
from emulator.errors import Cause
from emulator.faults.fault import ActivationFault


class ActivationRefused(ActivationFault, frozen=True, kw_only=True):
    """#SGACT and +CGACT fail."""

    cause: Cause = Cause.ACTIVATION_FAILED
    """What the module says."""

    def admission(self) -> Admission:
        return Admission(refusal=self.cause)
