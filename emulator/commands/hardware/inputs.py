"""Inputs of the board: #ADC, #AXE, #GGPI. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.limits import Numeric
from emulator.at.parameters import Number, fixed
from emulator.commands.context import Context
from emulator.commands.kinds import no_values

_GUIDE = "AT Commands Reference Guide"
_VOLTAGE = 2
"""<mode> of #ADC."""

analog_input = Command("#ADC", source=_GUIDE)


@analog_input.set
def measure_voltage(
    at: Context,
    number: Annotated[int, Number(lambda profile: Numeric(range=(1, len(profile.hardware.converters))))],
    mode: Annotated[int, fixed(_VOLTAGE)],
    direction: Annotated[int, fixed(0)] = 0,
) -> Information:
    """Show the voltage at an analog input, in millivolts.

    Args:
        number: The analog input.
        mode: 2 shows the voltage.
        direction: 0 is an input.
    """
    return Information.of(f"#ADC: {at.device.board.converters[number]}")


@analog_input.read
def show_voltages(at: Context) -> Information:
    """Show the voltage at every analog input, a line each."""
    return Information(tuple(f"#ADC: {millivolts}" for millivolts in at.device.board.converters.values()))


audio_pin = Command("#AXE", source=_GUIDE, test=no_values)


@audio_pin.execute
def show_audio_pin(at: Context) -> Information:
    """Show the level of the pin AXE."""
    return Information.of(f"#AXE: {at.device.board.audio_pin}")


general_input = Command("#GGPI", source=_GUIDE)


@general_input.set
def configure_input(at: Context, direction: Annotated[int, fixed(0)] = 0) -> None:
    """Make the general purpose input an input, which it always is.

    Args:
        direction: 0 is an input.
    """


@general_input.read
def show_input(at: Context) -> Information:
    """Show its direction and its level."""
    return Information.of(f"#GGPI: 0,{at.device.board.input}")
