"""URCs of the network: +CREG, +CGREG, +CEREG, #PSNT, +CIEV, +CTZV, #NITZ, #JDR, #AGPSRING, and of the calendar: +CALA.

Sources: 27.007 7.2, 8.10, 8.16, 8.41, 10.1.20 and 10.1.22, Software User Guide 3.3, AT Commands Reference Guide.
"""

from typing import TYPE_CHECKING

from emulator.commands.context import AtInstance, Context
from emulator.commands.network.indicator_values import IndicatorReports
from emulator.device.device import Device
from emulator.later import later

if TYPE_CHECKING:
    from emulator.commands.network import calendar, jamming, registration
else:
    calendar = later("emulator.commands.network.calendar")
    jamming = later("emulator.commands.network.jamming")
    registration = later("emulator.commands.network.registration")

_WITH_THE_CELL = 2
"""<n> of +CREG, +CGREG and +CEREG that reports a change of the cell, too; so do the higher ones of +CEREG."""


_PLACE_FOUND = 200
"""<status> of #AGPSRING: the server knows the place."""


def report_location(at: Context) -> None:
    """Report the place by the cells around, behind the OK: that of the profile."""
    latitude, longitude, altitude = at.profile.network.location
    report = f"#AGPSRING: {_PLACE_FOUND},{latitude:.6f},{longitude:.6f},{altitude:.1f}"
    at.instance.after_answer(lambda: at.instance.notify(report))


def _report_eps_registration(device: Device, instance: AtInstance) -> None:
    """Report changes of +CEREG; the registration and the attachment that follows it are one."""
    network, settings = device.network, instance.settings
    told = network.eps_registration

    def changed(asked_by: object | None = None) -> None:
        nonlocal told
        before, told = told, network.eps_registration
        if told != before and asked_by is not instance and (mode := settings.get("+CEREG")):
            instance.notify(f"+CEREG: {registration.eps_registration_report(device, mode)}")

    def registration_changed() -> None:
        if not network.registered or network.attached:
            changed()

    def cell_changed() -> None:
        if network.eps_registration != told:
            changed()
        elif network.eps_registration and (mode := settings.get("+CEREG", 0)) >= _WITH_THE_CELL:
            instance.notify(f"+CEREG: {registration.eps_registration_report(device, mode)}")

    network.on_registration.append(registration_changed)
    network.on_attachment.append(changed)
    network.on_cell.append(cell_changed)


def subscribe(device: Device, instance: AtInstance) -> None:
    """Report changes of registration, attachment and indicators, and the network's time."""
    network, settings = device.network, instance.settings
    indicators, told_packets = IndicatorReports(device), network.packet_registration

    def registration_changed() -> None:
        if mode := settings["+CREG"]:
            instance.notify(f"+CREG: {registration.registration_report(device, mode)}")

    def indicators_changed() -> None:
        for line in indicators.lines(settings):
            instance.notify(line)

    def attachment_changed(asked_by: object | None) -> None:
        nonlocal told_packets
        before, told_packets = told_packets, network.packet_registration
        if asked_by is instance or told_packets == before:
            return  # the command says it before its OK
        report_attachment()

    def report_attachment() -> None:
        if mode := settings["+CGREG"]:
            instance.notify(f"+CGREG: {registration.packet_registration_urc(device, mode)}")

    def cell_changed() -> None:
        if settings["+CREG"] == _WITH_THE_CELL:
            registration_changed()
        if settings["+CGREG"] == _WITH_THE_CELL:
            report_attachment()
        if settings.get("#PSNT"):
            instance.notify(f"#PSNT: {network.packet_technology}")

    def clock_updated() -> None:
        if settings["+CTZU"]:
            device.calendar.set_from_network()

    def time_told() -> None:
        clock_updated()
        if settings["+CTZR"]:
            _, zone = device.calendar.of_network()
            instance.notify(f"+CTZV: {zone:+03d}")
        if settings["#NITZ.mode"]:
            instance.notify(f"#NITZ: {calendar.network_time_report(device.calendar, device.nvm.network_time)}")

    def jamming_told(text: str, again: bool) -> None:
        if settings.get(jamming.JAMMING_MODE) in (jamming.JAMMING_REPEATED if again else jamming.JAMMING_REPORTED):
            instance.notify(f"#JDR: {text}")

    device.jamming.on_report.append(jamming_told)
    device.alarm_clock.on_ring.append(lambda text: instance.notify(f"+CALA: {text}"))
    network.on_registration.append(registration_changed)
    network.on_registration.append(indicators_changed)
    network.on_signal.append(indicators_changed)
    device.calls.on_change.append(lambda call: indicators_changed())
    network.on_cell.append(cell_changed)
    network.on_attachment.append(attachment_changed)
    _report_eps_registration(device, instance)
    device.radio.on_network_time.append(time_told)

    if network.registered:  # since power-on, before the settings were there
        clock_updated()
