"""Several channels on one port. 27.007 5.7, 27.010."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number
from emulator.commands.context import Context

multiplexer = Command("+CMUX", source="27.007 5.7")


@multiplexer.set
def start_multiplexer(
    at: Context,
    mode: Annotated[int, Number(lambda profile: profile.terminal.multiplexer.modes)],
    subset: Annotated[int, Number(lambda profile: profile.terminal.multiplexer.subsets)] = 0,
) -> None:
    """Speak 27.010 after the OK: mode 0 is the basic option, subset 0 UIH frames; all else is fixed."""
    at.host.multiplex()


@multiplexer.read
def show_multiplexer(at: Context) -> Information:
    """Show mode and subset."""
    return Information.of("+CMUX: 0,0")
