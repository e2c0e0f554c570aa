"""URCs of the board: #TEMPMEAS, #GSMAD. AT Commands Reference Guide."""

from typing import TYPE_CHECKING

from emulator.commands.context import AtInstance
from emulator.device.device import Device
from emulator.later import later

if TYPE_CHECKING:
    from emulator.commands.hardware import antenna, supply
else:
    antenna = later("emulator.commands.hardware.antenna")
    supply = later("emulator.commands.hardware.supply")


def subscribe(device: Device, instance: AtInstance) -> None:
    """Report another level of the temperature, and another state of the antenna."""
    board, settings = device.board, instance.settings

    def temperature_changed() -> None:
        if settings["#TEMPMON.report"]:
            instance.notify(supply.temperature_report(board))

    def antenna_changed() -> None:
        if antenna.is_reported(settings):
            instance.notify(f"#GSMAD: {board.antenna}")

    board.on_temperature.append(temperature_changed)
    board.on_antenna.append(antenna_changed)
