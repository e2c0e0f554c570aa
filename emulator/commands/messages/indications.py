"""Reports about messages that none of them brings: #SMOV, #MWI. AT Commands Reference Guide."""

from emulator.commands.kinds import SettingsCommand, setting, single_setting

_GUIDE = "AT Commands Reference Guide"
NO_MESSAGE_WAITS = 0
"""<status> of #MWI; no network ever tells of a voice message."""

overflow_report = single_setting(
    setting("#SMOV").unchanged, "Set whether a memory of messages that is full is reported.", source=_GUIDE
)
message_waiting = SettingsCommand(
    "#MWI",
    "Set whether waiting voice messages are reported; there are none.",
    source=_GUIDE,
    and_shows=lambda at: NO_MESSAGE_WAITS,
    enable=setting("#MWI").unchanged,
)
