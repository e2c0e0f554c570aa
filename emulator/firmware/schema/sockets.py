"""The schema of plain sockets (IP Easy User Guide, multisocket)."""

from typing import Annotated

from msgspec import Meta

from emulator.errors import Cause
from emulator.firmware.limits import Default, Numeric, Section

Status = Annotated[int, Meta(ge=0, le=9)]


class SocketRefusals(Section, frozen=True, kw_only=True):
    """The cause of each refusal of the socket commands."""

    context_down: Cause
    """The context that #SCFG has tied to the connection is down."""
    in_use: Cause
    """Dialling, listening or configuring while the connection is open, or another instance is online with it."""
    listening: Cause
    """#SL or #SLUDP while this connection or another one listens on the port."""
    not_open: Cause
    """Sending, receiving or accepting on a closed connection."""
    unresolved: Cause
    """The name of the peer cannot be resolved."""
    timeout: Cause
    """No connection within <connTo>."""
    unreachable: Cause
    """The peer refuses the connection, or there is no way to it."""
    aborted: Cause
    """The host has typed while the module dialled (<abortConnAttempt> of #SCFGEXT2)."""
    nothing_received: Cause
    """#SRECV while no data has come."""
    not_sent: Cause
    """The peer accepts no data, or the connection has ended."""
    not_hexadecimal: Cause
    """Data entered at #SSEND is not hexadecimal where it must be."""
    address_type: Cause
    """<userIpType> of #SD asks for IPv6, and the network has IPv4 alone."""


class SocketExtension(Section, frozen=True, kw_only=True):
    """The parameters of #SCFGEXT3."""

    immediate_responses: Default
    """<immRsp>: 1 lets #SD in command mode answer OK at once; #SS tells when the connection is open."""
    command_closures: Default
    """<closureTypeCmdModeEnabling>: 1 lets <closureType> 255 count in command mode, too."""
    fast_rings: Default
    """<fastSRing>; kept and shown."""
    linger_times: Default | None = None
    """<lingerTime>; kept and shown. Absent: no such parameter."""
    datagram_modes: Default | None = None
    """<udpMode>; kept and shown. Absent: no such parameter."""
    send_timeouts: Default
    """<ssendTimeout>, tenths of a second; 0 stands for `send_timeout`."""


class Sockets(Section, frozen=True, kw_only=True):
    """The connections of #SCFG, #SD and the like, by <connId>."""

    identifiers: Numeric
    """<connId>."""
    cids: Numeric
    """<cid> of #SCFG."""
    factory_cids: tuple[int, ...]
    """<cid> of each connection until #SCFG sets another, from the first <connId> on."""
    packet_size: Default
    """<pktSz>, bytes; 0 stands for `automatic_packet_size`."""
    automatic_packet_size: Annotated[int, Meta(ge=1, le=16384)]
    """Bytes that <pktSz> 0 stands for."""
    inactivity: Default
    """<maxTo>, seconds of silence in online mode after which the connection ends; 0 waits for ever."""
    connection_timeout: Default
    """<connTo>, tenths of a second."""
    transmission: Default
    """<txTo>, tenths of a second; 0 sends at once only full packets."""
    ring_modes: Default
    """<srMode> of #SCFGEXT: 0 the connection, 1 and the size, 2 and the data, 3 and where a datagram comes from."""
    receive_modes: Default
    """<recvDataMode>: 0 text, 1 hexadecimal digits."""
    keepalive: Default
    """<keepalive>, minutes; kept and shown."""
    listen_modes: Default
    """<ListenAutoRsp>: 1 accepts a connection that comes in by itself, in online mode."""
    send_modes: Default
    """<sendDataMode>: 0 text, 1 hexadecimal digits at the prompt of #SSEND."""
    base64_encodings: Default
    """<enc> of #BASE64: 0 as it is, 1 RFC 2045, 2 RFC 3548."""
    base64_decodings: Default
    """<dec> of #BASE64: 0 as it is, 1 RFC 2045, 2 RFC 3548."""
    buffer_starts: Default
    """<bufferStart> of #SCFGEXT2: 1 counts <txTo> from the last byte instead of the first."""
    abort_modes: Default
    """<abortConnAttempt>: 1 lets a byte of the host end an attempt to connect."""
    no_carrier_modes: Default
    """<noCarrierMode>: 0 `NO CARRIER`, 1 with the connection, 2 with the cause, too."""
    extension_tail: Annotated[int, Meta(ge=0, le=2)]
    """Number of zeros that #SCFGEXT? prints at the end."""
    extension: SocketExtension | None = None
    """Absent where there is no #SCFGEXT3."""
    resolving_status: Status
    """<state> of #SS while the name of a peer is resolved; 0 as for a closed socket."""
    connecting_status: Status
    """<state> of #SS while the module connects; 0 as for a closed socket."""
    transmission_intervals: Default | None = None
    """<txTime> of #SD, the time between datagrams, without effect. Absent: no such parameter."""
    address_types: Default | None = None
    """<userIpType> of #SD: 0 that of the context, 1 IPv4, 2 IPv6. Absent: no such parameter."""
    release_assistance: Default | None = None
    """<rai> of #SSEND, #SSENDEXT, #SSENDUDP and #SSENDUDPEXT, without effect. Absent: no such parameter."""
    protocols: Numeric
    """<txProt> of #SD: 0 TCP, 1 UDP."""
    closure_types: Default
    """<closureType>: 0 ends with the peer, 255 stays in online mode until the escape sequence."""
    modes: Default
    """<connMode> of #SD and #SA: 0 online, 1 command."""
    udp_information: Default
    """<UDPInfo> of #SRECV: 1 shows where the datagram comes from, and what is left of it."""
    send_limit: Annotated[int, Meta(ge=1, le=16384)]
    """Longest data of one #SSEND; the surplus is dropped."""
    send_sizes: Numeric
    """<bytestosend> of #SSENDEXT."""
    datagram_sizes: Numeric | None = None
    """<bytestosend> of #SSENDUDPEXT. Absent where there is neither that command nor #SSENDUDP."""
    refusing_ends_listening: bool
    """Whether #SH that turns away a peer ends listening, too."""
    send_timeout: Annotated[float, Meta(gt=0, le=600)]
    """Seconds to wait for a peer that accepts no data; then sending fails."""
    receive_sizes: Numeric
    """<maxByte> of #SRECV."""
    ring_data_limit: Annotated[int, Meta(ge=1, le=2000)]
    """Bytes that one SRING shows, where it shows data."""
    refusals: SocketRefusals

    def __post_init__(self) -> None:
        low, high = self.identifiers.range or (1, 0)
        if len(self.factory_cids) != high - low + 1:
            raise ValueError("`factory_cids` needs a <cid> for each number in the range of `identifiers`")
        if not all(self.cids.allows(cid) for cid in self.factory_cids):
            raise ValueError("`factory_cids` names a <cid> that `cids` does not allow")
