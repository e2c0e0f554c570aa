"""The data that a PDP context has carried."""

from emulator.device.memory.record import Record


class Volume(Record, frozen=True):
    """Bytes of data, without headers."""

    sent: int = 0
    received: int = 0

    def __add__(self, other: "Volume") -> "Volume":
        """Add two volumes."""
        return Volume(self.sent + other.sent, self.received + other.received)
