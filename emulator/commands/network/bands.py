"""The radio's bands and systems: #BND, #PSNT. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number
from emulator.commands.context import Context

_UMTS = "#BND.umts"
"""The second parameter, where the firmware knows UMTS."""

bands = Command("#BND", source="AT Commands Reference Guide")


@bands.set
def select_bands(
    at: Context,
    gsm: Annotated[int, Number(lambda profile: profile.stored["#BND"])],
    umts: Annotated[int, Number(lambda profile: profile.stored.get(_UMTS))] | None = None,
) -> None:
    """Choose the bands: GSM 0 is 900 and 1800, 1 is 900 and 1900, 2 is 850 and 1800, 3 is 850 and 1900."""
    at.device.stored.keep({"#BND": gsm} | ({} if umts is None else {_UMTS: umts}))


@bands.read
def show_bands(at: Context) -> Information:
    """Show the bands."""
    stored = at.device.stored
    return Information.of(f"#BND: {','.join(str(stored[name]) for name in ('#BND', _UMTS) if name in stored)}")


packet_technology = Command("#PSNT", source="AT Commands Reference Guide", requires="network.packet_technology")


@packet_technology.set
def set_technology_reports(
    at: Context, mode: Annotated[int, Number(lambda profile: profile.settings.get("#PSNT"))] = FROM_PROFILE
) -> None:
    """Choose whether changes of the technology for packets are reported; it does not change."""
    at.settings["#PSNT"] = mode


@packet_technology.read
def show_technology(at: Context) -> Information:
    """Show the mode, and the technology: 0 GPRS, 1 EGPRS, 2 WCDMA, 3 HSDPA."""
    return Information.of(f"#PSNT: {at.settings['#PSNT']},{at.profile.network.packet_technology}")
