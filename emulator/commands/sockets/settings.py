"""Settings of the sockets: packets, timeouts, SRING, modes. IP Easy User Guide 3.2.1.2 and 5.2."""

from collections.abc import Callable, Mapping
from typing import Annotated

from emulator.at.parameters import Number
from emulator.commands.context import Context
from emulator.commands.kinds import (
    Limits,
    Rows,
    SettingsCommand,
    TableCommand,
    column,
    setting,
    single_setting,
    stored,
    zeros,
)
from emulator.device.connection.states import Action
from emulator.device.sockets.base64_coding import Base64Coding
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.profile import Profile
from emulator.firmware.schema.sockets import SocketExtension

_IDENTIFIER = Number(lambda profile: profile.sockets.identifiers)
ConnectionId = Annotated[int, _IDENTIFIER, "The connection."]

_SOURCE = "IP Easy User Guide"
_LATER = "AT Commands Reference Guide of later lines"


def _change(at: Context, connection_id: int, values: Mapping[str, int]) -> None:
    at.device.sockets[connection_id].check(Action.CONFIGURE)
    at.device.sockets.settings.change(connection_id, **values)


def _code(at: Context, connection_id: int, values: Mapping[str, int]) -> None:
    at.device.sockets[connection_id].coding = Base64Coding(**values)


_CONNECTIONS = Rows(
    "connection_id",
    _IDENTIFIER,
    numbers=lambda at: at.device.sockets.settings.numbers,
    read=lambda at, number: at.device.sockets.settings[number],
    change=_change,
    meaning="The connection.",
)

socket_configuration = TableCommand(
    "#SCFG",
    "Tie a connection to a context, and set packet size, <maxTo> in s, <connTo> and <txTo> in tenths of a second.",
    source=_SOURCE,
    rows=_CONNECTIONS,
    cid=column(lambda profile: profile.sockets.cids, meaning="The PDP context that carries it."),
    packet_size=column(
        lambda profile: profile.sockets.packet_size,
        meaning="Bytes that fill a packet in online mode; 0 lets the module choose.",
    ),
    inactivity=column(
        lambda profile: profile.sockets.inactivity,
        meaning="Seconds of silence after which the connection is closed; 0 never.",
    ),
    connection_timeout=column(
        lambda profile: profile.sockets.connection_timeout,
        meaning="Tenths of a second to wait for the peer that is dialled.",
    ),
    transmission=column(
        lambda profile: profile.sockets.transmission,
        meaning="Tenths of a second that data waits for a full packet; 0 for ever.",
    ),
)
socket_configuration_extended = TableCommand(
    "#SCFGEXT",
    "Set how SRING looks, text or hexadecimal digits, and whether incoming connections are accepted at once.",
    source=_SOURCE,
    rows=_CONNECTIONS,
    ring_mode=column(
        lambda profile: profile.sockets.ring_modes,
        meaning="How SRING looks: 0 alone, 1 with the amount, 2 with the data, 3 with the sender of a datagram.",
    ),
    receive_mode=column(
        lambda profile: profile.sockets.receive_modes, meaning="0 text, 1 hexadecimal digits in #SRECV and SRING."
    ),
    keepalive=column(lambda profile: profile.sockets.keepalive, meaning="Minutes between keep-alives of TCP; 0 none."),
    listen_mode=column(
        lambda profile: profile.sockets.listen_modes,
        0,
        meaning="0 asks the host by SRING, 1 accepts a connection at once.",
    ),
    send_mode=column(lambda profile: profile.sockets.send_modes, 0, meaning="0 text, 1 hexadecimal digits in #SSEND."),
    unused=zeros(2, shown=lambda profile: profile.sockets.extension_tail),
)
socket_configuration_extended_2 = TableCommand(
    "#SCFGEXT2",
    "Set when <txTo> begins, whether typing ends an attempt to connect, and how NO CARRIER looks.",
    source=_SOURCE,
    rows=_CONNECTIONS,
    buffer_start=column(
        lambda profile: profile.sockets.buffer_starts,
        meaning="<transmission> counts from the first byte that waits (0), or from the last one (1).",
    ),
    abort_mode=column(
        lambda profile: profile.sockets.abort_modes,
        0,
        meaning="1 lets any character that the host types end the attempt to connect.",
    ),
    unused=zeros(2),
    no_carrier_mode=column(
        lambda profile: profile.sockets.no_carrier_modes,
        0,
        meaning="How NO CARRIER looks: 0 alone, 1 with the connection, 2 with the reason, too.",
    ),
)


def _extension(choose: Callable[[SocketExtension], Numeric | None]) -> Limits:
    """Return the limits of a number of #SCFGEXT3, where there is such a command."""

    def limits(profile: Profile) -> Numeric | None:
        extension = profile.sockets.extension
        return None if extension is None else choose(extension)

    return limits


socket_configuration_extended_3 = TableCommand(
    "#SCFGEXT3",
    "Set whether #SD in command mode answers at once, whether <closureType> 255 counts there, and the time of a send.",
    source=_LATER,
    rows=_CONNECTIONS,
    requires="sockets.extension",
    immediate_response=column(
        _extension(lambda extension: extension.immediate_responses),
        meaning="1 lets #SD in command mode answer OK at once; #SS tells when the connection is open.",
    ),
    command_closure=column(
        _extension(lambda extension: extension.command_closures),
        0,
        meaning="1 lets <closureType> 255 keep a connection that its peer has closed in command mode, too.",
    ),
    fast_ring=column(_extension(lambda extension: extension.fast_rings), 0, meaning="Kept without effect."),
    linger_time=column(_extension(lambda extension: extension.linger_times), 0, meaning="Kept without effect."),
    datagram_mode=column(_extension(lambda extension: extension.datagram_modes), 0, meaning="Kept without effect."),
    send_timeout=column(
        _extension(lambda extension: extension.send_timeouts),
        0,
        meaning="Tenths of a second that a send waits for a peer that takes no data; 0 lets the module choose.",
    ),
)
largest_segment = single_setting(
    stored("#TCPMAXDAT").unchanged, "Set the largest TCP segment; 0 is automatic; it is kept.", source=_SOURCE
)
reassembly = single_setting(
    stored("#TCPREASS").unchanged, "Set whether TCP segments out of order are reassembled; it is kept.", source=_SOURCE
)
encoding = TableCommand(
    "#BASE64",
    "Encode what is sent and decode what comes in base64, until the connection is closed: 1 RFC 2045, 2 RFC 3548.",
    source=_SOURCE,
    rows=Rows(
        "connection_id",
        _IDENTIFIER,
        numbers=lambda at: at.device.sockets.settings.numbers,
        read=lambda at, number: at.device.sockets[number].coding,
        change=_code,
        meaning="The connection.",
    ),
    encoding=column(
        lambda profile: profile.sockets.base64_encodings, meaning="Of what is sent: 0 none, 1 RFC 2045, 2 RFC 3548."
    ),
    decoding=column(
        lambda profile: profile.sockets.base64_decodings, meaning="Of what comes: 0 none, 1 RFC 2045, 2 RFC 3548."
    ),
    unused=zeros(2),
)
forwarding = single_setting(
    setting("#PADCMD"),
    "Set whether the character of #PADFWD sends what waits in online mode (1), or nothing but size and time (0).",
    source=_SOURCE,
)
forwarding_character = SettingsCommand(
    "#PADFWD",
    "Set the character that sends what waits, and goes with it; by its code.",
    source=_SOURCE,
    character=setting("#PADFWD.character", "The code of the character; 0 is none.").required,
    mode=setting("#PADFWD.mode", "0 sends at the character."),
)
echo_replies = single_setting(
    setting("#ICMP"),
    "Set whose echo requests are answered: of nobody (0), of whom #FRWL admits (1), of all (2).",
    source=_SOURCE,
)
