"""The schema of the time that a server tells (#NTP)."""

from emulator.errors import Cause
from emulator.firmware.limits import Default, Numeric, Section


class TimeRefusals(Section, frozen=True, kw_only=True):
    """The cause of each refusal of #NTP."""

    no_context: Cause
    """The context is down, or goes down meanwhile."""
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
    cids: Default | None = None
    """<cid> of #NTPCFG. Absent where there is no such command; then it is context 1."""
    zones: tuple[int, int]
    """The lowest and the highest <TimeZone>, quarters of an hour."""
    refusals: TimeRefusals
