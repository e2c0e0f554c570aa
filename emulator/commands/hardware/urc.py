"""URCs of the board: #TEMPMEAS, #GSMAD. AT Commands Reference Guide."""

from emulator.commands.context import AtInstance
from emulator.commands.hardware.antenna import is_reported
from emulator.commands.hardware.supply import temperature_report
from emulator.device.device import Device


def subscribe(device: Device, instance: AtInstance) -> None:
    """Report another level of the temperature, and another state of the antenna."""
    board, settings = device.board, instance.settings

    def temperature_changed() -> None:
        if settings["#TEMPMON.report"]:
            instance.notify(temperature_report(board))

    def antenna_changed() -> None:
        if is_reported(settings):
            instance.notify(f"#GSMAD: {board.antenna}")

    board.on_temperature.append(temperature_changed)
    board.on_antenna.append(antenna_changed)
