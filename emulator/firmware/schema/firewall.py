"""The schema of the firewall."""

from typing import Annotated

from msgspec import Meta

from emulator.errors import Cause
from emulator.firmware.limits import Section


class Firewall(Section, frozen=True, kw_only=True):
    """The rules of #FRWL: peers that may connect to a listening socket."""

    rules: Annotated[int, Meta(ge=1, le=100)]
    """Largest number of rules."""
    full: Cause
    """Adding a rule when there are as many as that."""
    unknown: Cause
    """Removing a rule that is not there."""
