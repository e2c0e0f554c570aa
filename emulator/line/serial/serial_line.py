"""Settings of both ends of a serial line: speed, length of a character, flow control."""

from collections.abc import Callable
from dataclasses import dataclass

XON = 0x11
"""DC1: go on."""
XOFF = 0x13
"""DC3: stop."""


@dataclass(frozen=True, slots=True)
class FlowControl:
    """Hold how either side makes the other one wait."""

    cts: bool = False
    """The module drops CTS when it takes no more."""
    rts: bool = False
    """The host drops RTS when it takes no more."""
    heeds_xoff: bool = False
    """XOFF and XON of the host stop the module and let it go on."""
    sends_xoff: bool = False
    """The module sends XOFF when it takes no more, and XON when it does again."""
    passes_xoff: bool = False
    """XOFF and XON of the host are data, too."""


class SerialLine:
    """Keep the settings in force. The AT instance sets those of the module, the port those of the host."""

    def __init__(self, baud: int | None = None) -> None:
        """Begin with `baud` bit/s, until either side sets another speed; without it bytes take no time."""
        self.baud = baud
        self.device_rate = 0
        """Fixed speed of the module in bit/s; 0 where it finds the speed of its host."""
        self.character_bits = 10
        """Start, data, parity and stop bits of a byte."""
        self.host_rate: int | None = None
        """Speed that the host has told, in bit/s; None where it cannot tell."""
        self.flow = FlowControl()
        self.on_flow: Callable[[], None] = lambda: None
        """Called when `set_flow` has changed it."""
        self._changed()

    def __repr__(self) -> str:
        return f"<SerialLine at {self.rate or 'any'} bit/s, {self.character_bits} bits a byte>"

    def set_device(self, rate: int, character_bits: int) -> None:
        """Set the speed of the module, and the bits of a character."""
        self.device_rate, self.character_bits = rate, character_bits
        self._changed()

    def set_host(self, rate: int | None) -> None:
        """Set the speed of the host; None when it has gone, or cannot tell."""
        self.host_rate = rate
        self._changed()

    def _changed(self) -> None:
        self.rate = (self.device_rate or self.host_rate or self.baud) if self.baud else 0
        """Bits a second; 0 where bytes take no time."""
        self.seconds_a_byte = self.character_bits / self.rate if self.rate else 0.0
        """Seconds that a byte takes."""
        self.speeds_agree = not (self.rate and self.device_rate and self.host_rate) or (
            self.device_rate == self.host_rate
        )
        """Whether the two sides understand each other."""

    def set_flow(self, flow: FlowControl) -> None:
        """Set the flow control."""
        if flow != self.flow:
            self.flow = flow
            self.on_flow()
