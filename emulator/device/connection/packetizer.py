"""Cut online data into packets: full ones at once, the rest when txTo has passed. Guide 3.4, <pktSize> and <txTo>."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol


class Packets(Protocol):
    """Collects bytes and returns packets."""

    @property
    def deadline(self) -> float | None:
        """Return when `flush` is due; None while nothing waits, or where only full packets are sent."""

    def feed(self, data: bytes, now: float) -> Sequence[bytes]:
        """Take data; return the packets that it fills."""

    def flush(self) -> bytes:
        """Return what waits, as one packet."""


class Packetizer:
    """Collects bytes; `transmission` is in seconds, 0 keeps an unfilled packet until it is full."""

    def __init__(self, size: int, transmission: float) -> None:
        self._size = size
        self._transmission = transmission
        self._waiting = b""
        self.deadline: float | None = None
        """When `flush` is due; None while nothing waits, or where only full packets are sent."""

    def __repr__(self) -> str:
        return f"<Packetizer {len(self._waiting)} of {self._size} bytes>"

    def feed(self, data: bytes, now: float) -> list[bytes]:
        """Take data; return the packets that it fills."""
        data = self._waiting + data
        packets = self._full(data)
        self._waiting = data[sum(map(len, packets)) :]
        if not self._waiting:
            self.deadline = None
        elif self._transmission and (packets or self._starts):
            self.deadline = now + self._transmission
        return packets

    def _full(self, data: bytes) -> list[bytes]:
        """Return the packets that `data` fills."""
        size = self._size
        return [data[start : start + size] for start in range(0, len(data) - size + 1, size)]

    @property
    def _starts(self) -> bool:
        """Whether data that fills no packet starts the timer."""
        return self.deadline is None

    def flush(self) -> bytes:
        """Return what waits, as one packet."""
        packet, self._waiting = self._waiting, b""
        self.deadline = None
        return packet


class RestartingPacketizer(Packetizer):
    """Restarts the timer with each byte (<bufferStart> of #SCFGEXT2)."""

    _starts = True


class EqualPacketizer(Packetizer):
    """Cuts what fills a packet into equal pieces, with nothing left over (<equalizeTX> of #SSLCFG)."""

    def _full(self, data: bytes) -> list[bytes]:
        if len(data) < self._size:
            return []
        count = -(-len(data) // self._size)
        bounds = [len(data) * number // count for number in range(count + 1)]
        return [data[first:last] for first, last in pairwise(bounds)]
