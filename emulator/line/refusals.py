"""Tells the trace of a command that has failed, and why."""

from collections.abc import Callable

from emulator.at.table import CommandTable, shown_of_unknown
from emulator.commands.remedies import reason_with_remedy
from emulator.errors import DeviceError
from emulator.trace.events import Refused, Trace


def refused_commands(trace: Trace, terminal: str, table: CommandTable) -> Callable[[str, DeviceError], None]:
    """Return a function that reports a refusal; of a name that no command has, it shows the first letters."""

    def report(name: str, error: DeviceError) -> None:
        if not trace.is_read:
            return
        shown = name if table.find(name) is not None else shown_of_unknown(name)
        cause = error.cause.value if error.cause is not None else None
        trace.emit(Refused(terminal=terminal, command=shown, cause=cause, reason=reason_with_remedy(error, table)))

    return report
