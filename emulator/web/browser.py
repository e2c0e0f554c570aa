"""Gives one browser its messages: a snapshot first, and another one wherever messages were left out."""

from collections.abc import AsyncIterator, Callable

from emulator.control.bounded_queue import BoundedQueue
from emulator.web.messages import message


class Browser:
    """Hold the messages that a browser has not taken; what is left out is made good by a snapshot."""

    def __init__(self, snapshot: Callable[[], bytes]) -> None:
        """Begin with what `snapshot` returns, which is made anew whenever it is needed."""
        self._snapshot = snapshot
        self._queue = BoundedQueue()
        self._queue.put(snapshot())

    def __repr__(self) -> str:
        return f"<Browser, {self._queue!r}>"

    def put(self, content: bytes) -> None:
        """Take a message, or count it as lost."""
        self._queue.put(content)

    async def take(self) -> bytes:
        """Wait for messages; return all that there are."""
        taken = await self._queue.take()
        if not taken.lost:
            return taken.content
        return taken.content + message("lost", {"count": taken.lost}) + self._snapshot()

    async def messages(self) -> AsyncIterator[bytes]:
        """Yield messages for ever."""
        while True:
            yield await self.take()
