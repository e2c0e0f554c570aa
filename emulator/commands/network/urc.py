"""URCs of the network: +CREG, +CGREG, #PSNT, +CIEV, +CTZV, #NITZ, #JDR, #AGPSRING, and of the calendar: +CALA.

Sources: 27.007 7.2, 8.10, 8.16, 8.41 and 10.1.20, Software User Guide 3.3, AT Commands Reference Guide.
"""

from emulator.commands.context import AtInstance, Context
from emulator.commands.network.calendar import network_time_report
from emulator.commands.network.indicators import IndicatorReports
from emulator.commands.network.jamming import JAMMING_MODE, JAMMING_REPEATED, JAMMING_REPORTED
from emulator.commands.network.registration import packet_registration_report, registration_report
from emulator.device.device import Device

_WITH_THE_CELL = 2
"""<n> of +CREG and +CGREG that reports a change of the cell, too."""


_PLACE_FOUND = 200
"""<status> of #AGPSRING: the server knows the place."""


def report_location(at: Context) -> None:
    """Report the place by the cells around, behind the OK: that of the profile."""
    latitude, longitude, altitude = at.profile.network.location
    report = f"#AGPSRING: {_PLACE_FOUND},{latitude:.6f},{longitude:.6f},{altitude:.1f}"
    at.instance.after_answer(lambda: at.instance.notify(report))


def subscribe(device: Device, instance: AtInstance) -> None:
    """Report changes of registration, attachment and indicators, and the network's time."""
    network, settings = device.network, instance.settings
    indicators = IndicatorReports(device)

    def registration_changed() -> None:
        if mode := settings["+CREG"]:
            instance.notify(f"+CREG: {registration_report(device, mode)}")

    def indicators_changed() -> None:
        for line in indicators.lines(settings):
            instance.notify(line)

    def attachment_changed(asked_by: object | None) -> None:
        if asked_by is instance:
            return  # the command says it before its OK
        if mode := settings["+CGREG"]:
            instance.notify(f"+CGREG: {packet_registration_report(device, mode)}")

    def cell_changed() -> None:
        if settings["+CREG"] == _WITH_THE_CELL:
            registration_changed()
        if settings["+CGREG"] == _WITH_THE_CELL:
            attachment_changed(None)
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
            instance.notify(f"#NITZ: {network_time_report(device.calendar, device.nvm.network_time)}")

    def jamming_told(text: str, again: bool) -> None:
        if settings.get(JAMMING_MODE) in (JAMMING_REPEATED if again else JAMMING_REPORTED):
            instance.notify(f"#JDR: {text}")

    device.jamming.on_report.append(jamming_told)
    device.alarm_clock.on_ring.append(lambda text: instance.notify(f"+CALA: {text}"))
    network.on_registration.append(registration_changed)
    network.on_registration.append(indicators_changed)
    network.on_signal.append(indicators_changed)
    device.calls.on_change.append(lambda call: indicators_changed())
    network.on_cell.append(cell_changed)
    network.on_attachment.append(attachment_changed)
    device.radio.on_network_time.append(time_told)

    if network.registered:  # since power-on, before the settings were there
        clock_updated()
