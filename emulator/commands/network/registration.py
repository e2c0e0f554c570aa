"""Registration and packet attachment: +CREG, +CGREG, +CGATT. 27.007 7.2, 10.1.9 and 10.1.20."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import fixed
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, setting
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
    "+CREG", "Set whether changes of the registration are reported.", source="27.007 7.2", mode=setting("+CREG")
)


@registration.read
def show_registration(at: Context) -> Information:
    """Show the mode and the registration."""
    mode = at.settings["+CREG"]
    report = registration_report(at.profile.network, mode, at.device.network.registration)
    return Information.of(f"+CREG: {mode},{report}")


packet_registration = SettingsCommand(
    "+CGREG",
    "Set whether changes of the packet registration are reported.",
    source="27.007 10.1.20",
    mode=setting("+CGREG"),
)


@packet_registration.read
def show_packet_registration(at: Context) -> Information:
    """Show the mode and the packet registration."""
    mode = at.settings["+CGREG"]
    report = registration_report(at.profile.network, mode, at.device.network.packet_registration)
    return Information.of(f"+CGREG: {mode},{report}")


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
