"""Tells the trace of a command that the host used and the module lacks: the emulator's lack, or the module's own."""

from collections.abc import Callable
from typing import get_args

from emulator.at.table import shown_of_unknown
from emulator.trace.events import CommandMissing, Lack, Trace

_LACKS: dict[str, Lack] = {lack: lack for lack in get_args(Lack)}


def missing_commands(trace: Trace, terminal: str, line: str) -> Callable[[str], None]:
    """Return a function that reports a command which firmwares of this software line lack."""

    def report(name: str) -> None:
        if not trace.is_read:
            return
        from emulator.commands.ledger import Standing, why_not

        standing, why = why_not(name, line)
        shown = shown_of_unknown(name) if standing is Standing.UNKNOWN else name
        trace.emit(CommandMissing(terminal=terminal, command=shown, lack=_LACKS[standing.value], why=why))

    return report
