"""The schema of the name service."""

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
    """Resolving of names to addresses."""

    cids: Numeric
    """<cid> of #DNS."""
    servers: tuple[IPv4, IPv4]
    """The network's name servers, primary and secondary, as #NWDNS shows them."""
    answer_timeout: Annotated[float, Meta(gt=0, le=600)]
    """Seconds to wait for the address of a name."""
    refusals: NameServiceRefusals
