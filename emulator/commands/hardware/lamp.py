"""Status lamp: #SLED, #SLEDSAV. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.device.hardware import StatusLamp

status_lamp = Command("#SLED", source="AT Commands Reference Guide")


@status_lamp.set
def drive_lamp(
    at: Context,
    mode: Annotated[int, Number(lambda profile: profile.stored["#SLED.mode"])],
    on: Annotated[int, Number(lambda profile: profile.stored["#SLED.on"])] = FROM_PROFILE,
    off: Annotated[int, Number(lambda profile: profile.stored["#SLED.off"])] = FROM_PROFILE,
) -> None:
    """Set the status lamp: off (0), on (1), driven by the device (2), blinking in tenths of a second (3)."""
    at.device.lamp = StatusLamp(mode, on, off)


@status_lamp.read
def show_lamp(at: Context) -> Information:
    """Show mode and durations."""
    driven = at.device.lamp
    return Information.of(f"#SLED: {driven.mode},{driven.on},{driven.off}")


status_lamp_save = Command("#SLEDSAV", source="AT Commands Reference Guide", test=no_values)


@status_lamp_save.execute
def store_lamp(at: Context) -> None:
    """Keep the settings of the status lamp in NVM."""
    driven = at.device.lamp
    at.device.stored.keep({"#SLED.mode": driven.mode, "#SLED.on": driven.on, "#SLED.off": driven.off})
