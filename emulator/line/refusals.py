"""Tells the trace why the host gets a failure: refused and missing commands, and connections that have ended."""

from typing import TYPE_CHECKING, get_args

from emulator.at.syntax import Call, Malformed
from emulator.at.table import CommandTable
from emulator.errors import DeviceError
from emulator.firmware.loader import Firmware
from emulator.later import later
from emulator.trace.events import CommandMissing, ConnectionEnded, Lack, Refused
from emulator.trace.trace import Trace

if TYPE_CHECKING:
    import difflib

    from emulator.commands import remedies
else:
    difflib = later("difflib")
    remedies = later("emulator.commands.remedies")

_LACKS: dict[str, Lack] = {lack: lack for lack in get_args(Lack)}
_ALIKE = 0.75
"""How much of a name must be that of a command for which it is taken."""


class Refusals:
    """Report the failures of one AT instance."""

    def __init__(self, trace: Trace, terminal: str, table: CommandTable, firmware: Firmware) -> None:
        self._trace = trace
        self._terminal = terminal
        self._table = table
        self._firmware = firmware

    def __repr__(self) -> str:
        return f"<Refusals of {self._terminal}>"

    def refused(self, call: Call | Malformed, error: DeviceError) -> None:
        """Report a command that fails; of a name that no device has, only what cannot be a secret."""
        if self._trace.is_read:
            shown, reason = self._table.shown(call), remedies.reason_with_remedy(error, self._table)
            cause = error.cause.value if error.cause is not None else None
            self._trace.emit(Refused(terminal=self._terminal, command=shown, cause=cause, reason=reason))

    def line_refused(self, reason: str) -> None:
        """Report a line that fails before a command of it has run."""
        if self._trace.is_read:
            self._trace.emit(Refused(terminal=self._terminal, command="", cause=None, reason=reason))

    def missing(self, call: Call | Malformed) -> str:
        """Report a command that the device lacks, and return the reason of its refusal."""
        if not self._trace.is_read:
            return ""
        from emulator.commands.ledger import Standing, why_not

        name = call.name
        standing, why = why_not(name, self._firmware.line)
        shown = self._table.shown(call) if standing is Standing.UNKNOWN else name
        lack = _LACKS[standing.value]
        self._trace.emit(CommandMissing(terminal=self._terminal, command=shown, lack=lack, why=why))
        match standing:
            case Standing.NOT_EMULATED:
                return f"not emulated: the module has it, the emulator has not ({why})"
            case Standing.ABSENT:
                return f"not on this firmware: {self._firmware.name} has none, others have"
            case _:
                return f"no such command{self._nearest(name)}"

    def _nearest(self, name: str) -> str:
        nearest = difflib.get_close_matches(name, self._table.names(), 1, _ALIKE)
        return f"; nearest is {nearest[0]}" if nearest else ""

    def connection_ended(self, reason: str) -> None:
        """Report that a connection of the host has ended."""
        if self._trace.is_read:
            self._trace.emit(ConnectionEnded(terminal=self._terminal, reason=reason))
