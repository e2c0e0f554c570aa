"""Pins of the serial port as general purpose pins: #V24CFG, #V24. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import between, fixed
from emulator.commands.context import Context
from emulator.commands.remedies import Lines
from emulator.device.hardware import GENERAL_PURPOSE, SERIAL
from emulator.errors import Cause, DeviceError

_GUIDE = "AT Commands Reference Guide"
_PIN = between(0, 5)

serial_pin_modes = Command("#V24CFG", source=_GUIDE, has_effect=False)


@serial_pin_modes.set
def configure_pin(at: Context, pin: Annotated[int, _PIN], mode: Annotated[int, fixed(SERIAL, GENERAL_PURPOSE)]) -> None:
    """Let a pin of the serial port be a general purpose pin (1), until power-off; its line goes on all the same.

    Args:
        pin: 0 DCD, 1 CTS, 2 RI, 3 DSR, 4 DTR, 5 RTS.
        mode: 0 the serial port's, 1 general purpose.

    Example:
        AT#V24CFG=0,1
    """
    at.device.serial_pins.pins[pin].mode = mode


@serial_pin_modes.read
def show_modes(at: Context) -> Information:
    """Show the mode of each pin, a line each."""
    pins = enumerate(at.device.serial_pins.pins)
    return Information(tuple(f"#V24CFG: {number},{pin.mode}" for number, pin in pins))


serial_pin_levels = Command("#V24", source=_GUIDE, has_effect=False)


@serial_pin_levels.set
def drive_pin(
    at: Context, pin: Annotated[int, _PIN], state: Annotated[int | None, fixed(0, 1)] = None
) -> Information | None:
    """Set the level of a general purpose pin, or show it.

    Args:
        pin: 0 DCD, 1 CTS, 2 RI, 3 DSR, 4 DTR, 5 RTS.
        state: 0 low, 1 high; left out, it is shown.
    """
    serial = at.device.serial_pins
    if state is None:
        return Information.of(f"#V24: {pin},{serial.pins[pin].level}")
    if pin not in serial.outputs or serial.pins[pin].mode != GENERAL_PURPOSE:
        if pin not in serial.outputs:
            outputs = ", ".join(map(str, sorted(serial.outputs)))
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"pin {pin} is no output; outputs are {outputs}")
        need = Lines((f"AT#V24CFG={pin},{GENERAL_PURPOSE}",))
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"pin {pin} is no general purpose pin", need)
    serial.pins[pin].level = state
    return None


@serial_pin_levels.read
def show_levels(at: Context) -> Information:
    """Show the level of each pin, a line each."""
    return Information(tuple(f"#V24: {number},{pin.level}" for number, pin in enumerate(at.device.serial_pins.pins)))
