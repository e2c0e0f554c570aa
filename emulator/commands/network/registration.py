"""Registration and attachment: +CREG, +CGREG, +CEREG, +CGATT, #AUTOATT. 27.007 7.2, 10.1.9, 10.1.20 and 10.1.22."""

from collections.abc import Callable
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import fixed
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, setting, single_setting, stored
from emulator.device.device import Device
from emulator.device.network.registration import DENIED, REGISTERED
from emulator.errors import Cause, DeviceError

_WITH_THE_CAUSE = (3, 5)
"""<n> of +CEREG with <cause_type> and <reject_cause>."""

_EMM_CAUSE = 0
"""<cause_type>: a cause of 24.301 annex A follows."""


def registration_report(device: Device, mode: int) -> str:
    """Format +CREG's <stat>, and in mode 2 area and cell (27.007 7.2); families differ in quotes and in <AcT>."""
    return _report(device, mode, device.network.registration)


def packet_registration_report(device: Device, mode: int) -> str:
    """Format +CGREG's <stat>, and in mode 2 the same and <rac> where it is printed (27.007 10.1.20)."""
    report = _report(device, mode, device.network.packet_registration)
    return f'{report},"{_routing_area(device)}"' if _shows_routing_area(device, report) else report


def packet_registration_urc(device: Device, mode: int) -> str:
    """Format the same for the URC, which may leave <rac> empty."""
    report = _report(device, mode, device.network.packet_registration)
    is_long = _shows_routing_area(device, report)
    if is_long and device.profile.network.routing_area_reported == "left empty":
        return f"{report},"
    return packet_registration_report(device, mode)


def eps_registration_report(device: Device, mode: int) -> str:
    """Format +CEREG's <stat>, from mode 2 on area and cell, in modes 3 and 5 why the network denies (27.007 10.1.22).

    The timers of modes 4 and 5 are those that a network grants: it grants none here, so they are left out.
    """
    status, cell = device.network.eps_registration, device.profile.network.eutran_cell
    report = _report(device, mode, status)
    if mode in _WITH_THE_CAUSE and status == DENIED and cell is not None:
        return f"{report},,,,{_EMM_CAUSE},{cell.rejection}"
    return report


def _shows_routing_area(device: Device, report: str) -> bool:
    return "," in report and device.profile.network.routing_area_printed


def _routing_area(device: Device) -> str:
    return device.network.cell.routing_area


def _report(device: Device, mode: int, status: int) -> str:
    if mode < 2 or status not in REGISTERED:
        return str(status)
    network = device.network
    area, cell = network.place
    quote = '"' if device.profile.network.quoted_location else ""
    place = f"{status},{quote}{area}{quote},{quote}{cell}{quote}"
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
eps_registration = SettingsCommand(
    "+CEREG",
    "Set whether changes of the registration in E-UTRAN are reported.",
    source="27.007 10.1.22",
    requires="network.eutran_cell",
    and_shows=lambda at: eps_registration_report(at.device, at.settings["+CEREG"]),
    mode=setting("+CEREG"),
)
packet_attachment = Command("+CGATT", source="27.007 10.1.9")


@packet_attachment.set
def attach(at: Context, state: Annotated[int, fixed(0, 1)]) -> Information | None:
    """Attach to packet service, or detach from it; contexts go down with it. +CGREG and +CEREG tell it before the OK.

    Args:
        state: 0 detaches, 1 attaches.

    Example:
        AT+CGATT=1
    """
    network = at.device.network
    if state and not network.registered:
        raise network.explain_no_service().refusal(Cause.NO_NETWORK_SERVICE)
    if state and not network.attached and network.attachment_refusal is not None:
        raise DeviceError(network.attachment_refusal, "the network refuses the attachment to packet service")
    before = {name: stat(at.device) for name, (stat, _) in _ATTACHMENT_REPORTS.items()}
    network.attaching = False
    network.set_attached(bool(state), at.instance)
    lines = [
        f"{name}: {report(at.device, mode)}"
        for name, (stat, report) in _ATTACHMENT_REPORTS.items()
        if (mode := at.settings.get(name)) and stat(at.device) != before[name]
    ]
    return Information(tuple(lines)) if lines else None


_ATTACHMENT_REPORTS: dict[str, tuple[Callable[[Device], int], Callable[[Device, int], str]]] = {
    "+CGREG": (lambda device: device.network.packet_registration, packet_registration_urc),
    "+CEREG": (lambda device: device.network.eps_registration, eps_registration_report),
}
"""What attaching reports: the <stat> of each command, and its URC."""


@packet_attachment.read
def show_attachment(at: Context) -> Information:
    """Show whether the module is attached."""
    return Information.of(f"+CGATT: {int(at.device.network.attached)}")


automatic_attachment = single_setting(
    stored("#AUTOATT"),
    "Set whether the module attaches to packet service by itself (1).",
    source="AT Commands Reference Guide",
)
