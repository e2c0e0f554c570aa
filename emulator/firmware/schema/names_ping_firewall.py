"""What a firmware profile holds of names, pings and the firewall."""

from typing import Annotated

from msgspec import Meta

from emulator.errors import Cause
from emulator.firmware.limits import IPv4, Numeric, Section


class NameServiceRefusals(Section, frozen=True, kw_only=True):
    """The cause of each refusal of #QDNS, and of the name in #PING."""

    no_context: Cause
    """Context 1 is down, or goes down meanwhile."""
    unresolved: Cause
    """The name cannot be resolved."""


class NameService(Section, frozen=True, kw_only=True):
    """How names become addresses."""

    cids: Numeric
    """<cid> of #DNS."""
    servers: tuple[IPv4, IPv4]
    """The network's name servers, primary and secondary, as #NWDNS shows them."""
    patience: Annotated[float, Meta(gt=0, le=600)]
    """Seconds after which a name that nobody has answered for is unknown."""
    refusals: NameServiceRefusals


class Ping(Section, frozen=True, kw_only=True):
    """#PING; its name and its context are refused as by `name_service.refusals`."""

    counts: Numeric
    """<retryNum>: how many requests."""
    sizes: Numeric
    """<len>: bytes of data in a request."""
    timeouts: Numeric
    """<timeout>: tenths of a second for each reply."""
    times_to_live: Numeric
    """<ttl> of a request."""
    reply_time_to_live: Annotated[int, Meta(ge=1, le=255)]
    """<ttl> shown of a reply where the machine does not tell it."""
    lost: tuple[int, int]
    """<replyTime> and <ttl> shown of a reply that does not come."""


class Firewall(Section, frozen=True, kw_only=True):
    """#FRWL: who may connect to a socket that listens."""

    rules: Annotated[int, Meta(ge=1, le=100)]
    """The most there can be."""
    full: Cause
    """One more is refused."""
    unknown: Cause
    """A rule that is not there cannot be removed."""
