"""Data of the secure socket in command mode: sending at a prompt, reading. Guide 4.2.2."""

from typing import Annotated

from emulator.at.answers import FailedResult, Information
from emulator.at.command import Command
from emulator.at.parameters import Number
from emulator.at.prompt import CountedPrompt, Prompt, TextPrompt
from emulator.commands.context import Context
from emulator.commands.ssl.settings import Ssid, of_socket, ssl_ready
from emulator.commands.ssl.urc import SslUrcs
from emulator.device.connection.states import Action, ClosedBy
from emulator.device.ssl.socket import SecureSocket
from emulator.firmware.schema.ssl import PeerClosed

TransferTimeout = Annotated[
    int,
    Number(lambda profile: of_socket(profile).transfer_timeout),
    "The longest wait, in tenths of a second; <default_timeout> of #SSLCFG when left out.",
]


def _blocking_timeout(socket: SecureSocket, timeout: int | None) -> float:
    """Return the blocking timeout in seconds; without a value it is <defTo> (guide 3.4)."""
    return (socket.settings.configuration.default_timeout if timeout is None else timeout) / 10


ssl_send = Command("#SSLSEND", source="guide 4.2.2.1", requires="secure_socket", needs=ssl_ready)


@ssl_send.set
async def send(at: Context, ssid: Ssid, timeout: TransferTimeout | None = None) -> None:
    """Send what is entered at the prompt, up to Ctrl-Z.

    Example:
        AT#SSLD=1,443,"echo.lab",0,1
        AT#SSLSEND=1
        > hello
    """
    await _send(at, ssid, TextPrompt(at.ssl.profile.send_limit), timeout)


async def _send(at: Context, ssid: int, prompt: Prompt, timeout: int | None) -> None:
    socket = at.ssl.sockets[ssid]
    with socket.transfer(Action.SEND):
        entry = await at.instance.enter(prompt)
        await socket.send(entry.data, _blocking_timeout(socket, timeout))


ssl_send_extended = Command(
    "#SSLSENDEXT", source="Telit AT Commands Reference Guide", requires="secure_socket", needs=ssl_ready
)


@ssl_send_extended.set
async def send_counted(
    at: Context,
    ssid: Ssid,
    size: Annotated[int, Number(lambda profile: of_socket(profile).send_sizes)],
    timeout: TransferTimeout | None = None,
) -> None:
    """Send exactly `size` bytes, whatever their values.

    Args:
        size: The number of bytes that follow.

    Example:
        AT#SSLD=1,443,"echo.lab",0,1
        AT#SSLSENDEXT=1,5
        > hello
    """
    await _send(at, ssid, CountedPrompt(size), timeout)


ssl_receive = Command(
    "#SSLRECV", aliases=("#SSLRCV",), source="guide 4.2.2.2", requires="secure_socket", needs=ssl_ready
)


@ssl_receive.set
async def receive(
    at: Context,
    ssid: Ssid,
    max_num_byte: Annotated[int, Number(lambda profile: of_socket(profile).receive_sizes)],
    timeout: TransferTimeout | None = None,
) -> Information | FailedResult:
    """Show what has come from the peer, waiting for it when nothing has.

    Args:
        max_num_byte: The most bytes to show.

    Example:
        AT#SSLD=1,443,"echo.lab",0,1
        AT#SSLSEND=1
        > hello
        AT#SSLRECV=1,5
    """
    socket = at.ssl.sockets[ssid]
    with socket.transfer(Action.RECEIVE):
        reading = await socket.receive(max_num_byte, _blocking_timeout(socket, timeout))
    if isinstance(reading, ClosedBy):
        return _ended(at, socket, reading)
    if not reading.data:
        return Information.of(f"{at.name}: 0", "TIMEOUT")
    return Information.of(f"{at.name}: {len(reading.data)}", reading.data)


def _ended(at: Context, socket: SecureSocket, reason: ClosedBy) -> Information | FailedResult:
    answer = at.ssl.profile.peer_closed
    if answer is PeerClosed.NO_CARRIER:
        return FailedResult.no_carrier(reason.described)
    if answer is PeerClosed.BOTH:
        SslUrcs(socket, at.instance).connection_lost(reason)
    return Information.of(f"{at.name}: 0", PeerClosed.DISCONNECTED.value)
