"""The schema of power, measured values and pins."""

from typing import Annotated

from msgspec import Meta

from emulator.firmware.limits import Default, Numeric, Section

Millivolts = Annotated[int, Meta(ge=0, le=2000)]
Level = Annotated[int, Meta(ge=0, le=1)]


class Power(Section, frozen=True, kw_only=True):
    """Start and stop."""

    boot: Annotated[float, Meta(ge=0, le=600)]
    """Seconds from power-on or restart until the port answers."""
    cpu_modes: Default | None = None
    """<mode> of #CPUMODE; absent: no such command."""
    functionality: Default
    """<fun> of +CFUN."""
    radio_off: tuple[int, ...]
    """The levels of +CFUN in which the radio is off."""
    opening_starts: bool
    """Whether a module that was shut down starts when a host opens the port, which stands for its ON line."""


class Hardware(Section, frozen=True, kw_only=True):
    """Measured values of the module and its supply, and its general purpose pins."""

    charge: Annotated[int, Meta(ge=0, le=100)]
    """<bcl> of +CBC: the charge of the battery, in percent."""
    voltage: Annotated[int, Meta(ge=0, le=6000)]
    """Supply voltage in millivolts; #CBC shows it in steps of ten."""
    temperature: Annotated[int, Meta(ge=-100, le=150)]
    """Degrees Celsius, #TEMPMON."""
    operating_temperature: tuple[int, int]
    """Degrees Celsius: beyond them #TEMPMON shows level -1 or 1."""
    extreme_temperature: tuple[int, int]
    """Degrees Celsius: beyond them it shows level -2 or 2."""
    pins: Numeric
    """<pin> of #GPIO."""
    converters: tuple[Millivolts, ...]
    """Millivolts at the analog inputs that #ADC reads, one after the other."""
    analog_output: Numeric
    """<value> of #DAC."""
    input: Level
    """Level at the input of #GGPI."""
    audio_pin: Level
    """Level at the pin AXE, which #AXE shows."""
    antenna: Annotated[int, Meta(ge=0, le=3)]
    """State of the antenna that #GSMAD finds: 0 connected, 1 short to ground, 2 short to supply, 3 open."""
