"""How the module seeks networks and names them: #COPSMODE, #NWSCANTMR, #ENS, #MSCLASS. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import single_setting, stored

_GUIDE = "AT Commands Reference Guide"

operator_mode = single_setting(
    stored("#COPSMODE").unchanged,
    "Set whether +COPS is that of older software or of 27.007; it is kept.",
    source=_GUIDE,
)
scan_timer = single_setting(
    stored("#NWSCANTMR").unchanged, "Set the seconds between two searches without coverage; it is kept.", source=_GUIDE
)
enhanced_support = single_setting(
    stored("#ENS").unchanged,
    "Set the enhanced network support, from the next start: #SNUM wants it.",
    source="Software User Guide 2.11.7",
)
multislot_class = Command("#MSCLASS", source=_GUIDE, has_effect=False)


@multislot_class.set
def set_multislot_class(
    at: Context,
    value: Annotated[int | None, Number(lambda profile: profile.stored["#MSCLASS"])] = None,
    attach: Annotated[int, fixed(0, 1)] = 0,
) -> None:
    """Set the multislot class of packet service, which is kept, and whether it counts before the next attachment.

    Args:
        value: The class.
        attach: 0 counts from the next attachment, 1 at once; without effect.
    """
    if value is not None:
        at.device.stored.keep({"#MSCLASS": value})


@multislot_class.read
def show_multislot_class(at: Context) -> Information:
    """Show the multislot class."""
    return Information.of(f"#MSCLASS: {at.device.stored['#MSCLASS']}")
