"""What the network and the SIM say unasked, as far as a terminal wants it. 27.007 7.2, Software User Guide 2.10."""

from typing import Protocol

from emulator.at.settings import Settings
from emulator.commands.messages.urc import MessageNotices
from emulator.commands.network.calendar import network_time_report
from emulator.commands.network.indicators import IndicatorReports
from emulator.commands.network.registration import registration_report
from emulator.commands.sim.card import EVERY_CHANGE
from emulator.device.device import Device
from emulator.device.sim.card import SimState


class Listener(Protocol):
    """An AT instance."""

    @property
    def settings(self) -> Settings:
        """Which reports it wants."""

    @property
    def in_data_mode(self) -> bool:
        """Whether its host is online."""

    def notify(self, text: str) -> None:
        """Say a line that no command asked for."""


def subscribe(device: Device, listener: Listener) -> None:
    """Report changes of this start of the module to the listener; each start needs a subscription of its own."""
    network, profile, settings = device.network, device.profile.network, listener.settings
    calendar, indicators = device.calendar, IndicatorReports(device)

    def indicators_changed() -> None:
        for line in indicators.lines(settings):
            listener.notify(line)

    def registration_changed() -> None:
        if mode := settings["+CREG"]:
            listener.notify(f"+CREG: {registration_report(profile, mode, network.registration)}")

    def attachment_changed(asked_by: object | None) -> None:
        if asked_by is listener:
            return  # the command says it before its OK
        if mode := settings["+CGREG"]:
            listener.notify(f"+CGREG: {registration_report(profile, mode, network.packet_registration)}")

    def sim_ready() -> None:
        if settings["#QSS"] == EVERY_CHANGE:
            listener.notify("#QSS: 2")
            listener.notify("#QSS: 3")

    def sim_changed() -> None:
        if settings["#QSS"]:
            listener.notify(f"#QSS: {0 if device.sim.state is SimState.ABSENT else 1}")

    def time_told() -> None:
        if settings["#NITZ.mode"]:
            listener.notify(f"#NITZ: {network_time_report(calendar, device.nvm.network_time)}")

    network.on_registration.append(registration_changed)
    network.on_registration.append(indicators_changed)
    network.on_signal.append(indicators_changed)
    network.on_attachment.append(attachment_changed)
    device.sim.on_change.append(sim_changed)
    device.sim.on_ready.append(sim_ready)
    device.on_network_time.append(time_told)
    device.activations.on_activated.append(lambda address: listener.notify(f"#SGACT: {address}"))
    device.messages.listen(listener, MessageNotices(device.profile.sms, listener))
