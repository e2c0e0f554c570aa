"""Pins: #GPIO. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, between
from emulator.commands.context import Context
from emulator.commands.remedies import Lines
from emulator.device.hardware import ALTERNATIVE, INPUT, OUTPUT, Pin
from emulator.errors import Cause, DeviceError

gpio = Command("#GPIO", source="AT Commands Reference Guide")

_QUERY = 2


@gpio.set
def use_pin(
    at: Context,
    number: Annotated[int, Number(lambda profile: profile.hardware.pins)],
    mode: Annotated[int, between(0, _QUERY)],
    direction: Annotated[int, between(INPUT, ALTERNATIVE)] | None = None,
) -> Information | None:
    """Set a pin low (0) or high (1) and its direction, or show both (2); direction 2 is its alternative function.

    Args:
        number: The pin.
        mode: 0 low, 1 high, 2 shows it.
        direction: 0 input, 1 output, 2 the alternative function.

    Example:
        AT#GPIO=1,1,1
        AT#GPIO=1,2
    """
    known = at.device.pins
    if mode == _QUERY:
        return Information.of(_shown(known[number]))
    wanted = known[number].direction if direction is None else direction
    if wanted != OUTPUT and direction is None:
        raise DeviceError(
            Cause.OPERATION_NOT_ALLOWED, f"pin {number} is no output", Lines((f"AT#GPIO={number},{mode},{OUTPUT}",))
        )
    known[number] = Pin(wanted, mode if wanted == OUTPUT else 0)
    return None


def _shown(pin: Pin) -> str:
    return f"#GPIO: {pin.direction},{pin.level}"


@gpio.read
def show_pins(at: Context) -> Information:
    """Show direction and level of every pin, a line each."""
    limits = at.profile.hardware.pins.range or (1, 0)
    return Information(tuple(_shown(at.device.pins[number]) for number in range(limits[0], limits[1] + 1)))
