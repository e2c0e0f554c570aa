"""The network takes a PDP context down."""

from typing import Annotated

from msgspec import Meta

from emulator.faults.fault import OutsideFault, Target


class ContextDropped(OutsideFault, frozen=True, kw_only=True):
    """The context goes down, and the connections that use it break."""

    cid: Annotated[int, Meta(ge=1, le=16)] = 1
    """Which context."""

    def strike(self, target: Target) -> None:
        target.device.contexts.drop(self.cid)
