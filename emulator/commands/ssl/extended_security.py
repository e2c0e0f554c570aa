"""#SSLSECCFG2 of the lines after the SSL/TLS User Guide: the versions of TLS, and the name of the server."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number
from emulator.commands.context import Context
from emulator.commands.ssl.settings import Ssid, of_socket, rows, security_ready
from emulator.device.ssl.socket import SecureSocket
from emulator.firmware.schema.extended_security import ExtendedSecurity
from emulator.firmware.schema.profile import Profile


def _of(profile: Profile) -> ExtendedSecurity:
    """Return the part of a profile; asked only where there is one."""
    extended = of_socket(profile).extended_security
    assert extended is not None
    return extended


ssl_extended_security = Command(
    "#SSLSECCFG2",
    source="LE910 V2 Series AT Commands Reference Guide",
    requires="secure_socket.extended_security",
    needs=security_ready,
)


@ssl_extended_security.set
def set_extended_security(
    at: Context,
    ssid: Ssid,
    version: Annotated[int, Number(lambda profile: _of(profile).numbers)],
    server_name: Annotated[int, Number(lambda profile: _of(profile).server_name)] = FROM_PROFILE,
    preloaded_ca: Annotated[int, Number(lambda profile: _of(profile).preloaded_ca)] | None = FROM_PROFILE,
    custom_ca: Annotated[int, Number(lambda profile: _of(profile).custom_ca)] | None = FROM_PROFILE,
) -> None:
    """Set the versions of TLS that are offered, and whether the hello names the server (SNI).

    Args:
        version: The versions, as the firmware counts them.
        server_name: 1 says the dialled name in the hello; an address is never said.
        preloaded_ca: Kept and shown; no CA certificate is preloaded here.
        custom_ca: Kept and shown.

    Example:
        AT#SSLSECCFG2=1,3,1
    """
    socket = at.ssl.sockets[ssid]
    before = socket.settings
    socket.change_security(
        version=version, server_name=server_name, preloaded_ca=preloaded_ca or 0, custom_ca=custom_ca or 0
    )
    if (before.version, before.server_name) != (version, server_name):
        socket.forget_session()


@ssl_extended_security.read
def show_extended_security(at: Context) -> Information:
    """Show the values; 0 for those that are reserved."""
    count = _of(at.profile).shown
    return rows(at, lambda socket: _shown(socket, count))


def _shown(socket: SecureSocket, count: int) -> str:
    kept = socket.settings
    values = [kept.version, kept.server_name, kept.preloaded_ca, kept.custom_ca, *(0 for _ in range(count))]
    return ",".join(map(str, values[:count]))
