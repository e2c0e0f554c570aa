"""What both ends of a serial line have set it to: its speed, the length of a character, who may stop whom and how."""

from collections.abc import Callable
from dataclasses import dataclass

XON = 0x11
"""DC1: go on."""
XOFF = 0x13
"""DC3: stop."""


@dataclass(frozen=True, slots=True)
class FlowControl:
    """How either side lets the other one wait."""

    cts: bool = False
    """The module drops CTS when it takes no more."""
    rts: bool = False
    """The host drops RTS when it takes no more."""
    heeds_xoff: bool = False
    """XOFF and XON of the host stop the module and let it go on."""
    sends_xoff: bool = False
    """The module sends XOFF when it takes no more, and XON when it does again."""
    passes_xoff: bool = False
    """What is heeded is data, too."""


class SerialLine:
    """The settings in force. The AT instance changes the module's, the port those of its host."""

    def __init__(self, baud: int | None = None) -> None:
        """`baud` is the speed in bit/s as long as neither side has set another one; without it bytes take no time."""
        self.baud = baud
        self.device_rate = 0
        """What the module is fixed at in bit/s; 0 where it finds the speed of its host."""
        self.character_bits = 10
        """Start, data, parity and stop bits of a byte."""
        self.host_rate: int | None = None
        """What the host has said that it is set to in bit/s; None where it has no way to say so."""
        self.flow = FlowControl()
        self.on_flow: Callable[[], None] = lambda: None
        """Called when `set_flow` has changed it."""
        self._changed()

    def __repr__(self) -> str:
        return f"<SerialLine at {self.rate or 'any'} bit/s, {self.character_bits} bits a byte>"

    def set_device(self, rate: int, character_bits: int) -> None:
        """The module is set to another speed, or to another length of a byte."""
        self.device_rate, self.character_bits = rate, character_bits
        self._changed()

    def set_host(self, rate: int | None) -> None:
        """The host is set to another speed, or there is none any more that could say so."""
        self.host_rate = rate
        self._changed()

    def _changed(self) -> None:
        self.rate = (self.device_rate or self.host_rate or self.baud) if self.baud else 0
        """Bits a second; 0 where bytes take no time."""
        self.seconds_a_byte = self.character_bits / self.rate if self.rate else 0.0
        """How long a byte takes."""
        self.speeds_agree = not (self.rate and self.device_rate and self.host_rate) or (
            self.device_rate == self.host_rate
        )
        """Whether either side understands the other one."""

    def set_flow(self, flow: FlowControl) -> None:
        """Let another flow control be in force from now on."""
        if flow != self.flow:
            self.flow = flow
            self.on_flow()
