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
        self._waiting = bytearray()
        self.deadline: float | None = None
        """When `flush` is due; None while nothing waits, or where only full packets are sent."""

    def __repr__(self) -> str:
        return f"<Packetizer {len(self._waiting)} of {self._size} bytes>"

    def feed(self, data: bytes, now: float) -> list[bytes]:
        """Take data; return the packets that it fills."""
        waiting = self._waiting
        waiting += data
        packets = self._full()
        del waiting[: sum(map(len, packets))]
        if not waiting:
            self.deadline = None
        elif self._transmission and (packets or self._starts):
            self.deadline = now + self._transmission
        return packets

    def _full(self) -> list[bytes]:
        """Return the packets that what waits fills."""
        size, waiting = self._size, self._waiting
        return [bytes(waiting[start : start + size]) for start in range(0, len(waiting) - len(waiting) % size, size)]

    @property
    def _starts(self) -> bool:
        """Whether data that fills no packet starts the timer."""
        return self.deadline is None

    def flush(self) -> bytes:
        """Return what waits, as one packet."""
        packet = bytes(self._waiting)
        self._waiting.clear()
        self.deadline = None
        return packet


class RestartingPacketizer(Packetizer):
    """Restarts the timer with each byte (<bufferStart> of #SCFGEXT2)."""

    _starts = True


class EqualPacketizer(Packetizer):
    """Cuts what fills a packet into equal pieces, with nothing left over (<equalizeTX> of #SSLCFG)."""

    def _full(self) -> list[bytes]:
        waiting = bytes(self._waiting)
        if len(waiting) < self._size:
            return []
        count = -(-len(waiting) // self._size)
        bounds = [len(waiting) * number // count for number in range(count + 1)]
        return [waiting[first:last] for first, last in pairwise(bounds)]
