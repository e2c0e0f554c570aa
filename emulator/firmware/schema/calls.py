"""The schema of calls."""

from emulator.firmware.limits import Section


class Calls(Section, frozen=True, kw_only=True):
    """Voice calls."""

    voice: bool
    """Whether the module has them; without, ATA is an error."""
