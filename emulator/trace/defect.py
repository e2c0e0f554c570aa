"""Defects of the emulator: an exception that nobody expected becomes an event and a line of the log."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

from emulator.guard import log_defect
from emulator.trace.events import Defect
from emulator.trace.trace import Trace

P = ParamSpec("P")


def report_defect(trace: Trace, what: str, error: BaseException) -> None:
    """Tell the trace and the log of `error`; `what` says in the log what failed."""
    trace.emit(Defect(text=f"{type(error).__name__}: {error}"))
    log_defect(what, error)


def reporting(trace: Trace, what: str, callback: Callable[P, None]) -> Callable[P, None]:
    """Wrap a callback of the event loop, which would only log an exception: report it as a defect."""

    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except Exception as error:
            report_defect(trace, what, error)

    return call


def reporting_task(trace: Trace, what: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Start a task for which nobody waits: report an exception as a defect."""

    async def run() -> None:
        try:
            await work
        except Exception as error:
            report_defect(trace, what, error)

    task = asyncio.create_task(run())
    task.add_done_callback(lambda _: work.close())  # it may be cancelled before it has begun
    return task
