"""Faults of voice calls: they come, end and fail."""

from typing import Annotated

from msgspec import Meta

from emulator.faults.conditions import Condition
from emulator.faults.fault import OutsideFault
from emulator.faults.quantities import Duration
from emulator.faults.target import Target
from emulator.firmware.schema.calls import Outcome


class CallComes(OutsideFault, frozen=True, kw_only=True):
    """Somebody calls the module; it does not fire while the call would not reach it."""

    number: Annotated[str, Meta(pattern=r"^(\+?[0-9*#]{1,20})?$")] = ""
    """The number of who calls; when left out it is not shown."""

    def obstacle(self, target: Target) -> str | None:
        return target.device.far_end.obstacle

    def apply(self, target: Target) -> None:
        target.device.far_end.ring(self.number)


class CallEnded(OutsideFault, frozen=True, kw_only=True):
    """The other side hangs up, in every call; it does not fire while there is none."""

    def obstacle(self, target: Target) -> str | None:
        return None if list(target.device.calls) else "there is no call"

    def apply(self, target: Target) -> None:
        for call in list(target.device.calls):
            target.device.far_end.end(call.id)


class CallsFail(OutsideFault, frozen=True, kw_only=True):
    """Calls that the module dials are not answered, whatever the profile says of their numbers."""

    outcome: Outcome = "busy"
    """What becomes of them."""
    duration: Duration | None = None
    """After so long they are as before; when left out it stays."""

    def apply(self, target: Target) -> Condition:
        return Condition(target, self.duration, target.device.call_outcome.cover(self.outcome))
