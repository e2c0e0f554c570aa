"""Tones and volumes; there is no sound. AT Commands Reference Guide, 27.007 8."""

from emulator.commands.context import Context
from emulator.commands.kinds import setting, single_setting

ringer_level = single_setting(setting("+CRSL").unchanged, "Set the volume of the ringer.", source="27.007 8.21")
speaker_level = single_setting(setting("+CLVL").unchanged, "Set the volume of the speaker.", source="27.007 8.23")
mute = single_setting(setting("+CMUT").unchanged, "Set whether the microphone is mute.", source="27.007 8.24")
tone_duration = single_setting(
    setting("+VTD").unchanged, "Set the duration of DTMF tones, in tenths of a second.", source="27.007 C.2.12"
)
alert = single_setting(
    setting("+CALM").unchanged,
    "Set how the module alerts: by sound (0), silently (1), by nothing (2).",
    source="27.007 8.20",
)
signalling_tones = single_setting(
    setting("#STM").unchanged, "Set the signalling tones: off (0), on (1).", source="AT Commands Reference Guide"
)

_TONES_BY_ALERT = {0: 1, 2: 0}
"""#STM by +CALM: either is the other's short form."""


@alert.changed
def tones_follow(at: Context) -> None:
    """Set the signalling tones as the alert wants them."""
    if at.settings["+CALM"] in _TONES_BY_ALERT:
        at.settings["#STM"] = _TONES_BY_ALERT[at.settings["+CALM"]]


@signalling_tones.changed
def alert_follows(at: Context) -> None:
    """Set the alert as the signalling tones want it."""
    for alert_mode, tones in _TONES_BY_ALERT.items():
        if tones == at.settings["#STM"]:
            at.settings["+CALM"] = alert_mode
