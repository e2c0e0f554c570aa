"""The stored settings on which the device itself acts: what they mean, and their names in profiles."""

AUTOMATIC_ATTACHMENT = "#AUTOATT"
"""Whether the module attaches to packet service by itself."""

SIM_DETECTION = "#SIMDET"
"""Whether the slot of the SIM card is believed."""

LAMP_MODE, LAMP_ON, LAMP_OFF = "#SLED.mode", "#SLED.on", "#SLED.off"
"""How the status lamp is driven from power-on."""
