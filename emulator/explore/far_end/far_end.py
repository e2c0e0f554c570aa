"""Has the far end of a worker: its servers, what they have received, and whether that is what they should have."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from emulator.explore.far_end.check import Check, Lack, both, run_check
from emulator.explore.far_end.record_folder import write_record
from emulator.explore.steps.step import Step
from emulator.explore.trials.setting import Servers, Setting
from emulator.lab.record import Record
from emulator.matrix.result import Ending

_LOOK = 0.02
"""Seconds of real time between two looks at what has come."""
_MOST = 60.0
"""Seconds of the module's time that data may go on coming."""
_QUIET = 2.0
"""Seconds of the module's time without data, after which no more are on their way."""
_DELAYING = ("data-late", "slow-network")
"""Faults that may hold data back beyond the end of the host."""
_TRANSIT = 0.2
"""Seconds of real time that data may be on their way when nothing delays them."""


class _Arrival:
    """Wait for data, which may go on coming after the time that they are given."""

    def __init__(self, servers: Servers, quiet: float, until: float, most: float) -> None:
        self._servers = servers
        self._quiet = quiet
        self._until = until
        self._last = until + most
        """Servers that hear something all the time are not waited for any longer."""
        self._size = -1
        self._grown = time.monotonic()

    @property
    def has_been_quiet(self) -> bool:
        """Return whether nothing has come for a while."""
        return time.monotonic() - self._grown > self._quiet

    def wait(self, is_over: Callable[[], bool]) -> None:
        """Wait until it is over, or nothing comes any more and the time has passed."""
        while not is_over() and time.monotonic() < (self._until if self.has_been_quiet else self._last):
            size = sum(one.size for one in self._servers.record)
            if size != self._size:
                self._size, self._grown = size, time.monotonic()
            time.sleep(_LOOK)


class FarEnd:
    """Look at the far end after each run, and make it as new before the next one."""

    def __init__(self, setting: Setting, folder: Path, servers: Servers | None) -> None:
        """Take the servers, if there are any; files for the check go into `folder`."""
        self._setting = setting
        self._folder = folder
        self._servers = servers

    def __repr__(self) -> str:
        return f"<FarEnd {self._servers!r}>"

    @property
    def trace(self) -> Path | None:
        """Return where the trace of the next run goes; None where no check wants it."""
        return self._folder / "trace.jsonl" if self._setting.check else None

    def forget(self) -> None:
        """Let the servers be as at their start, and remove the trace of the run before."""
        if self._servers is not None:
            self._servers.forget()
        if self.trace is not None:
            self.trace.unlink(missing_ok=True)

    def await_arrival(self, ending: Ending, steps: Sequence[Step]) -> None:
        """Give data the time to arrive that a host has sent which says success, while its modem still runs.

        What delays them may last beyond the end of the host. Built-in checks tell when all has come; before a command
        it is waited for a while in which nothing comes, or for a while where that cannot be seen.
        """
        servers, scale = self._servers, self._setting.options.time_scale
        delays = [step.lasts for step in steps if any(fault["fault"] in _DELAYING for fault in step.faults)]
        lasts = min(max(delays, default=0.0), self._setting.patience) / scale
        if ending.exit_code != 0 or not (self._setting.expectations or (self._setting.check and lasts)):
            return
        quiet = min(lasts, _QUIET / scale)
        if servers is None:
            time.sleep(_TRANSIT + quiet)  # nobody tells what has come to a server that is not of the lab
            return
        arrival = _Arrival(servers, quiet, time.monotonic() + _TRANSIT + lasts, _MOST / scale)
        if self._setting.expectations:
            arrival.wait(lambda: not self._lacks_some(servers.record))
        elif self._setting.check:
            arrival.wait(lambda: arrival.has_been_quiet)

    def check(self, firmware: str, ending: Ending, port: str) -> Check | None:
        """Return what the checks say, once the modem has ended; None where there are none.

        Raises:
            UserError: the command cannot be run.
        """
        if not self._setting.check and not self._setting.expectations:
            return None
        if self._servers is not None:
            self._servers.settle()
        record = self._servers.record if self._servers is not None else Record()
        checks = [expectation.check(record) for expectation in self._setting.expectations]
        if self._setting.check:
            checks.append(self._run(record, firmware, ending, port))
        return both(checks)

    def _lacks_some(self, record: Record) -> bool:
        """Return whether something is missing that may still come."""
        checks = [expectation.check(record) for expectation in self._setting.expectations]
        return any(not check.passed and check.told_lack is not Lack.TWICE for check in checks)

    def _run(self, record: Record, firmware: str, ending: Ending, port: str) -> Check:
        folder = self._folder / "record"
        write_record(record, folder)
        output, errors = self._folder / "host-output.txt", self._folder / "host-errors.txt"
        output.write_text(ending.output, encoding="utf-8")
        errors.write_text(ending.errors, encoding="utf-8")
        environment = {
            "TELIT_RECORD": str(folder),
            "TELIT_TRACE": str(self.trace),
            "TELIT_HOST_EXIT": "" if ending.exit_code is None else str(ending.exit_code),
            "TELIT_HOST_OUTPUT": str(output),
            "TELIT_HOST_ERRORS": str(errors),
            "TELIT_FIRMWARE": firmware,
        }
        return run_check(self._setting.check, port, environment)
