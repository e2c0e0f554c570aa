"""The ring line's pulses: #E2SLRI, #E2SMSRI. AT Commands Reference Guide."""

from emulator.commands.kinds import setting, single_setting

connection_pulse = single_setting(
    setting("#E2SLRI").unchanged,
    "Set the length of the ring pulse of an incoming connection, in milliseconds.",
    source="AT Commands Reference Guide",
)
message_pulse = single_setting(
    setting("#E2SMSRI").unchanged,
    "Set the length of the ring pulse of a message, in milliseconds.",
    source="AT Commands Reference Guide",
)
