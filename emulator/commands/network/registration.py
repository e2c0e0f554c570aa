"""Registration and packet attachment: +CREG, +CGREG, +CGATT, #AUTOATT. 27.007 7.2, 10.1.9 and 10.1.20."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import fixed
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, setting, single_setting, stored
from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.network import Network as NetworkProfile


def registration_report(profile: NetworkProfile, mode: int, status: int) -> str:
    """Format <stat>, and in mode 2 area and cell (27.007 7.2); families differ in quotes and in <AcT>."""
    if mode < 2 or status not in (1, 5):
        return str(status)
    quote = '"' if profile.quoted_location else ""
    place = f"{status},{quote}{profile.location_area}{quote},{quote}{profile.cell}{quote}"
    return place if profile.access_technology is None else f"{place},{profile.access_technology}"


registration = SettingsCommand(
    "+CREG",
    "Set whether changes of the registration are reported.",
    source="27.007 7.2",
    and_shows=lambda at: registration_report(at.profile.network, at.settings["+CREG"], at.device.network.registration),
    mode=setting("+CREG"),
)
packet_registration = SettingsCommand(
    "+CGREG",
    "Set whether changes of the packet registration are reported.",
    source="27.007 10.1.20",
    and_shows=lambda at: registration_report(
        at.profile.network, at.settings["+CGREG"], at.device.network.packet_registration
    ),
    mode=setting("+CGREG"),
)
packet_attachment = Command("+CGATT", source="27.007 10.1.9")


@packet_attachment.set
def attach(at: Context, state: Annotated[int, fixed(0, 1)]) -> Information | None:
    """Attach to packet service, or detach from it; contexts go down with it. +CGREG reports it before the OK."""
    network, mode = at.device.network, at.settings["+CGREG"]
    if state and not network.registered:
        raise DeviceError(Cause.NO_NETWORK_SERVICE)
    before = network.packet_registration
    network.set_attached(bool(state), at.instance)
    if not mode or network.packet_registration == before:
        return None
    return Information.of(f"+CGREG: {registration_report(at.profile.network, mode, network.packet_registration)}")


@packet_attachment.read
def show_attachment(at: Context) -> Information:
    """Show whether the module is attached."""
    return Information.of(f"+CGATT: {int(at.device.network.attached)}")


automatic_attachment = single_setting(
    stored("#AUTOATT"),
    "Set whether the module attaches to packet service by itself (1).",
    source="AT Commands Reference Guide",
)
