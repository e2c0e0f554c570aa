"""Status lamp: #SLED, #SLEDSAV. AT Commands Reference Guide."""

from emulator.at.command import Command
from emulator.commands.context import Context
from emulator.commands.kinds import Kept, SettingsCommand, attribute, no_values


def _lamp(part: str, meaning: str) -> Kept:
    return attribute(lambda at: at.device.lamp, part, lambda profile: profile.stored[f"#SLED.{part}"], meaning)


status_lamp = SettingsCommand(
    "#SLED",
    "Set the status lamp: off (0), on (1), driven by the device (2), blinking in tenths of a second (3).",
    source="AT Commands Reference Guide",
    mode=_lamp("mode", "0 off, 1 on, 2 driven by the module, 3 blinking.").required,
    on=_lamp("on", "Tenths of a second that it is on while it blinks."),
    off=_lamp("off", "Tenths of a second that it is off while it blinks."),
)
status_lamp_save = Command("#SLEDSAV", source="AT Commands Reference Guide", test=no_values)


@status_lamp_save.execute
def save_lamp(at: Context) -> None:
    """Keep the settings of the status lamp in NVM."""
    lamp = at.device.lamp
    at.device.stored.keep({"#SLED.mode": lamp.mode, "#SLED.on": lamp.on, "#SLED.off": lamp.off})
