"""Run one piece of work at a time that the loss of the network ends."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from emulator.device.connection.attempt import retrieve

Result = TypeVar("Result")


class WorkCancelled(Exception):
    """The network or the power has gone meanwhile."""


class Work:
    """At most one coroutine, in a task of its own."""

    def __init__(self) -> None:
        self._task: asyncio.Task[Any] | None = None

    def __repr__(self) -> str:
        return f"<Work {'under way' if self.is_busy else 'idle'}>"

    @property
    def is_busy(self) -> bool:
        """Whether a piece of work is under way."""
        return self._task is not None

    def cancel(self) -> None:
        """Cancel the work under way."""
        if self._task is not None:
            self._task.cancel()

    async def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine; cancelled with the command that waits for it.

        Raises:
            WorkCancelled: `cancel` was called.
        """
        task: asyncio.Task[Result] = asyncio.create_task(work)
        self._task = task
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            task.add_done_callback(retrieve)
            task.cancel()
            raise
        finally:
            self._task = None
        if task.cancelled():
            raise WorkCancelled
        return task.result()
