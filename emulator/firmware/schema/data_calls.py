"""The schema of data calls: PPP with the host."""

from typing import Annotated

from msgspec import Meta

from emulator.errors import Cause
from emulator.firmware.limits import IPv4, Section, Text

Seconds = Annotated[float, Meta(ge=0)]
Times = Annotated[int, Meta(ge=1, le=255)]


class DataCallRefusals(Section, frozen=True, kw_only=True):
    """The cause of each refusal of a data call."""

    busy: Cause
    """There is a data call already."""
    undefined: Cause
    """+CGDCONT has not defined the context."""
    type: Cause
    """The context is of a type that no call can use."""
    in_use: Cause
    """The module's own sockets use the context."""
    not_attached: Cause
    """The module is not attached to packet service."""


class DataCalls(Section, frozen=True, kw_only=True):
    """ATD*99#, +CGDATA and their PPP; #GAUTH and #GPPPCFG are in `settings`."""

    types: tuple[Text, ...]
    """<PDP_type> of the contexts that a call can use."""
    rate: Annotated[int, Meta(ge=0, le=4294967295)]
    """The bits a second that CONNECT names; 0 for none."""
    discards: bool
    """Whether the module sends a Discard-Request once LCP is up."""
    waiting_servers: tuple[IPv4, ...]
    """Name servers that the module suggests while the network is not there yet; empty where it says nothing then."""
    waiting_interval: Seconds
    """Seconds between two such suggestions at least."""
    first_request: Seconds
    """Seconds from CONNECT to the first packet of the module, unless the host speaks first."""
    requests: Times
    """Times that a packet is sent which the host does not answer."""
    terminations: Times
    """Times that the end of the link is asked for."""
    release: Seconds
    """Seconds from the answer to the host's end of the link to NO CARRIER."""
    challenge_name: Text
    """The name of the module in a challenge of CHAP."""
    refusals: DataCallRefusals
