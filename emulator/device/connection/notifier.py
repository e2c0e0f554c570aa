"""Tasks that wait for something to happen to a connection, and connections that nobody waits for any more."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from emulator.clock import Clock


class Notifier:
    """What happens is told by `notify`; at most one task at a time waits for it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changed: asyncio.Event | None = None

    def __repr__(self) -> str:
        return f"<Changes, {'awaited' if self.awaited else 'nobody waits'}>"

    @property
    def awaited(self) -> bool:
        """Whether a task waits."""
        return self._changed is not None

    def notify(self) -> None:
        """Something has happened."""
        if self._changed is not None:
            self._changed.set()

    async def wait_while(self, condition: Callable[[], bool], patience: float) -> bool:
        """Wait while `condition` holds; whether it ended within `patience` seconds."""
        try:
            async with self._clock.timeout(patience):
                while condition():
                    self._changed = asyncio.Event()
                    await self._changed.wait()
        except TimeoutError:
            return False
        finally:
            self._changed = None
        return True


class _Connection(Protocol):
    def abort(self) -> None: ...


def abandon(opening: asyncio.Task[Any]) -> None:
    """Nobody wants what `opening` gives, something with an `abort`: it ends, whether it came about or not."""
    opening.add_done_callback(_end)
    opening.cancel()


def _end(opened: asyncio.Task[_Connection]) -> None:
    if not opened.cancelled() and opened.exception() is None:
        opened.result().abort()
