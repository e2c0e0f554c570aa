"""Supply and temperature: +CBC, #CBC, #TEMPMON. 27.007 8.4, AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.device.board import Board

battery = Command("+CBC", source="27.007 8.4")


@battery.read
@battery.execute
def show_battery(at: Context) -> Information:
    """Show that the battery supplies the module, and its charge."""
    return Information.of(f"+CBC: 0,{at.device.board.charge}")


@battery.test
def test_battery(at: Context) -> Information:
    """Show the values of the answer; the command has no parameters."""
    return Information.of("+CBC: (0-2),(0-100)")


supply = Command("#CBC", source="AT Commands Reference Guide", test=no_values)


@supply.execute
def show_supply(at: Context) -> Information:
    """Show that no charger is there, and the supply voltage in hundredths of a volt."""
    return Information.of(f"#CBC: 0,{at.device.board.voltage // 10}")


temperature = Command("#TEMPMON", source="AT Commands Reference Guide")

_MEASURE = 1


@temperature.set
def measure_temperature(
    at: Context,
    mode: Annotated[int, fixed(0, _MEASURE)],
    report: Annotated[int, Number(lambda profile: profile.settings["#TEMPMON.report"])] | None = None,
    action: Annotated[int, fixed(0)] | None = None,
) -> Information | None:
    """Measure the temperature (1), or set whether a change of its level is reported (0).

    Args:
        mode: 0 sets whether changes are reported, 1 measures.
        report: 1 reports a change of the level by #TEMPMEAS.
        action: A sum of actions; 0 is none.

    Example:
        AT#TEMPMON=1
    """
    if mode == _MEASURE:
        return Information.of(temperature_report(at.device.board))
    if report is not None:
        at.settings["#TEMPMON.report"] = report
    return None


def temperature_report(board: Board) -> str:
    """Show the level of the temperature, -2 to 2, and its degrees."""
    return f"#TEMPMEAS: {board.temperature_level},{board.temperature}"


@temperature.read
def show_temperature_reports(at: Context) -> Information:
    """Show the choice; no action is ever taken."""
    return Information.of(f"#TEMPMON: {at.settings['#TEMPMON.report']},0")


out_of_range = Command("#QTEMP", source="AT Commands Reference Guide")


@out_of_range.set
def ask_only(at: Context, mode: Annotated[int, fixed(0)] = 0) -> None:
    """Let the temperature be shown only when the host asks, which is all there is.

    Args:
        mode: 0 is all that there is.
    """


@out_of_range.read
def show_out_of_range(at: Context) -> Information:
    """Show whether the temperature is outside of the operating range (1)."""
    return Information.of(f"#QTEMP: {int(at.device.board.temperature_level != 0)}")
