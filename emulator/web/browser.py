"""Queues messages for one browser, which may read slowly or go away."""

import asyncio
from collections.abc import AsyncIterator, Callable

from emulator.web.messages import message

MOST_WAITING = 1024 * 1024
"""Bytes of messages that wait for a browser; what comes while there are as many is left out."""


class Browser:
    """Hold what a browser has not taken. Nobody waits for it: what is left out is counted and made good.

    A snapshot stands at the beginning, and again behind each place where messages were left out.
    """

    def __init__(self, snapshot: Callable[[], bytes]) -> None:
        """Begin with what `snapshot` returns, which is made anew whenever it is needed."""
        self._snapshot = snapshot
        self._waiting = bytearray(snapshot())
        self._lost = 0
        self._filled = asyncio.Event()
        self._filled.set()

    def __repr__(self) -> str:
        return f"<Browser, {len(self._waiting)} bytes wait, {self._lost} messages lost>"

    def put(self, content: bytes) -> None:
        """Take a message, or count it as lost."""
        if len(self._waiting) < MOST_WAITING and not self._lost:
            self._waiting += content
        else:
            self._lost += 1
        self._filled.set()

    async def take(self) -> bytes:
        """Wait for messages; return all that there are."""
        await self._filled.wait()
        self._filled.clear()
        taken, self._waiting = bytes(self._waiting), bytearray()
        if self._lost:
            taken += message("lost", {"count": self._lost}) + self._snapshot()
            self._lost = 0
        return taken

    async def messages(self) -> AsyncIterator[bytes]:
        """Yield messages for ever."""
        while True:
            yield await self.take()
