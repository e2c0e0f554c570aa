"""Connections of easy GPRS: dialled by #SKTD and #SKTOP, awaited by #SKTL. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import FailedResult, Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, Text, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.commands.sockets.easy_link import EasyLink
from emulator.commands.sockets.easy_settings import EasyClosure, EasyLocalPort, EasyPort, EasyProtocol
from emulator.commands.sockets.urc import EasyUrcs
from emulator.device.connection.states import Action
from emulator.device.sockets.dial import Dial
from emulator.device.sockets.plain_socket import PlainSocket
from emulator.device.sockets.states import LISTENS
from emulator.errors import DeviceError

_SOURCE = "AT Commands Reference Guide"

Listening = Annotated[int, fixed(0, 1), "0 stops, 1 listens."]
ListeningPort = Annotated[int, Number(lambda profile: profile.easy_sockets.listening_ports), "The port to listen on."]
ImprovedProtocol = Annotated[int, Number(lambda profile: profile.easy_sockets.improved_protocols), "0 TCP."]


async def _failed(at: Context, connection: PlainSocket, dial: Dial) -> FailedResult | None:
    """Dial; return the failing result, or None where there is a connection.

    Raises:
        DeviceError: there is none, and the firmware has an error for the reason.
    """
    try:
        await connection.dial(dial, EasyUrcs(at.instance, connection))
    except DeviceError as error:
        if error.cause in at.profile.easy_sockets.told_failures:
            raise
        return FailedResult.no_carrier(error.reason, error.need)
    return None


easy_dial = Command("#SKTD", source=_SOURCE)


@easy_dial.set
async def dial(
    at: Context,
    protocol: EasyProtocol,
    port: EasyPort,
    address: Annotated[str, Text(255, pattern=".+", form="not empty")],
    closure: EasyClosure = FROM_PROFILE,
    local_port: EasyLocalPort = FROM_PROFILE,
) -> EasyLink | FailedResult:
    """Connect to a peer by TCP (0) or UDP (1) in online mode; the escape sequence ends the connection.

    Args:
        address: The name or the address of the peer.

    Example:
        AT#SKTD=0,7,"echo.lab"
    """
    connection = at.device.easy.free()
    connection.check_opening(Action.DIAL)
    with at.instance.dialling():
        failed = await _failed(at, connection, Dial(protocol, address, port, closure, local_port))
    return failed or EasyLink(connection)


easy_open = Command("#SKTOP", source=_SOURCE, test=no_values)


@easy_open.execute
async def open_defined(at: Context) -> EasyLink | FailedResult:
    """Activate context 1 and connect to the peer of #SKTSET; the context goes down with the connection.

    Example:
        AT#SGACT=1,0
        AT#SKTSET=0,7,"echo.lab"
        AT#SKTOP
    """
    easy = at.device.easy
    kept = easy.settings.current
    easy.check_address(kept.address)
    connection, opened = easy.free(), False
    with at.instance.dialling():
        await easy.bring_up()
        try:
            peer = Dial(kept.protocol, kept.address, kept.port, kept.closure, kept.local_port)
            failed = await _failed(at, connection, peer)
            opened = failed is None
        finally:
            if not opened:
                easy.take_down()
    return failed or EasyLink(connection, easy.take_down)


async def _listen(at: Context, listening: int, protocol: int, port: int, closure: int) -> None:
    connection = at.device.easy.listener
    if listening:
        await connection.listen(protocol, port, closure, EasyUrcs(at.instance, connection))
    else:
        connection.stop_listening(protocol)


def _listener(at: Context) -> Information:
    connection = at.device.easy.listener
    listens = int(connection.state in LISTENS)
    return Information.of(f"{at.name}: {listens},{connection.protocol},{connection.local_port},{connection.closure}")


easy_listen = Command("#SKTL", source=_SOURCE)


@easy_listen.set
async def listen(
    at: Context, listening: Listening, protocol: EasyProtocol, port: ListeningPort, closure: EasyClosure = FROM_PROFILE
) -> None:
    """Wait for a peer (1), or stop (0); one that #FRWL admits is `+CONN FROM: <ip>`, then CONNECT.

    Example:
        AT#SKTL=1,0,13005
    """
    await _listen(at, listening, protocol, port, closure)


easy_listen_improved = Command("@SKTL", source=_SOURCE)


@easy_listen_improved.set
async def listen_improved(
    at: Context,
    listening: Listening,
    protocol: ImprovedProtocol,
    port: ListeningPort,
    closure: EasyClosure = FROM_PROFILE,
) -> None:
    """Wait for a peer as #SKTL does, by TCP only.

    Example:
        AT@SKTL=1,0,13005
    """
    await _listen(at, listening, protocol, port, closure)


@easy_listen.read
@easy_listen_improved.read
def show_listener(at: Context) -> Information:
    """Show whether the module waits, by which protocol, at which port, and <closure type>."""
    return _listener(at)
