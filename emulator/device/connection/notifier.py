"""Wait for something to happen to a connection."""

import asyncio
from collections.abc import Callable

from emulator.clock import Clock


class Notifier:
    """One task at a time waits; `notify` makes it look again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changed: asyncio.Event | None = None

    def __repr__(self) -> str:
        return f"<Notifier, {'awaited' if self.awaited else 'nobody waits'}>"

    @property
    def awaited(self) -> bool:
        """Whether a task waits."""
        return self._changed is not None

    def notify(self) -> None:
        """Wake the task that waits."""
        if self._changed is not None:
            self._changed.set()

    async def wait_while(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Wait while `condition` holds; return whether it ended within `timeout` seconds."""
        try:
            async with self._clock.timeout(timeout):
                while condition():
                    self._changed = asyncio.Event()
                    await self._changed.wait()
        except TimeoutError:
            return False
        finally:
            self._changed = None
        return True
