"""Bands and radio technologies: #BND, #AUTOBND, #PSNT, +WS46, #WS46. AT Commands Reference Guide."""

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
    lte: Annotated[int | None, Number(lambda profile: profile.stored.get("#BND.lte"))] = None,
    unused: Annotated[int | None, Number(lambda profile: profile.stored.get("#BND.unused"))] = None,
    lte_above: Annotated[int | None, Number(lambda profile: profile.stored.get("#BND.lte_above"))] = None,
) -> None:
    """Set the bands: GSM 0 is 900 and 1800, 1 is 900 and 1900, 2 is 850 and 1800, 3 is 850 and 1900.

    Args:
        gsm: 0 900 and 1800, 1 900 and 1900, 2 850 and 1800, 3 850 and 1900 MHz.
        umts: The number of the UMTS bands.
        lte: A sum: 1 for band 1 of LTE, 2 for band 2, 4 for band 3 …; no network is looked for there.
        unused: 0, for a technology that the module lacks.
        lte_above: The sum for the bands from 65 on.
    """
    if at.device.enhanced and gsm not in at.profile.network.enhanced.bands:
        raise DeviceError(
            Cause.OPERATION_NOT_SUPPORTED,
            f"#ENS=1 leaves the bands {', '.join(map(str, at.profile.network.enhanced.bands))}",
        )
    given = dict(zip(_BANDS, (gsm, umts, lte, unused, lte_above), strict=True))
    at.device.stored.keep({name: value for name, value in given.items() if value is not None})


_BANDS = ("#BND", "#BND.umts", "#BND.lte", "#BND.unused", "#BND.lte_above")
"""Where each number is kept; a firmware has the first ones."""


@bands.read
def show_bands(at: Context) -> Information:
    """Show the bands."""
    names = (name for name in _BANDS if name in at.device.stored)
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
    stored("+WS46"),
    "Set the radio technologies: 12 GSM, 22 UMTS, 28 LTE, 29 GSM and UMTS, 30 GSM and LTE, 31 UMTS and LTE, 25 all.",
    source="27.007 5.9",
)


@radio_technology.changed
def use_technology(at: Context) -> None:
    """Take a cell of a technology that is allowed."""
    at.device.network.technologies_changed()


iot_technology = SettingsCommand(
    "#WS46",
    "Set which technology of LTE for machines the module looks for, from the next start on.",
    source="AT Commands Reference Guide",
    requires="network.iot_technologies",
    value=stored("#WS46", "0 LTE-M, 1 NB-IoT, 2 both and LTE-M first, 3 both and NB-IoT first."),
)


operator_names = single_setting(
    setting("#PLMNMODE"),
    "Set which list of operators' names is used; there is one.",
    source="AT Commands Reference Guide",
)
