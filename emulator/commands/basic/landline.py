"""What is there for the hosts of landline modems. V.250 6.2 to 6.6, AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import between, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import no_values, setting, single_setting

_GUIDE = "AT Commands Reference Guide"


def _nothing(name: str, what: str, highest: int = 0) -> Command:
    """Declare a command that takes a number and does nothing."""
    command = Command(name, source=_GUIDE, summary=f"{what}; without effect.", has_effect=False)

    @command.execute
    @command.set
    def accept(at: Context, value: Annotated[int, between(0, highest)] = 0) -> None:
        """Accept the command.

        Args:
            value: It has no effect.
        """

    return command


line_level = _nothing("%L", "Report the level of the line")
line_quality = _nothing("%Q", "Report the quality of the line")
retraining = _nothing("%E", "Set retraining", 2)
line_break = _nothing("\\B", "Send a break")
break_handling = _nothing("\\K", "Set the handling of breaks", 5)
error_control = _nothing("\\N", "Set the error control", 5)

local_rate_report = single_setting(
    setting("+ILRR").unchanged,
    "Set whether the rate of the line is reported before CONNECT of a data call; there are none.",
    source="V.250 6.2.13",
)
compression_report = single_setting(
    setting("+DR").unchanged,
    "Set whether the compression is reported before CONNECT of a data call; there are none.",
    source="V.250 6.6.2",
)


def _fixed(name: str, what: str, value: int, source: str) -> Command:
    """Declare a command that has one value."""
    command = Command(name, source=source, summary=f"Set {what}; there is one value.", has_effect=False)

    @command.set
    def accept(at: Context, value: Annotated[int | None, fixed(value)] = None) -> None:
        """Accept the only value."""

    @command.read
    def show(at: Context) -> Information:
        """Show the only value."""
        return Information.of(f"{name}: {value}")

    return command


compression = _fixed("+DS", "the data compression", 0, "V.250 6.6.1")
country = _fixed("+GCI", "the country of installation", 59, "V.250 6.1.10")
fax_speed = _fixed("+FPR", "the speed of the line for fax", 0, _GUIDE)
fax_escape = _fixed("+FDD", "the handling of DLE SUB in fax data", 0, _GUIDE)


def _of_fax(name: str, field: str) -> Command:
    command = Command(name, source=_GUIDE, test=no_values)

    @command.read
    def show(at: Context) -> Information:
        """Show the value of the fax identity, which is that of the module."""
        return Information.of(getattr(at.profile.identity, field))

    return command


fax_manufacturer = _of_fax("+FMI", "manufacturer")
fax_model = _of_fax("+FMM", "model")
fax_revision = _of_fax("+FMR", "revision")
