"""The schema of the easy GPRS sockets, the interface before #SD (AT Commands Reference Guide)."""

from typing import Annotated

from msgspec import Meta

from emulator.errors import Cause
from emulator.firmware.limits import Default, Numeric, Section


class EasySockets(Section, frozen=True, kw_only=True):
    """The connections of #SKTD, #SKTOP and #SKTL, and what #SKTSAV keeps."""

    connections: Annotated[int, Meta(ge=1, le=10)]
    """How many can be dialled at once, each in data mode on an AT instance of its own."""
    packet_size: Default
    """<size> of #PKTSZ, bytes; 0 stands for `automatic_packet_size`."""
    automatic_packet_size: Annotated[int, Meta(ge=1, le=16384)]
    """Bytes that 0 stands for, and that #PKTSZ? shows for it."""
    transmission: Default
    """<time> of #DSTO, tenths of a second; 0 sends only full packets."""
    inactivity: Default
    """<tout> of #SKTTO, seconds of silence after which the connection ends; 0 waits for ever."""
    connection_timeout: Default
    """<tout> of #SKTCT, tenths of a second to wait for the peer's first answer."""
    protocols: Default
    """<socket type>: 0 TCP, 1 UDP."""
    improved_protocols: Default
    """<socket type> of @SKTL."""
    ports: Default
    """<remote port>; the default is that of #SKTSET."""
    local_ports: Default
    """<lPort>, with UDP; 0 takes any."""
    closure_types: Default
    """<closure type>: 0 ends with the peer, 255 stays in online mode until the escape sequence."""
    listening_ports: Numeric
    """<input port> of #SKTL."""
    told_failures: tuple[Cause, ...]
    """Failures of a dial that are an error; any other is NO CARRIER."""
