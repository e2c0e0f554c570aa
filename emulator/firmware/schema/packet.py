"""The schema of packet data: PDP contexts and their activation."""

from typing import Annotated, Literal

from msgspec import Meta

from emulator.errors import Cause
from emulator.firmware.limits import Default, IPv4, Numeric, Section, Text
from emulator.firmware.schema.data_calls import DataCalls


class PdpContext(Section, frozen=True, kw_only=True):
    """A PDP context that is defined from the factory."""

    cid: Annotated[int, Meta(ge=1, le=16)]
    type: Text
    apn: Text


class DefaultBearer(Section, frozen=True, kw_only=True):
    """The context that comes with the attachment to E-UTRAN."""

    cid: Annotated[int, Meta(ge=1, le=16)]
    """Its <cid>."""
    activation: Literal["address", "refused"]
    """What #SGACT=<cid>,1 does while it is there: it shows the address again, or is refused."""
    apn: Text
    """<apn> that the network gives a context for which the host names none."""


class PdpRefusals(Section, frozen=True, kw_only=True):
    """The cause of each refusal of the packet data commands."""

    already_active: Cause
    """The context is active already."""
    undefined: Cause
    """+CGDCONT has not defined the context."""
    not_attached: Cause
    """The module is not attached to packet service."""
    not_registered: Cause
    """The module is not registered."""
    no_socket: Cause
    """No connection is tied to the context by #SCFG."""
    authentication: Cause
    """The network does not accept the user name or the password."""
    type: Cause
    """The context is of a type that the network does not have."""


class Pdp(Section, frozen=True, kw_only=True):
    """PDP contexts and packet data."""

    cids: Numeric
    """<cid> of +CGDCONT."""
    activation_cids: Numeric
    """<cid> of #SGACT."""
    classes: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """<class> of +CGCLASS; the first is that of the factory."""
    types: tuple[Text, ...]
    """<PDP_type> of +CGDCONT."""
    factory: tuple[PdpContext, ...] = ()
    """The contexts that are defined from the factory."""
    undefined_type: Text | None = None
    """<PDP_type> of undefined contexts, where +CGDCONT shows them, too; absent: it shows the defined ones alone."""
    empty_addresses: dict[str, Text]
    """By <PDP_type>: what +CGDCONT shows of an address that the host has left to the network; else it is empty."""
    address_allocations: Numeric | None = None
    """<IPv4AddrAlloc> of +CGDCONT, which has no effect; absent: no such value."""
    request_types: Numeric | None = None
    """<request_type> of +CGDCONT, which has no effect; absent: no such value."""
    default_bearer: DefaultBearer | None = None
    """Absent where no context is active before the host asks for it."""
    address: IPv4
    """The address of context 1; the next contexts get the next addresses."""
    authentication: Default
    """<type> of #SGACTAUTH."""
    retries: Default
    """<retry> of #SGACTCFG: automatic attempts to activate a context; 0 none."""
    retry_delay: Default
    """<delay> of #SGACTCFG: seconds between two attempts."""
    username: Text | None = None
    """The only user name that the network accepts; absent: any."""
    password: Text | None = None
    """The only password that the network accepts; absent: any."""
    volume_total_last: bool
    """Whether #GDATAVOL prints the sum behind its parts, instead of before them."""
    refusals: PdpRefusals
    data_calls: DataCalls

    def __post_init__(self) -> None:
        for context in self.factory:
            if not self.cids.allows(context.cid):
                raise ValueError(f"`factory` defines context {context.cid}, which `cids` does not allow")
            if context.type not in self.types:
                raise ValueError(f"`factory` has type {context.type}; `types` has {', '.join(self.types)}")
        if self.undefined_type is not None and self.undefined_type not in self.types:
            raise ValueError(f"`undefined_type` is {self.undefined_type}; `types` has {', '.join(self.types)}")
        if self.default_bearer is not None and not self.cids.allows(self.default_bearer.cid):
            raise ValueError(f"`default_bearer` is context {self.default_bearer.cid}, which `cids` does not allow")
