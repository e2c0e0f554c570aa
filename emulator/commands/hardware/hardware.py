"""Supply, temperature, pins and lamp: +CBC, #CBC, #TEMPMON, #GPIO, #SLED. 27.007 8.4, AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, between, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.device.hardware import OUTPUT, Pin, StatusLamp
from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.hardware import Hardware

battery = Command("+CBC", source="27.007 8.4")


@battery.execute
def show_battery(at: Context) -> Information:
    """Show that the battery supplies the module, and its charge."""
    return Information.of(f"+CBC: 0,{at.profile.hardware.charge}")


@battery.read
def show_battery_again(at: Context) -> Information:
    """Show the same as without a question mark."""
    return show_battery(at)


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
    """Measure the temperature (1), or choose whether a dangerous one is reported (0); it does not change."""
    if mode == _MEASURE:
        hardware = at.profile.hardware
        return Information.of(f"#TEMPMEAS: {_level(hardware)},{hardware.temperature}")
    if report is not None:
        at.settings["#TEMPMON.report"] = report
    return None


def _level(hardware: Hardware) -> int:
    """-2 to 2: how far the temperature is from a good one, and in which direction."""
    ranges = (hardware.operating_temperature, hardware.extreme_temperature)
    return sum((hardware.temperature > high) - (hardware.temperature < low) for low, high in ranges)


@temperature.read
def show_temperature_reports(at: Context) -> Information:
    """Show the choice; no action is ever taken."""
    return Information.of(f"#TEMPMON: {at.settings['#TEMPMON.report']},0")


gpio = Command("#GPIO", source="AT Commands Reference Guide")

_QUERY = 2


@gpio.set
def use_pin(
    at: Context,
    number: Annotated[int, Number(lambda profile: profile.hardware.pins)],
    mode: Annotated[int, between(0, _QUERY)],
    direction: Annotated[int, fixed(0, 1)] | None = None,
) -> Information | None:
    """Set a pin low (0) or high (1) and its direction, input (0) or output (1), or show direction and level (2)."""
    known = at.device.pins
    if mode == _QUERY:
        return Information.of(_shown(known[number]))
    wanted = known[number].direction if direction is None else direction
    if wanted != OUTPUT and direction is None:
        raise DeviceError(Cause.OPERATION_NOT_ALLOWED, "the pin is an input")
    known[number] = Pin(wanted, mode if wanted == OUTPUT else 0)
    return None


def _shown(pin: Pin) -> str:
    return f"#GPIO: {pin.direction},{pin.level}"


@gpio.read
def show_pins(at: Context) -> Information:
    """Show direction and level of every pin, a line each."""
    limits = at.profile.hardware.pins.range or (1, 0)
    return Information(tuple(_shown(at.device.pins[number]) for number in range(limits[0], limits[1] + 1)))


status_lamp = Command("#SLED", source="AT Commands Reference Guide")


@status_lamp.set
def drive_lamp(
    at: Context,
    mode: Annotated[int, Number(lambda profile: profile.stored["#SLED.mode"])],
    on: Annotated[int, Number(lambda profile: profile.stored["#SLED.on"])] = FROM_PROFILE,
    off: Annotated[int, Number(lambda profile: profile.stored["#SLED.off"])] = FROM_PROFILE,
) -> None:
    """Let the status lamp be off (0), on (1), driven by the module (2) or blinking in tenths of a second (3)."""
    at.device.lamp = StatusLamp(mode, on, off)


@status_lamp.read
def show_lamp(at: Context) -> Information:
    """Show mode and durations."""
    driven = at.device.lamp
    return Information.of(f"#SLED: {driven.mode},{driven.on},{driven.off}")


status_lamp_save = Command("#SLEDSAV", source="AT Commands Reference Guide", test=no_values)


@status_lamp_save.execute
def store_lamp(at: Context) -> None:
    """Keep the settings of the status lamp in NVM."""
    driven = at.device.lamp
    at.device.stored.keep({"#SLED.mode": driven.mode, "#SLED.on": driven.on, "#SLED.off": driven.off})
