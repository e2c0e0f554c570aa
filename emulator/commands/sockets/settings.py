"""How plain sockets behave: packets, timeouts, rings, modes. IP Easy User Guide 3.2.1.2 and 5.2."""

from collections.abc import Sequence
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, Repeated, fixed
from emulator.commands.context import Context
from emulator.device.connection.states import Action

ConnectionId = Annotated[int, Number(lambda profile: profile.sockets.identifiers)]
_Unused = Annotated[Sequence[int | None], Repeated(fixed(0), 2)]

_SOURCE = "IP Easy User Guide"


def _lines(at: Context, *fields: str, zeros: int = 0) -> Information:
    """A line for each connection."""
    settings = at.device.sockets.settings
    lines = []
    for number in settings.numbers:
        values = [0 if field == "0" else getattr(settings[number], field) for field in fields] + [0] * zeros
        lines.append(f"{at.name}: {number},{','.join(map(str, values))}")
    return Information(tuple(lines))


socket_configuration = Command("#SCFG", source=_SOURCE)


@socket_configuration.set
def configure(
    at: Context,
    connection_id: ConnectionId,
    cid: Annotated[int, Number(lambda profile: profile.sockets.cids)],
    packet_size: Annotated[int, Number(lambda profile: profile.sockets.packet_size)],
    inactivity: Annotated[int, Number(lambda profile: profile.sockets.inactivity)],
    connection_timeout: Annotated[int, Number(lambda profile: profile.sockets.connection_timeout)],
    transmission: Annotated[int, Number(lambda profile: profile.sockets.transmission)],
) -> None:
    """Tie a connection to a context, and set packet size, <maxTo> in s, <connTo> and <txTo> in tenths of a second."""
    at.device.sockets[connection_id].check(Action.CONFIGURE)
    at.device.sockets.settings.change(
        connection_id,
        cid=cid,
        packet_size=packet_size,
        inactivity=inactivity,
        connection_timeout=connection_timeout,
        transmission=transmission,
    )


@socket_configuration.read
def show_configuration(at: Context) -> Information:
    """Show the configuration of each connection."""
    return _lines(at, "cid", "packet_size", "inactivity", "connection_timeout", "transmission")


socket_configuration_extended = Command("#SCFGEXT", source=_SOURCE)


@socket_configuration_extended.set
def configure_modes(
    at: Context,
    connection_id: ConnectionId,
    ring_mode: Annotated[int, Number(lambda profile: profile.sockets.ring_modes)],
    receive_mode: Annotated[int, Number(lambda profile: profile.sockets.receive_modes)],
    keepalive: Annotated[int, Number(lambda profile: profile.sockets.keepalive)],
    listen_mode: Annotated[int, Number(lambda profile: profile.sockets.listen_modes)] = 0,
    send_mode: Annotated[int, Number(lambda profile: profile.sockets.send_modes)] = 0,
    unused: _Unused = (),
) -> None:
    """Choose how SRING looks, text or hexadecimal digits, and whether incoming connections are taken at once."""
    at.device.sockets[connection_id].check(Action.CONFIGURE)
    at.device.sockets.settings.change(
        connection_id,
        ring_mode=ring_mode,
        receive_mode=receive_mode,
        keepalive=keepalive,
        listen_mode=listen_mode,
        send_mode=send_mode,
    )


@socket_configuration_extended.read
def show_modes(at: Context) -> Information:
    """Show the modes of each connection."""
    zeros = at.profile.sockets.extension_tail
    return _lines(at, "ring_mode", "receive_mode", "keepalive", "listen_mode", "send_mode", zeros=zeros)


socket_configuration_extended_2 = Command("#SCFGEXT2", source=_SOURCE)


@socket_configuration_extended_2.set
def configure_more(
    at: Context,
    connection_id: ConnectionId,
    buffer_start: Annotated[int, Number(lambda profile: profile.sockets.buffer_starts)],
    abort_mode: Annotated[int, Number(lambda profile: profile.sockets.abort_modes)] = 0,
    unused: _Unused = (),
    no_carrier_mode: Annotated[int, Number(lambda profile: profile.sockets.no_carrier_modes)] = 0,
) -> None:
    """Choose when <txTo> begins, whether typing ends an attempt to connect, and how NO CARRIER looks."""
    at.device.sockets[connection_id].check(Action.CONFIGURE)
    at.device.sockets.settings.change(
        connection_id, buffer_start=buffer_start, abort_mode=abort_mode, no_carrier_mode=no_carrier_mode
    )


@socket_configuration_extended_2.read
def show_more(at: Context) -> Information:
    """Show these choices for each connection."""
    return _lines(at, "buffer_start", "abort_mode", "0", "0", "no_carrier_mode")
