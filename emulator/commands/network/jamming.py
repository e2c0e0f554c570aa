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
    mode=setting(
        JAMMING_MODE,
        "0 off, 1 by the pin, 2 by the URC, 3 by both, 4 by a URC every three seconds, 5 by that and the pin.",
    ).unchanged,
    powers=setting("#JDR.powers", "The highest level of noise, <MNPL>; it has no effect.").unchanged,
    channels=setting("#JDR.channels", "The fewest channels that are disturbed, <DCMN>; it has no effect.").unchanged,
)
