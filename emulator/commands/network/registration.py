"""Registration and packet attachment: +CREG, +CGREG, +CGATT, #AUTOATT. 27.007 7.2, 10.1.9 and 10.1.20."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import fixed
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, setting, single_setting, stored
from emulator.device.device import Device
from emulator.device.network.registration import REGISTERED
from emulator.errors import Cause


def registration_report(device: Device, mode: int) -> str:
    """Format +CREG's <stat>, and in mode 2 area and cell (27.007 7.2); families differ in quotes and in <AcT>."""
    return _report(device, mode, device.network.registration)


def packet_registration_report(device: Device, mode: int) -> str:
    """Format +CGREG's <stat>, and in mode 2 the same and <rac> where it is printed (27.007 10.1.20)."""
    report = _report(device, mode, device.network.packet_registration)
    is_long = "," in report and device.profile.network.routing_area_printed
    return f'{report},"{device.network.cell.routing_area}"' if is_long else report


def _report(device: Device, mode: int, status: int) -> str:
    if mode < 2 or status not in REGISTERED:
        return str(status)
    network = device.network
    quote = '"' if device.profile.network.quoted_location else ""
    place = f"{status},{quote}{network.cell.location_area}{quote},{quote}{network.cell.cell}{quote}"
    return place if network.technology is None else f"{place},{network.technology}"


registration = SettingsCommand(
    "+CREG",
    "Set whether changes of the registration are reported.",
    source="27.007 7.2",
    and_shows=lambda at: registration_report(at.device, at.settings["+CREG"]),
    mode=setting("+CREG"),
)
packet_registration = SettingsCommand(
    "+CGREG",
    "Set whether changes of the packet registration are reported.",
    source="27.007 10.1.20",
    and_shows=lambda at: packet_registration_report(at.device, at.settings["+CGREG"]),
    mode=setting("+CGREG"),
)
packet_attachment = Command("+CGATT", source="27.007 10.1.9")


@packet_attachment.set
def attach(at: Context, state: Annotated[int, fixed(0, 1)]) -> Information | None:
    """Attach to packet service, or detach from it; contexts go down with it. +CGREG reports it before the OK.

    Args:
        state: 0 detaches, 1 attaches.

    Example:
        AT+CGATT=1
    """
    network, mode = at.device.network, at.settings["+CGREG"]
    if state and not network.registered:
        raise network.explain_no_service().refusal(Cause.NO_NETWORK_SERVICE)
    before = network.packet_registration
    network.set_attached(bool(state), at.instance)
    if not mode or network.packet_registration == before:
        return None
    return Information.of(f"+CGREG: {packet_registration_report(at.device, mode)}")


@packet_attachment.read
def show_attachment(at: Context) -> Information:
    """Show whether the module is attached."""
    return Information.of(f"+CGATT: {int(at.device.network.attached)}")


automatic_attachment = single_setting(
    stored("#AUTOATT"),
    "Set whether the module attaches to packet service by itself (1).",
    source="AT Commands Reference Guide",
)
