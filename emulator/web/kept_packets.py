"""Keeps the last packets of a modem's traffic, so that they can be saved as a capture."""

from collections import deque
from datetime import datetime

from emulator.trace.events import Direction
from emulator.trace.pcapng import file_head, packet_block

MOST_KEPT = 32 * 1024 * 1024
"""Bytes of packets that are kept; the oldest ones go first."""


class KeptPackets:
    """Be written to as a capture."""

    def __init__(self, device: str, count: int = 1) -> None:
        """Keep what is left to each of `count` captures."""
        self._count = count
        self._device = device
        self._blocks: deque[bytes] = deque()
        self._size = 0
        self._forgotten = 0

    def __repr__(self) -> str:
        return f"<KeptPackets, {len(self._blocks)} of them>"

    def write(self, packet: bytes, at: datetime, direction: Direction, comment: str = "") -> None:
        """See `PacketWriter`."""
        block = packet_block(packet, at, direction, comment)
        self._blocks.append(block)
        self._size += len(block)
        while self._size > MOST_KEPT // self._count:
            self._size -= len(self._blocks.popleft())
            self._forgotten += 1

    def as_file(self) -> bytes:
        """Return the content of a capture file with them; one whose beginning is gone says so in its comment."""
        missing = f"The beginning is missing: {self._forgotten} packets are kept no longer." if self._forgotten else ""
        return file_head(self._device, missing) + b"".join(self._blocks)
