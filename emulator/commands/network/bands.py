"""Bands and radio technologies: #BND, #AUTOBND, #PSNT, +WS46. AT Commands Reference Guide."""

from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, setting, single_setting, stored

bands = SettingsCommand(
    "#BND",
    "Set the bands: GSM 0 is 900 and 1800, 1 is 900 and 1900, 2 is 850 and 1800, 3 is 850 and 1900.",
    source="AT Commands Reference Guide",
    gsm=stored("#BND").required,
    umts=stored("#BND.umts").unchanged,
)
packet_technology = SettingsCommand(
    "#PSNT",
    "Set whether changes of the technology for packets are reported.",
    source="AT Commands Reference Guide",
    requires="network.packet_technology",
    and_shows=lambda at: at.device.network.packet_technology,
    mode=setting("#PSNT"),
)
band_choice = single_setting(
    stored("#AUTOBND"),
    "Set whether the bands are chosen automatically; it changes nothing.",
    source="AT Commands Reference Guide",
)
radio_technology = single_setting(
    stored("+WS46"), "Set the radio technologies: GSM (12), UMTS (22), both (25).", source="27.007 5.9"
)


@radio_technology.changed
def use_technology(at: Context) -> None:
    """Take a cell of a technology that is allowed."""
    at.device.network.technologies_changed()


operator_names = single_setting(
    setting("#PLMNMODE"),
    "Set which list of operators' names is used; there is one.",
    source="AT Commands Reference Guide",
)
