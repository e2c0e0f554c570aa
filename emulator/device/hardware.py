"""Model the pins and outputs that the host drives, and the status lamp."""

from collections.abc import Mapping

import msgspec

INPUT, OUTPUT, ALTERNATIVE = 0, 1, 2
"""<dir> of #GPIO."""


class Pin(msgspec.Struct, frozen=True):
    """One pin: its direction and its level."""

    direction: int = INPUT
    level: int = 0


class Pins:
    """Pins by number; one that was never set is an input."""

    def __init__(self, levels: Mapping[int, int]) -> None:
        """`levels` are those that the board gives inputs; low where it gives none."""
        self._levels = levels
        self._pins: dict[int, Pin] = {}

    def __repr__(self) -> str:
        return f"<Pins {self._pins}>"

    def __getitem__(self, number: int) -> Pin:
        pin = self._pins.get(number, Pin())
        return Pin(INPUT, self._levels.get(number, 0)) if pin.direction == INPUT else pin

    def __setitem__(self, number: int, pin: Pin) -> None:
        self._pins[number] = pin


class StatusLamp(msgspec.Struct):
    """How the lamp is driven (#SLED)."""

    mode: int
    """0 off, 1 on, 2 by the module, 3 blinking."""
    on: int
    """Tenths of a second that it is on while blinking."""
    off: int
    """Tenths of a second that it is off."""


class Outputs(msgspec.Struct):
    """What the host drives besides the pins, until power-off."""

    auxiliary: int
    """Whether the auxiliary supply is on (#VAUX)."""
    converting: int = 0
    """Whether the analog output is on (#DAC)."""
    analog: int = 0
    """Its value."""
    general: int = 0
    """Level of the general output (#SGPO)."""
    sounds_until: float = 0.0
    """When the ringer's sound that the host plays ends (#SRS)."""


SERIAL, GENERAL_PURPOSE = 0, 1
"""<mode> of #V24CFG."""


class SerialPin(msgspec.Struct):
    """A pin of the serial port that can be a general purpose pin (#V24CFG, #V24)."""

    mode: int = SERIAL
    level: int = 0


class SerialPins(msgspec.Struct):
    """DCD, CTS, RI, DSR, DTR and RTS, in this order; the last two are inputs."""

    pins: tuple[SerialPin, ...] = msgspec.field(default_factory=lambda: tuple(SerialPin() for _ in range(6)))
    outputs: range = range(4)
