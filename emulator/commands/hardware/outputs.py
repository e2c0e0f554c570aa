"""Outputs of the board: #DAC, #VAUX, #VAUXSAV, #SGPO. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, between, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.stored import AUXILIARY_SUPPLY

_GUIDE = "AT Commands Reference Guide"
_QUERY = 2

analog_output = Command("#DAC", source=_GUIDE, has_effect=False)


@analog_output.set
def convert(
    at: Context,
    enable: Annotated[int | None, fixed(0, 1)] = None,
    value: Annotated[int | None, Number(lambda profile: profile.hardware.analog_output)] = None,
) -> None:
    """Switch the analog output on, with its value, or off; until power-off.

    Args:
        enable: 0 off, 1 on.
        value: The value of ten bits.

    Example:
        AT#DAC=1,512
    """
    outputs = at.device.outputs
    if enable == 1 and value is None:
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, "value is missing; enable 1 needs it")
    if enable is not None:
        outputs.converting = enable
    if value is not None:
        outputs.analog = value


@analog_output.read
def show_conversion(at: Context) -> Information:
    """Show whether it is on, and its value."""
    return Information.of(f"#DAC: {at.device.outputs.converting},{at.device.outputs.analog}")


auxiliary_supply = Command("#VAUX", source=_GUIDE, has_effect=False)


@auxiliary_supply.set
def supply_auxiliary(
    at: Context, number: Annotated[int, fixed(1)], state: Annotated[int, between(0, _QUERY)]
) -> Information | None:
    """Switch the auxiliary supply off (0) or on (1), or show it (2).

    Args:
        number: The supply; there is one.
        state: 0 off, 1 on, 2 shows it.

    Example:
        AT#VAUX=1,2
    """
    if state == _QUERY:
        return show_auxiliary(at)
    at.device.outputs.auxiliary = state
    return None


@auxiliary_supply.read
def show_auxiliary(at: Context) -> Information:
    """Show whether it is on."""
    return Information.of(f"#VAUX: {at.device.outputs.auxiliary}")


auxiliary_supply_save = Command("#VAUXSAV", source=_GUIDE, test=no_values)


@auxiliary_supply_save.execute
def save_auxiliary(at: Context) -> None:
    """Keep the state of the auxiliary supply for the next power-on."""
    at.device.stored.keep({AUXILIARY_SUPPLY: at.device.outputs.auxiliary})


general_output = Command("#SGPO", source=_GUIDE, has_effect=False)


@general_output.set
def drive_output(at: Context, level: Annotated[int | None, fixed(0, 1)] = None) -> None:
    """Set the level of the general purpose output."""
    if level is not None:
        at.device.outputs.general = level


@general_output.read
def show_output(at: Context) -> Information:
    """Show its level."""
    return Information.of(f"#SGPO: {at.device.outputs.general}")
