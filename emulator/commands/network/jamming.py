"""Detection of jamming: #JDR. AT Commands Reference Guide."""

from emulator.commands.kinds import SettingsCommand, setting

JAMMING_MODE = "#JDR.mode"
JAMMING_REPORTED = (2, 3, 4, 5)
"""<mode> with URCs; the others drive a pin, or nothing."""
JAMMING_REPEATED = (4, 5)
"""<mode> with URCs again and again while it lasts."""

jamming_detection = SettingsCommand(
    "#JDR",
    "Set whether jamming is reported: by a pin (1), by a URC (2), or by one every three seconds (4); or by both.",
    source="AT Commands Reference Guide",
    mode=setting(JAMMING_MODE).unchanged,
    powers=setting("#JDR.powers").unchanged,
    channels=setting("#JDR.channels").unchanged,
)
