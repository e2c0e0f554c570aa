"""Settings of both ends of a serial line: speed, length of a character, flow control."""

from collections.abc import Callable
from typing import Protocol

import msgspec

XON = 0x11
"""DC1: go on."""
XOFF = 0x13
"""DC3: stop."""


class FlowControl(msgspec.Struct, frozen=True):
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


class LineFormat(msgspec.Struct, frozen=True):
    """Hold what else a host has told of its end: the bits of a character, and flow control."""

    data_bits: int = 8
    parity: str = "N"
    """N, E, O, M or S."""
    stop_bits: float = 1
    hardware_flow: bool = False
    """Whether the host heeds CTS, and drops RTS when it takes no more."""


class HostSettings(Protocol):
    """Follow what a host sets its end to, where the line goes on to a real one."""

    def rate_changed(self, rate: int) -> None:
        """Take the speed in bit/s."""

    def format_changed(self, form: LineFormat) -> None:
        """Take the bits of a character and flow control."""

    def break_changed(self, on: bool) -> None:
        """Begin or end a BREAK."""


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
        self.followed_by: HostSettings | None = None
        """Told of what the host sets, where somebody needs it."""
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
        if rate is not None and self.followed_by is not None:
            self.followed_by.rate_changed(rate)

    def set_host_format(self, form: LineFormat) -> None:
        """Set what else the host has told; bytes pass whatever it is."""
        if self.followed_by is not None:
            self.followed_by.format_changed(form)

    def set_host_break(self, on: bool) -> None:
        """Begin or end a BREAK of the host; the device does not notice."""
        if self.followed_by is not None:
            self.followed_by.break_changed(on)

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
