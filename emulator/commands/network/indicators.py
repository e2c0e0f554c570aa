"""Indicators of the module's state: +CIND, and +CMER, which reports their changes. 27.007 8.9 and 8.10."""

from collections.abc import Sequence
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Repeated, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, setting
from emulator.commands.network.indicator_values import NAMES, indicators

_VALUES = ("(0-5,99)", "(0-7,99)", "(0,1)", "(0,1)", "(0,1)", "(0,1)", "(0,1)", "(0,1)", "(0-5,99)")


indicator_control = Command("+CIND", source="27.007 8.9")

Reported = Annotated[
    Sequence[int | None],
    Repeated(fixed(0, 1), len(NAMES)),
    "For each indicator in the order of +CIND=?: 1 reports it, 0 does not.",
]


@indicator_control.set
def choose_indicators(at: Context, reported: Reported = ()) -> None:
    """Set which indicators +CMER may report, until power-off; those left out stay as they are.

    Example:
        AT+CIND=0
    """
    for name, value in zip(NAMES, reported, strict=True):
        if value == 0:
            at.device.silent_indicators.add(name)
        elif value == 1:
            at.device.silent_indicators.discard(name)


@indicator_control.read
def show_indicators(at: Context) -> Information:
    """Show the indicators' values."""
    return Information.of(f"+CIND: {','.join(map(str, indicators(at.device).values()))}")


@indicator_control.test
def list_indicators(at: Context) -> Information:
    """Show the indicators' names and values; the parameters say only which are reported."""
    listed = ",".join(f'("{name}",{values})' for name, values in zip(NAMES, _VALUES, strict=True))
    return Information.of(f"+CIND: ({listed})")


event_reporting = SettingsCommand(
    "+CMER",
    "Set whether changes of the indicators are reported, as +CIEV.",
    source="27.007 8.10",
    mode=setting("+CMER.mode", "0 off; the others report."),
    keypad=setting("+CMER.keypad", "0; there is no keypad."),
    display=setting("+CMER.display", "0; there is no display."),
    reported=setting("+CMER.indicators", "0 none, 1 and 2 the indicators, as +CIEV."),
    buffer=setting("+CMER.buffer", "0 drops what was kept when the mode changes, 1 sends it."),
)
