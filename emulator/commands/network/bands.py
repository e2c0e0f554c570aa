"""Bands and radio technologies: #BND, #AUTOBND, #PSNT, +WS46. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, setting, single_setting, stored
from emulator.errors import Cause, DeviceError

bands = Command("#BND", source="AT Commands Reference Guide")


@bands.set
def choose_bands(
    at: Context,
    gsm: Annotated[int, Number(lambda profile: profile.stored["#BND"])],
    umts: Annotated[int | None, Number(lambda profile: profile.stored.get("#BND.umts"))] = None,
) -> None:
    """Set the bands: GSM 0 is 900 and 1800, 1 is 900 and 1900, 2 is 850 and 1800, 3 is 850 and 1900.

    Args:
        gsm: 0 900 and 1800, 1 900 and 1900, 2 850 and 1800, 3 850 and 1900 MHz.
        umts: The number of the UMTS bands.
    """
    if at.device.enhanced and gsm not in at.profile.network.enhanced.bands:
        raise DeviceError(
            Cause.OPERATION_NOT_SUPPORTED,
            f"#ENS=1 leaves the bands {', '.join(map(str, at.profile.network.enhanced.bands))}",
        )
    at.device.stored.keep({"#BND": gsm} if umts is None else {"#BND": gsm, "#BND.umts": umts})


@bands.read
def show_bands(at: Context) -> Information:
    """Show the bands."""
    names = (name for name in ("#BND", "#BND.umts") if name in at.device.stored)
    return Information.of(f"#BND: {','.join(str(at.device.stored[name]) for name in names)}")


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
