"""Settings of easy GPRS, the sockets before #SD. AT Commands Reference Guide."""

from collections.abc import Mapping
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, Text
from emulator.commands.context import Context
from emulator.commands.kinds import Kept, Limits, Place, SettingsCommand, no_values

_SOURCE = "AT Commands Reference Guide"

EasyProtocol = Annotated[int, Number(lambda profile: profile.easy_sockets.protocols), "0 TCP, 1 UDP."]
EasyPort = Annotated[int, Number(lambda profile: profile.easy_sockets.ports), "The port of the peer."]
EasyClosure = Annotated[
    int,
    Number(lambda profile: profile.easy_sockets.closure_types),
    "What the module does when the peer has closed: 0 closes, too; 255 waits for the host.",
]
EasyLocalPort = Annotated[
    int, Number(lambda profile: profile.easy_sockets.local_ports), "The module's own port for UDP."
]


def _keep(at: Context, values: Mapping[str, int]) -> None:
    at.device.easy.settings.change(**values)


_EASY = Place(lambda at, key: int(getattr(at.device.easy.settings.current, key)), _keep)


def _easy(key: str, limits: Limits, default: int | None = None) -> Kept:
    """Keep the number among the settings of easy GPRS; `default` is taken if the host leaves it out."""
    return Kept(_EASY, key, limits, default)


packet_size = SettingsCommand(
    "#PKTSZ",
    "Set the size of the packets of #SKTD, #SKTOP and #SKTL, in bytes; 0 lets the module choose.",
    source=_SOURCE,
    size=_easy("packet_size", lambda profile: profile.easy_sockets.packet_size),
)


@packet_size.read
def show_packet_size(at: Context) -> Information:
    """Show the size; that of the module's choice for 0."""
    size = at.device.easy.settings.current.packet_size or at.profile.easy_sockets.automatic_packet_size
    return Information.of(f"{at.name}: {size}")


sending_timeout = SettingsCommand(
    "#DSTO",
    "Set how long a packet that is not full waits for more, in tenths of a second; 0 for ever.",
    source=_SOURCE,
    value=_easy("transmission", lambda profile: profile.easy_sockets.transmission),
)
inactivity_timeout = SettingsCommand(
    "#SKTTO",
    "Set how long a connection may be silent until it ends, in s; 0, also without a value, for ever.",
    source=_SOURCE,
    value=_easy("inactivity", lambda profile: profile.easy_sockets.inactivity, 0),
)


@inactivity_timeout.execute
def show_inactivity_timeout(at: Context) -> Information:
    """Show it."""
    return Information.of(f"{at.name}: {inactivity_timeout.shown(at)}")


connection_timeout = SettingsCommand(
    "#SKTCT",
    "Set how long to wait for a peer that is dialled, in tenths of a second.",
    source=_SOURCE,
    value=_easy("connection_timeout", lambda profile: profile.easy_sockets.connection_timeout),
)
socket_definition = Command("#SKTSET", source=_SOURCE)


@socket_definition.set
def define_socket(
    at: Context,
    protocol: EasyProtocol,
    port: EasyPort,
    address: Annotated[str, Text(255)],
    closure: EasyClosure = FROM_PROFILE,
    local_port: EasyLocalPort = FROM_PROFILE,
) -> None:
    """Set the peer that #SKTOP dials: by TCP (0) or UDP (1), port, name or address.

    Args:
        address: The name or the address of the peer.

    Example:
        AT#SKTSET=0,7,"10.0.0.1"
    """
    settings = at.device.easy.settings
    settings.change(protocol=protocol, port=port, address=address, closure=closure, local_port=local_port)


@socket_definition.read
def show_socket(at: Context) -> Information:
    """Show the peer."""
    kept = at.device.easy.settings.current
    return Information.of(f'{at.name}: {kept.protocol},{kept.port},"{kept.address}",{kept.closure},{kept.local_port}')


settings_save = Command("#SKTSAV", source=_SOURCE, test=no_values)


@settings_save.execute
def save_settings(at: Context) -> None:
    """Keep the settings of easy GPRS, with user name and password, beyond power-off."""
    at.device.easy.settings.save()


settings_reset = Command("#SKTRST", source=_SOURCE, test=no_values)


@settings_reset.execute
def reset_settings(at: Context) -> None:
    """Set the settings of easy GPRS to their factory values, those kept, too."""
    at.device.easy.settings.reset()
