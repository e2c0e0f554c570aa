"""Model the general purpose pins, which only the host drives, and the status lamp."""

from dataclasses import dataclass

INPUT, OUTPUT, ALTERNATIVE = 0, 1, 2
"""<dir> of #GPIO."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One pin: its direction and its level."""

    direction: int = INPUT
    level: int = 0


class Pins(dict[int, Pin]):
    """Pins by number; one that was never set is a low input."""

    def __missing__(self, number: int) -> Pin:
        return Pin()


@dataclass(slots=True)
class StatusLamp:
    """How the lamp is driven (#SLED)."""

    mode: int
    """0 off, 1 on, 2 by the module, 3 blinking."""
    on: int
    """Tenths of a second that it is on while blinking."""
    off: int
    """Tenths of a second that it is off."""
