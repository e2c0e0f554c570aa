"""Runs one host program with many firmwares, one after the other or several at once."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from tempfile import TemporaryDirectory

from emulator.api import VirtualModem
from emulator.firmware.selection import Choice
from emulator.host_program import HostProgram, HostTimeout
from emulator.matrix.exchanges import Difference, Exchange, Recorder, first_difference
from emulator.options import ModemOptions
from emulator.trace.events import Reader
from emulator.trace.missing import MissingCommands

_HEARING = 0.5
"""Longest delay of a signal in seconds: one that comes just before a wait begins does not end the wait."""


class Outcome(StrEnum):
    """Outcome of a run."""

    PASSED = "passed"
    FAILED = "failed"
    TIMED_OUT = "timed out"


@dataclass
class Run:
    """Result of the program with one firmware."""

    firmware: Choice
    outcome: Outcome
    exit_code: int | None
    """None when the time limit ended the program."""
    seconds: float
    output: str
    errors: str
    exchanges: list[Exchange] = field(repr=False)
    missing: MissingCommands = field(default_factory=MissingCommands, repr=False)
    """The commands that the host used and the module lacks."""
    difference: Difference | None = None


@dataclass(frozen=True)
class Plan:
    """A program, the firmwares to run it with, and options."""

    command: Sequence[str]
    firmwares: Sequence[Choice]
    options: ModemOptions = field(default_factory=ModemOptions)
    """Options of each modem, but for its firmware."""
    timeout: float = 120.0
    """Seconds of real time that one run may take."""
    jobs: int = 1


class Matrix:
    """Run a plan; a failure belongs to its run alone."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._running: set[HostProgram] = set()
        self._changing = threading.Lock()
        self._is_over = False

    def __repr__(self) -> str:
        return f"<Matrix of {len(self._plan.firmwares)} firmwares, {len(self._running)} running>"

    def run(self, ended: Callable[[Run], None]) -> list[Run]:
        """Run the program with each firmware; report each run as it ends and return all in the plan's order.

        Raises:
            UserError: the program, a firmware or an option is wrong.
        """
        runs: dict[Choice, Run] = {}
        with ThreadPoolExecutor(self._plan.jobs, thread_name_prefix="matrix") as pool:
            try:  # from the first submission on: a signal may come while others are still to be submitted
                futures = {pool.submit(self._run, firmware): firmware for firmware in self._plan.firmwares}
                for future in _as_they_end(futures):
                    run = runs[futures[future]] = future.result()
                    ended(run)
            except BaseException:
                self._end()
                pool.shutdown(cancel_futures=True)
                raise
        ordered = [runs[firmware] for firmware in self._plan.firmwares]
        passed = [run.exchanges for run in ordered if run.outcome is Outcome.PASSED]
        for run in ordered:
            if run.outcome is not Outcome.PASSED:
                run.difference = first_difference(run.exchanges, passed)
        return ordered

    def _run(self, firmware: Choice) -> Run:
        # The port is known by a link of its own: when a pseudo-terminal vanishes, another run's may get its number.
        with TemporaryDirectory(prefix="telit-emulator-") as folder:
            return self._run_at(f"{folder}/modem", firmware)

    def _run_at(self, link: str, firmware: Choice) -> Run:
        plan, recorder, missing = self._plan, Recorder(), MissingCommands()
        readers: list[Reader] = [*plan.options.readers, recorder, missing]
        options = replace(plan.options, firmware=firmware.name, link=link, readers=readers)
        with VirtualModem(**vars(options)), self._program(link) as program:
            started = time.perf_counter()
            try:
                done = program.wait(plan.timeout)
            except HostTimeout as late:
                seconds = time.perf_counter() - started
                timed_out = Outcome.TIMED_OUT
                return Run(firmware, timed_out, None, seconds, late.output, late.errors, recorder.exchanges, missing)
        outcome = Outcome.FAILED if done.exit_code else Outcome.PASSED
        seconds = time.perf_counter() - started
        return Run(firmware, outcome, done.exit_code, seconds, done.output, done.errors, recorder.exchanges, missing)

    @contextmanager
    def _program(self, port: str) -> Iterator[HostProgram]:
        with self._changing:
            program = HostProgram(self._plan.command, port)
            self._running.add(program)
            if self._is_over:
                program.end()
        try:
            yield program
        finally:
            with self._changing:
                self._running.discard(program)

    def _end(self) -> None:
        with self._changing:
            self._is_over = True
            for program in self._running:
                program.end()


def _as_they_end(futures: Iterable["Future[Run]"]) -> "Iterator[Future[Run]]":
    waiting = set(futures)
    while waiting:
        ended, waiting = wait(waiting, timeout=_HEARING, return_when=FIRST_COMPLETED)
        yield from ended
