"""Runs one host program with many firmwares, one after the other or several at once."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from tempfile import TemporaryDirectory

from emulator.api import VirtualModem
from emulator.firmware.selection import Choice
from emulator.host_program import HostProgram, HostTimeout
from emulator.matrix.difference import first_difference
from emulator.matrix.result import Ending, Outcome, Run
from emulator.matrix.story import Story
from emulator.matrix.traces import TraceFolder
from emulator.options import ModemOptions
from emulator.trace.events import Reader
from emulator.trace.missing import MissingCommands

_HEARING = 0.5
"""Longest delay of a signal in seconds: one that comes just before a wait begins does not end the wait."""


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
    traces: TraceFolder | None = None
    """Where each run leaves its trace and its transcript."""


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
        passed = [run.story.exchanges for run in ordered if run.passed]
        for run in ordered:
            if not run.passed:
                run.difference = first_difference(run.story.exchanges, passed)
        return ordered

    def _run(self, firmware: Choice) -> Run:
        # The port is known by a link of its own: when a pseudo-terminal vanishes, another run's may get its number.
        with TemporaryDirectory(prefix="telit-emulator-") as folder:
            return self._run_at(f"{folder}/modem", firmware)

    def _run_at(self, link: str, firmware: Choice) -> Run:
        plan, story, missing = self._plan, Story(), MissingCommands()
        readers: list[Reader] = [*plan.options.readers, story, missing]
        options = replace(plan.options, firmware=firmware.name, link=link, readers=readers)
        if plan.traces is not None:
            options = plan.traces.named(options)
        with VirtualModem(**vars(options)), self._program(link) as program:
            ending = _wait_for(program, plan.timeout)
        return Run(firmware, ending, story, missing)  # the end of the modem belongs to the story

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


def _wait_for(program: HostProgram, timeout: float) -> Ending:
    started = time.perf_counter()
    try:
        done = program.wait(timeout)
    except HostTimeout as late:
        return Ending(Outcome.TIMED_OUT, None, time.perf_counter() - started, late.output, late.errors)
    outcome = Outcome.FAILED if done.exit_code else Outcome.PASSED
    return Ending(outcome, done.exit_code, time.perf_counter() - started, done.output, done.errors)


def _as_they_end(futures: Iterable["Future[Run]"]) -> "Iterator[Future[Run]]":
    waiting = set(futures)
    while waiting:
        ended, waiting = wait(waiting, timeout=_HEARING, return_when=FIRST_COMPLETED)
        yield from ended
