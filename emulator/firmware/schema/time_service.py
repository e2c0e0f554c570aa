"""The schema of the time that a server tells (#NTP)."""

from emulator.errors import Cause
from emulator.firmware.limits import Numeric, Section


class TimeRefusals(Section, frozen=True, kw_only=True):
    """The cause of each refusal of #NTP."""

    no_context: Cause
    """Context 1 is down, or goes down meanwhile."""
    unresolved: Cause
    """The name cannot be resolved."""
    no_answer: Cause
    """No time server answers in time."""


class TimeService(Section, frozen=True, kw_only=True):
    """Asking a time server."""

    ports: Numeric
    """<NTPPort>."""
    timeouts: Numeric
    """<timeout>, seconds."""
    zones: tuple[int, int]
    """The lowest and the highest <TimeZone>, quarters of an hour."""
    refusals: TimeRefusals
