"""Defects of the emulator: an exception that nobody expected becomes an event and a line of the log."""

import logging
from collections.abc import Callable

from emulator.trace.events import Defect, Trace


def report_defect(trace: Trace, what: str, error: BaseException) -> None:
    """Tell the trace and the log of `error`; `what` says in the log what failed."""
    text = f"{type(error).__name__}: {error}"
    trace.emit(Defect(text=text))
    logging.getLogger("emulator").error("%s failed inside the emulator: %s", what, text, exc_info=error)


def reporting(trace: Trace, what: str, callback: Callable[[], None]) -> Callable[[], None]:
    """Wrap a callback of the event loop, which would only log an exception: report it as a defect."""

    def call() -> None:
        try:
            callback()
        except Exception as error:
            report_defect(trace, what, error)

    return call
