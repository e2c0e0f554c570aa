"""Plain sockets in command mode: sending at a prompt, reading. IP Easy User Guide 5.2."""

import re
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, IPv4Address, Number, between
from emulator.at.prompt import CountedPrompt, Prompt, TextPrompt
from emulator.commands.context import Context
from emulator.commands.sockets.lines import HEXADECIMAL, described, shown
from emulator.commands.sockets.settings import ConnectionId
from emulator.device.connection.states import Action
from emulator.errors import DeviceError

_SOURCE = "IP Easy User Guide"
_LATER = "AT Commands Reference Guide of later lines"

Size = Annotated[int, Number(lambda profile: profile.sockets.send_sizes), "The number of bytes that follow."]
Release = Annotated[
    int | None,
    Number(lambda profile: profile.sockets.release_assistance),
    "What the module tells the network of the data to come; without effect.",
]
PeerAddress = Annotated[str, IPv4Address(), "The address of the peer."]
PeerPort = Annotated[int, between(1, 65535), "The port of the peer."]

_DIGITS = re.compile(rb"(?:[0-9A-Fa-f]{2})*")


socket_send = Command("#SSEND", source=_SOURCE)


@socket_send.set
async def send(at: Context, connection_id: ConnectionId, release: Release = None) -> None:
    """Send what is entered at the prompt, up to Ctrl-Z; in hexadecimal digits where <sendDataMode> says so.

    Example:
        AT#SD=1,0,7,"echo.lab",0,0,1
        AT#SSEND=1
        > hello
    """
    if at.device.sockets.settings[connection_id].send_mode != HEXADECIMAL:
        await _send(at, connection_id, TextPrompt(at.profile.sockets.send_limit))
        return
    at.device.sockets[connection_id].check(Action.SEND)
    digits = (await at.instance.enter(TextPrompt(2 * at.profile.sockets.send_limit))).data
    if not _DIGITS.fullmatch(digits):
        reason = "the entry is no pairs of hexadecimal digits, which <sendDataMode> 1 of #SCFGEXT asks for"
        raise DeviceError(at.profile.sockets.refusals.not_hexadecimal, reason)
    await at.device.sockets[connection_id].send(bytes.fromhex(digits.decode()))


async def _send(at: Context, connection_id: int, prompt: Prompt) -> None:
    connection = at.device.sockets[connection_id]
    connection.check(Action.SEND)
    await connection.send((await at.instance.enter(prompt)).data)


socket_send_extended = Command("#SSENDEXT", source=_SOURCE)


@socket_send_extended.set
async def send_counted(at: Context, connection_id: ConnectionId, size: Size, release: Release = None) -> None:
    """Send exactly `size` bytes, whatever their values.

    Example:
        AT#SD=1,0,7,"echo.lab",0,0,1
        AT#SSENDEXT=1,5
        > hello
    """
    await _send(at, connection_id, CountedPrompt(size))


socket_send_datagram = Command("#SSENDUDP", source=_LATER, requires="sockets.datagram_sizes")


@socket_send_datagram.set
async def send_datagram(
    at: Context, connection_id: ConnectionId, address: PeerAddress, port: PeerPort, release: Release = None
) -> None:
    """Send one datagram to a peer that is named, by a connection of UDP; its text is entered up to Ctrl-Z.

    Example:
        AT#SD=1,1,7,"echo.lab",0,0,1
        AT#SSENDUDP=1,"127.0.0.1",7
        > hello
    """
    await _send_to(at, connection_id, (address, port), TextPrompt(at.profile.sockets.send_limit))


socket_send_datagram_extended = Command("#SSENDUDPEXT", source=_LATER, requires="sockets.datagram_sizes")


@socket_send_datagram_extended.set
async def send_datagram_counted(
    at: Context,
    connection_id: ConnectionId,
    size: Annotated[int, Number(lambda profile: profile.sockets.datagram_sizes), "The number of bytes that follow."],
    address: PeerAddress,
    port: PeerPort,
    release: Release = None,
) -> None:
    """Send one datagram of exactly `size` bytes to a peer that is named, by a connection of UDP.

    Example:
        AT#SD=1,1,7,"echo.lab",0,0,1
        AT#SSENDUDPEXT=1,5,"127.0.0.1",7
        > hello
    """
    await _send_to(at, connection_id, (address, port), CountedPrompt(size))


async def _send_to(at: Context, connection_id: int, peer: tuple[str, int], prompt: Prompt) -> None:
    connection = at.device.sockets[connection_id]
    connection.check_datagram()
    await connection.send_to((await at.instance.enter(prompt)).data, peer)


socket_receive = Command("#SRECV", source=_SOURCE)


@socket_receive.set
def receive(
    at: Context,
    connection_id: ConnectionId,
    max_byte: Annotated[int, Number(lambda profile: profile.sockets.receive_sizes)],
    information: Annotated[int, Number(lambda profile: profile.sockets.udp_information)] = FROM_PROFILE,
) -> Information:
    """Show what has come, of one datagram with UDP, and with <UDPInfo> 1 where from and what is left of it.

    Args:
        max_byte: The most bytes to show.
        information: 1 shows where a datagram came from.

    Example:
        AT#SD=1,0,7,"echo.lab",0,0,1
        AT#SSENDEXT=1,5
        > hello
        < SRING: 1
        AT#SRECV=1,100
    """
    connection = at.device.sockets[connection_id]
    reading = connection.read(max_byte)
    head = described(connection_id, reading) if information else f"{connection_id},{len(reading.data)}"
    connection.announce()
    return Information.of(
        f"{at.name}: {head}", shown(reading.data, at.device.sockets.settings[connection_id].receive_mode)
    )
