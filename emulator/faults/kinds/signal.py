"""The signal becomes another one."""

from typing import Annotated

from msgspec import Meta

from emulator.faults.fault import OutsideFault, Target
from emulator.faults.quantities import Duration


class Signal(OutsideFault, frozen=True, kw_only=True):
    """What +CSQ shows."""

    rssi: Annotated[int, Meta(ge=0, le=99)]
    """<rssi>: 0 to 31, 99 unknown."""
    bit_errors: Annotated[int, Meta(ge=0, le=99)] | None = None
    """<ber>: 0 to 7, 99 unknown; as the profile says when left out."""
    duration: Duration | None = None
    """After so long it is as before; when left out it stays."""

    def strike(self, target: Target) -> None:
        coverage = target.device.coverage
        coverage.hear(self.rssi, self.bit_errors)
        if self.duration is not None:
            target.clock.call_later(self.duration, coverage.hear)
