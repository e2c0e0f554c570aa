"""Which script runs, and when; none does: #ESCRIPT, #EXECSCR, #STARTMODESCR, #CMUXSCR. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, Text
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, no_values, stored

_GUIDE = "AT Commands Reference Guide"

script_selection = Command("#ESCRIPT", source=_GUIDE, test=no_values, has_effect=False)


@script_selection.set
def select_script(at: Context, name: Annotated[str, Text(16)] = "") -> None:
    """Select the script that would run, whether it is there or not; it is kept.

    Args:
        name: The name of the script.

    Example:
        AT#ESCRIPT="a.py"
    """
    at.device.scripts.select(name)


@script_selection.read
def show_selection(at: Context) -> Information:
    """Show its name."""
    return Information.of(f'#ESCRIPT: "{at.device.scripts.selected}"')


script_execution = Command("#EXECSCR", source=_GUIDE, test=no_values, has_effect=False)


@script_execution.execute
def execute_script(at: Context) -> None:
    """Accept the order to run the selected script; it does not run."""


script_start_mode = SettingsCommand(
    "#STARTMODESCR",
    "Set when a script would run at a start; it is kept, and none runs.",
    source=_GUIDE,
    mode=stored("#STARTMODESCR.mode", "0 when DTR is down, 1 always unless the host types, 2 always.").required,
    delay=stored("#STARTMODESCR.delay", "Seconds that the host has to type.").unchanged,
)
script_multiplexer = Command("#CMUXSCR", source=_GUIDE, has_effect=False)
_ENABLED, _RATE = "#CMUXSCR.enable", "#CMUXSCR.rate"


@script_multiplexer.set
def multiplex_for_script(
    at: Context,
    enable: Annotated[int, Number(lambda profile: profile.stored[_ENABLED])],
    rate: Annotated[int | None, Number(lambda profile: profile.stored[_RATE])] = None,
) -> None:
    """Set whether the port is multiplexed while a script runs, and its speed; it is kept, and none runs.

    Args:
        enable: 0 off, 1 on.
        rate: The speed of the port, in bit/s.
    """
    at.device.stored.keep({_ENABLED: enable} if rate is None else {_ENABLED: enable, _RATE: rate})


@script_multiplexer.read
def show_multiplexer(at: Context) -> Information:
    """Show whether it is and, where it is, the speed."""
    stored_values = at.device.stored
    enabled = stored_values[_ENABLED]
    return Information.of(f"#CMUXSCR: {enabled},{stored_values[_RATE]}" if enabled else f"#CMUXSCR: {enabled}")
