"""The schema of the network behind a data call."""

from typing import Annotated

from msgspec import Meta

from emulator.firmware.limits import IPv4, Section

_Seconds = Annotated[float, Meta(gt=0)]


class Gateway(Section, frozen=True, kw_only=True):
    """What answers the packets of a host; names are answered within `name_service.answer_timeout`, pings as #PING's."""

    router: IPv4
    """The IPv4 address of the first router, where the module has none of its own on the link."""
    dial_timeout: _Seconds
    """Seconds for which a TCP connection is tried; then the host's next SYN tries again."""
    datagram_timeout: _Seconds
    """Seconds without a datagram until a UDP port of the host is closed for its peer."""
