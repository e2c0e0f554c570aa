"""Running of the commands of one line, in order; the first that fails ends the line. V.250 5.4 and 5.6."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any

from emulator.at.answers import FailedResult, Failure, Final, Information
from emulator.at.online import DataLink, End
from emulator.at.pace import AtOnce, Pace
from emulator.at.prompt import PromptCancelled
from emulator.at.syntax import Call, Form, Malformed, parse_line
from emulator.at.table import CommandTable
from emulator.at.terminal import Terminal
from emulator.errors import DeviceError

if TYPE_CHECKING:
    from emulator.at.bound import BoundCommand
    from emulator.at.command import Outcome, Waiting

_OK = Final.OK
"""A name of its own: to ask an Enum for a member takes ten times as long in Python 3.11."""


class EntryCancelled(Exception):
    """The host has cancelled an entry; raised in the handler that waits at the prompt."""

    def __init__(self, entry: PromptCancelled) -> None:
        super().__init__(entry.reason)
        self.entry = entry


class Interpreter:
    """Runs command lines on one terminal.

    A command that never waits has answered when `run` returns. One that waits goes on in a task, and `resumed` is
    called once the line has its final result.
    """

    def __init__(
        self,
        terminal: Terminal,
        table: CommandTable,
        context: Callable[[Call], Any],
        *,
        begins: "Callable[[BoundCommand, Form], None]",
        cancelled: Final,
        go_online: Callable[[DataLink], None],
        resumed: Callable[[], None],
        fault: Callable[[BaseException], None],
        missing: Callable[[Call | Malformed], str] = lambda call: "no such command",
        refused: Callable[[Call | Malformed, DeviceError], None] = lambda call, error: None,
        connection_ended: Callable[[str], None] = lambda reason: None,
        pace: Pace | None = None,
    ) -> None:
        """Connect a terminal to a table of commands.

        Args:
            terminal: sends the answers.
            table: the commands of the device.
            context: makes the first argument of each handler.
            begins: called before each command; it may `cancel`.
            cancelled: the final result of a command whose data entry was cancelled.
            go_online: called when a command has opened data mode.
            resumed: called after a line that had to wait.
            fault: called with an exception that is no refusal of the device; the line then fails with ERROR.
            missing: called with a command that the device lacks; returns the reason of its refusal.
            refused: called with a command that fails, and why, before its final result.
            connection_ended: called when leaving data mode has ended the connection, and why, before the final result.
            pace: how long commands take; none at all unless given.
        """
        self._terminal = terminal
        self._table = table
        self._context = context
        self._begins = begins
        self._cancelled = cancelled
        self._go_online = go_online
        self._resumed = resumed
        self._fault = fault
        self._missing = missing
        self._refused = refused
        self._connection_ended = connection_ended
        self._call: Call | Malformed | None = None
        """The command under way; None while data mode ends."""
        self._pace = pace or AtOnce()
        self._task: asyncio.Task[None] | None = None
        self._broken_off: FailedResult | None = None
        """Final result of a command that was broken off."""
        self._over = False

    def __repr__(self) -> str:
        return f"<Interpreter {'waiting' if self._task else 'idle'}>"

    def run(self, line: str) -> None:
        """Run a line without its `AT`."""
        calls, pause = parse_line(line), self._pace.begin()
        if pause is None:
            self._continue(iter(calls))
        else:
            self._call = calls[0] if calls else None
            self._start(pause, iter(calls))

    def leave_data_mode(self, end: End | Coroutine[Any, Any, End]) -> None:
        """Finish with this result, which may have to be waited for."""
        self._call = None
        if isinstance(end, Coroutine):
            self._start(end, iter(()))
        else:
            self._ends(end)

    def break_off(self, result: FailedResult) -> None:
        """End the command that waits, and its line, with this final result; harmless when none waits."""
        if self._task is not None:
            self._broken_off = result
            self._task.cancel()

    def cancel(self) -> None:
        """Stop the running line without an answer, and for good."""
        self._over = True
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _continue(self, calls: Iterator[Call | Malformed]) -> None:
        """Run commands up to the first one that has to wait; the rest runs after it."""
        for call in calls:
            try:
                outcome = self._invoke(call)
            except Exception as error:
                if not self._over:
                    self._terminal.finish(self._failure(error))
                return
            if outcome is not None and isinstance(outcome, Coroutine):
                self._start(outcome, calls)
                return
            if self._over or self._ends(outcome):
                return
        self._terminal.finish(_OK)

    def _invoke(self, call: Call | Malformed) -> "Outcome | Waiting":
        self._call = call
        bound = self._table.find(call.name)
        if bound is None and call.name:
            raise DeviceError(None, self._missing(call))
        if isinstance(call, Malformed):
            raise DeviceError(None, call.reason)
        assert bound is not None, "a command has a name"
        context = self._context(call)
        self._begins(bound, call.form)
        if self._over:
            raise DeviceError(None, "the power has gone")
        return self._pace.invoke(bound, context, call)

    def _start(self, outcome: "Waiting", calls: Iterator[Call | Malformed]) -> None:
        if self._over:
            outcome.close()
            return
        self._task = asyncio.get_running_loop().create_task(self._wait(outcome, calls))
        self._task.add_done_callback(lambda _: outcome.close())  # it may be cancelled before it has begun

    async def _wait(self, outcome: "Waiting", calls: Iterator[Call | Malformed]) -> None:
        try:
            result = await outcome
            if not self._over and not self._ends(result):
                self._task = None
                self._continue(calls)
        except asyncio.CancelledError as error:
            if self._task is not asyncio.current_task():
                raise  # `cancel` did it; otherwise something that the command waited for was cancelled under it
            if self._broken_off is None:
                self._terminal.finish(self._failure(error))
            else:
                self._fail(self._broken_off)
        except Exception as error:
            if not self._over:
                self._terminal.finish(self._failure(error))
        if self._task is asyncio.current_task():
            self._task = None
        self._broken_off = None
        self._resumed()

    def _ends(self, outcome: "Outcome") -> bool:
        """Send the outcome of one command; return whether the line ends with it."""
        match outcome:
            case None:
                return False
            case Information():
                self._terminal.answer(outcome)
                return False
            case Final():
                self._terminal.finish(outcome)
            case FailedResult():
                self._fail(outcome)
            case _:
                self._go_online(outcome)
        return True

    def _fail(self, result: FailedResult) -> None:
        self._tell(DeviceError(None, result.reason, result.need))
        self._terminal.finish(result.final)

    def _tell(self, error: DeviceError) -> None:
        if self._call is None:
            self._connection_ended(error.reason)
        else:
            self._refused(self._call, error)

    def _failure(self, error: BaseException) -> Failure | Final:
        if isinstance(error, EntryCancelled):
            if self._cancelled is not _OK:
                self._tell(DeviceError(None, str(error)))
            return self._cancelled
        if isinstance(error, DeviceError):
            self._tell(error)
            return Failure(error.cause)
        self._fault(error)
        return Failure()
