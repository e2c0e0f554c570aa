"""The stored settings on which the device itself acts, by their names in profiles."""

AUTOMATIC_ATTACHMENT = "#AUTOATT"
"""Whether the module attaches to packet service by itself."""

SIM_DETECTION = "#SIMDET"
"""Whether the contact of the SIM card's slot counts."""

RADIO_TECHNOLOGIES = "+WS46"
"""Which technologies the module may use."""

IOT_TECHNOLOGIES = "#WS46"
"""Whether the module may use LTE-M or NB-IoT, from the next start on; only some lines have it."""

ENHANCED_NETWORK = "#ENS"
"""Whether the module supports networks in the enhanced way, from the next start on."""

USIM_APPLICATION = "#ENAUSIM"
"""Whether the module uses the USIM application of the card, from the next start on."""

LAMP_MODE, LAMP_ON, LAMP_OFF = "#SLED.mode", "#SLED.on", "#SLED.off"
"""The drive of the status lamp from power-on."""

AUXILIARY_SUPPLY = "#VAUX"
"""Whether the auxiliary supply is on from power-on."""

SELECTED_AUDIO_PROFILE = "#PSEL"
"""Which profile of sound is in use."""

MULTIPLEXER_MODE = "#CMUXMODE"
"""Whether &D counts on a channel of the multiplexer: under `CHANNELS_HEED_DTR`; higher values mean something else."""

CHANNELS_HEED_DTR = 1

ENHANCED_NETWORK = "#ENS"
"""Whether the module follows the network support of one operator, from the next start on."""

PORT_LAYOUT = "#PORTCFG"
"""Which port is which AT instance, from the next start on; only some lines have it."""
