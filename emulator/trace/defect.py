"""Defects of the emulator: an exception that nobody expected becomes an event and a line of the log."""

import logging

from emulator.trace.events import Defect, Trace


def report_defect(trace: Trace, what: str, error: BaseException) -> None:
    """Tell the trace and the log of `error`; `what` says in the log what failed."""
    text = f"{type(error).__name__}: {error}"
    trace.emit(Defect(text=text))
    logging.getLogger("emulator").error("%s failed inside the emulator: %s", what, text, exc_info=error)
