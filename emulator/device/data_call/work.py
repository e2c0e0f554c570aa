"""Tasks for which nobody waits, as many as may run at a time."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from emulator.trace.defect import reporting_task
from emulator.trace.trace import Trace


class BackgroundWork:
    """Runs coroutines; what they raise is a defect."""

    def __init__(self, trace: Trace, what: str, most: int) -> None:
        """Run `most` at a time; `what` says in the log what has failed."""
        self._trace = trace
        self._what = what
        self._most = most
        self._tasks: set[asyncio.Task[None]] = set()

    def __repr__(self) -> str:
        return f"<BackgroundWork {self._what}, {len(self._tasks)} tasks>"

    def start(self, work: Coroutine[Any, Any, None]) -> bool:
        """Run a coroutine; return False, and drop it, when as many run as may."""
        if len(self._tasks) >= self._most:
            work.close()
            return False
        task = reporting_task(self._trace, self._what, work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def cancel(self) -> None:
        """Cancel all of it."""
        for task in tuple(self._tasks):
            task.cancel()
