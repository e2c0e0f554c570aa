"""Supply and temperature: +CBC, #CBC, #TEMPMON. 27.007 8.4, AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.firmware.schema.hardware import Hardware

battery = Command("+CBC", source="27.007 8.4")


@battery.read
@battery.execute
def show_battery(at: Context) -> Information:
    """Show that the battery supplies the module, and its charge."""
    return Information.of(f"+CBC: 0,{at.profile.hardware.charge}")


@battery.test
def test_battery(at: Context) -> Information:
    """Show the values of the answer; the command has no parameters."""
    return Information.of("+CBC: (0-2),(0-100)")


supply = Command("#CBC", source="AT Commands Reference Guide", test=no_values)


@supply.execute
def show_supply(at: Context) -> Information:
    """Show that no charger is there, and the supply voltage in hundredths of a volt."""
    return Information.of(f"#CBC: 0,{at.profile.hardware.voltage // 10}")


temperature = Command("#TEMPMON", source="AT Commands Reference Guide")

_MEASURE = 1


@temperature.set
def measure_temperature(
    at: Context,
    mode: Annotated[int, fixed(0, _MEASURE)],
    report: Annotated[int, Number(lambda profile: profile.settings["#TEMPMON.report"])] | None = None,
    action: Annotated[int, fixed(0)] | None = None,
) -> Information | None:
    """Measure the temperature (1), or set whether a dangerous one is reported (0); it does not change."""
    if mode == _MEASURE:
        hardware = at.profile.hardware
        return Information.of(f"#TEMPMEAS: {_level(hardware)},{hardware.temperature}")
    if report is not None:
        at.settings["#TEMPMON.report"] = report
    return None


def _level(hardware: Hardware) -> int:
    """Return -2 to 2: how far the temperature is from a good one, and in which direction."""
    ranges = (hardware.operating_temperature, hardware.extreme_temperature)
    return sum((hardware.temperature > high) - (hardware.temperature < low) for low, high in ranges)


@temperature.read
def show_temperature_reports(at: Context) -> Information:
    """Show the choice; no action is ever taken."""
    return Information.of(f"#TEMPMON: {at.settings['#TEMPMON.report']},0")
