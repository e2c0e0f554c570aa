"""The stored settings on which the device itself acts, by their names in profiles."""

AUTOMATIC_ATTACHMENT = "#AUTOATT"
"""Whether the module attaches to packet service by itself."""

SIM_DETECTION = "#SIMDET"
"""Whether the contact of the SIM card's slot counts."""

LAMP_MODE, LAMP_ON, LAMP_OFF = "#SLED.mode", "#SLED.on", "#SLED.off"
"""The drive of the status lamp from power-on."""
