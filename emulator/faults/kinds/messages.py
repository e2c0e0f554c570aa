"""Faults of short messages: what somebody else sends."""

from typing import Annotated

from msgspec import Meta

from emulator.faults.fault import OutsideFault
from emulator.faults.target import Target


class MessageComes(OutsideFault, frozen=True, kw_only=True):
    """Somebody sends the module a short message; +CNMI says whether the host hears of it."""

    number: Annotated[str, Meta(pattern=r"^\+?[0-9*#]{1,20}$")] = "+393331234567"
    """The number of who sends it."""
    text: Annotated[str, Meta(min_length=1, max_length=160, pattern=r"^[ -~]*$")] = "Hello"
    """What it says."""

    def apply(self, target: Target) -> None:
        target.device.mailbox.post(self.number, self.text)
        target.device.messages.collect()
