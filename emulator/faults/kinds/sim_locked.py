"""The SIM card asks for its PIN."""

from typing import Annotated

from msgspec import Meta

from emulator.faults.fault import OutsideFault, Target


class SimLocked(OutsideFault, frozen=True, kw_only=True):
    """The card is replaced by one that is locked; +CPIN unlocks it, and it is locked again at each start."""

    pin: Annotated[str, Meta(pattern=r"^\d{4,8}$")] = "1234"
    """4 to 8 digits."""
    blocked: bool = False
    """Whether the PIN was wrong too often already, so that the PUK is asked for; it stands in the profile."""

    def strike(self, target: Target) -> None:
        target.device.sim.lock(self.pin, blocked=self.blocked)
