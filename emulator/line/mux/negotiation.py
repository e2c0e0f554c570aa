"""Values of PARAMETER_NEGOTIATION and REMOTE_PORT. 27.010 5.4.6.3.1 and 5.4.6.3.9."""

from typing import Self

import msgspec
from msgspec.structs import replace

_SIZE = 8
_WINDOW = 2
"""Most frames on the way (k, 5.7.3); without effect, as there is no error recovery."""

_PORT_SETTINGS = bytes((0x03, 0x03, 0x00, 0x11, 0x13, 0x7F, 0x3F))
"""9600 bit/s, eight data bits, no parity, no flow control: the standard's default; all of it may be set."""


class Parameters(msgspec.Struct, frozen=True):
    """Hold the parameters of one channel, before it is opened."""

    channel: int
    priority: int
    timer: int
    """T1 in hundredths of a second."""
    frame_size: int
    """N1 in bytes."""
    tries: int
    """N2."""
    window: int
    """k."""

    @classmethod
    def decoded(cls, value: bytes) -> Self | None:
        """Read the message; None when it is too short. Kind of frame and convergence layer are not kept."""
        if len(value) < _SIZE:
            return None
        channel, _kind, priority, timer, low, high, tries, window = value[:_SIZE]
        return cls(channel & 0x3F, priority & 0x3F, timer, low | high << 8, tries, window & 0x07)

    def encoded(self) -> bytes:
        """Return the value of the message; UIH frames, convergence layer 1."""
        head = (self.channel, 0, self.priority, self.timer, self.frame_size & 0xFF, self.frame_size >> 8)
        return bytes((*head, self.tries, self.window))

    def limited(self, largest: int) -> Self:
        """Return what a device with frames of at most `largest` bytes agrees to."""
        return replace(self, frame_size=min(self.frame_size or largest, largest), window=min(self.window, _WINDOW))


class RemotePorts:
    """Keep the serial settings of each channel: without effect, but the host can ask for them."""

    def __init__(self) -> None:
        self._settings: dict[int, bytes] = {}

    def answer(self, value: bytes) -> bytes:
        """Set the settings, or return those in force when the message names only the channel."""
        channel, settings = value[0] >> 2, value[1:]
        if settings:
            self._settings[channel] = settings
            return value
        return value + self._settings.get(channel, _PORT_SETTINGS)
