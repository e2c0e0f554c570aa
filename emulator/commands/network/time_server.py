"""The time of a server: #NTP, #NTPCFG. AT Commands Reference Guide of later lines, captures of 13.00."""

from datetime import timedelta
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, Signed, Text, fixed
from emulator.commands.context import Context

_LATER = "AT Commands Reference Guide of later lines"
_FORMAT = "%y/%m/%d,%H:%M:%S"

server_time = Command("#NTP", source="AT Commands Reference Guide")


@server_time.set
async def ask_server(
    at: Context,
    host: Annotated[str, Text(255, pattern=".+", form="not empty")],
    port: Annotated[int, Number(lambda profile: profile.time_service.ports)],
    update: Annotated[int, fixed(0, 1)],
    timeout: Annotated[int, Number(lambda profile: profile.time_service.timeouts)],
    zone: Annotated[int, Signed(lambda profile: profile.time_service.zones)] | None = None,
) -> Information:
    """Show the time of a server, UTC or that of <zone>, quarters of an hour ahead; `update` 1 sets the clock to it.

    Args:
        host: The name or the address of the time server.
        port: Its port.
        update: 1 sets the module's clock.
        timeout: Seconds to wait for the server.
        zone: Quarters of an hour ahead of UTC.

    Example:
        AT#NTP="ntp.lab",123,0,3
    """
    moment = await at.device.internet.time_client.ask(host, port, timeout)
    ahead = zone or 0
    if update:
        at.device.calendar.set_utc(moment, ahead)
    shown = "" if zone is None else f"{zone:+03d}"
    return Information.of(f"{at.name}: {moment + timedelta(minutes=15 * ahead):{_FORMAT}}{shown}")


time_configuration = Command("#NTPCFG", source=_LATER, requires="time_service.cids")


@time_configuration.set
def configure(
    at: Context,
    cid: Annotated[int, Number(lambda profile: profile.time_service.cids)],
    authentication: Annotated[int | None, fixed(0)] = None,
    key: Annotated[int | None, fixed(0)] = None,
    file: Annotated[str, Text()] = "",
) -> None:
    """Set the context of #NTP, until power-off; servers are asked without authentication.

    Args:
        cid: The PDP context.
        authentication: 0 none.
        key: The number of the key; 0.
        file: The file of keys; without effect.

    Example:
        AT#NTPCFG=1
    """
    at.device.internet.time_client.cid = cid


@time_configuration.read
def show_time_configuration(at: Context) -> Information:
    """Show it."""
    return Information.of(f'{at.name}: {at.device.internet.time_client.cid},0,0,""')
