"""The schema of echo requests."""

from typing import Annotated

from msgspec import Meta

from emulator.firmware.limits import Default, Section


class Ping(Section, frozen=True, kw_only=True):
    """#PING; its name and its context are refused as by `name_service.refusals`."""

    counts: Default
    """<retryNum>: number of requests."""
    sizes: Default
    """<len>: bytes of data in a request."""
    timeouts: Default
    """<timeout>: tenths of a second to wait for each reply."""
    times_to_live: Default
    """<ttl> of a request."""
    reply_time_to_live: Annotated[int, Meta(ge=1, le=255)]
    """<ttl> shown for a reply where the machine does not tell it."""
    lost: tuple[int, int]
    """<replyTime> and <ttl> shown for a reply that does not come."""
