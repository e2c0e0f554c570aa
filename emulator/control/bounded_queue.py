"""Queues bytes for one reader, who may read slowly or go away."""

import asyncio
from typing import NamedTuple

MOST_WAITING = 1024 * 1024
"""Bytes that wait for a reader; what comes while there are as many is left out."""


class Taken(NamedTuple):
    """What a reader takes at once."""

    content: bytes
    lost: int
    """How many items were left out behind it."""


class BoundedQueue:
    """Hold what a reader has not taken. Nobody waits for the reader: what is left out is counted.

    Items are left out in one place at most, behind what waits: none is taken in until the reader knows of it.
    """

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._lost = 0
        self._filled = asyncio.Event()

    def __repr__(self) -> str:
        return f"<BoundedQueue, {len(self)} bytes wait, {self._lost} items lost>"

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, item: bytes) -> None:
        """Take an item in, or count it as lost."""
        if len(self._waiting) < MOST_WAITING and not self._lost:
            self._waiting += item
        else:
            self._lost += 1
        self._filled.set()

    async def take(self) -> Taken:
        """Wait for items; return all that there are."""
        await self._filled.wait()
        self._filled.clear()
        taken = Taken(bytes(self._waiting), self._lost)
        self._waiting, self._lost = bytearray(), 0
        return taken
