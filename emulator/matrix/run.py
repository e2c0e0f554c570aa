"""Runs one host program with many firmwares, one after the other or several at once."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

import msgspec

from emulator.api import VirtualModem
from emulator.firmware.selection import Choice
from emulator.host_program import HostProgram, HostTimeout, scaled
from emulator.line.transports.pty.presence import Inotify
from emulator.matrix.result import Ending, Outcome, Run, compare
from emulator.matrix.story import Story
from emulator.matrix.traces import TraceFolder
from emulator.matrix.workers import Workers
from emulator.modem import load_what_modems_share
from emulator.options import ModemOptions
from emulator.temporary import TemporaryFolder
from emulator.trace.events import Reader
from emulator.trace.missing import MissingCommands


@dataclass(frozen=True)
class Plan:
    """A program, the firmwares to run it with, and options."""

    command: Sequence[str]
    firmwares: Sequence[Choice]
    options: ModemOptions = field(default_factory=ModemOptions)
    """Options of each modem, but for its firmware."""
    timeout: float = 120.0
    """Seconds of real time that one run may take."""
    traces: TraceFolder | None = None
    """Where each run leaves its trace and its transcript."""


def matrix_workers(jobs: int) -> Workers:
    """Return the processes in which runs go on; each job has one."""
    if jobs > (os.cpu_count() or 1):  # fewer load it at the same time, and have no pages to copy
        load_what_modems_share()
    return Workers(jobs, _end, _kept)


@contextmanager
def _kept() -> Iterator[None]:
    """Load the emulator before the first host begins, which would be answered late, and keep inotify."""
    load_what_modems_share()
    with Inotify.kept():
        yield


def run_matrix(plan: Plan, workers: Workers, ended: Callable[[Run], None]) -> list[Run]:
    """Run the program with each firmware; report each run as it ends and return all in the plan's order.

    A failure belongs to its run alone.

    Raises:
        UserError: the program, a firmware or an option is wrong.
    """
    runs: dict[Choice, Run] = {}
    for firmware, run in workers.run(partial(_run, replace(plan, firmwares=())), plan.firmwares):
        runs[firmware] = run
        ended(run)
    ordered = [runs[firmware] for firmware in plan.firmwares]
    compare(ordered)
    return ordered


def _run(plan: Plan, firmware: Choice) -> Run:
    # The port is known by a link of its own: when a pseudo-terminal vanishes, another run's may get its number.
    with TemporaryFolder("telit-emulator-") as folder:
        link, story, missing = f"{folder}/modem", Story(), MissingCommands()
        readers: list[Reader] = [*plan.options.readers, story, missing]
        options = msgspec.structs.replace(plan.options, firmware=firmware.name, link=link, readers=readers)
        if plan.traces is not None:
            options = plan.traces.named(options)
        with VirtualModem(**msgspec.structs.asdict(options)):
            ending = _wait_for(_started(plan, link), plan.timeout)
        return Run(firmware, ending, story, missing)  # the end of the modem belongs to the story


class _Current:
    """The host program that runs in this process, and whether it is to end."""

    program: HostProgram | None = None
    is_over = False


def _started(plan: Plan, port: str) -> HostProgram:
    program = _Current.program = HostProgram(plan.command, port, scaled(plan.options.time_scale))
    if _Current.is_over:  # a signal has come meanwhile
        program.end()
    return program


def _end() -> None:
    _Current.is_over = True
    if _Current.program is not None:
        _Current.program.end()


def _wait_for(program: HostProgram, timeout: float) -> Ending:
    started = time.perf_counter()
    try:
        done = program.wait(timeout)
    except HostTimeout as late:
        return Ending(Outcome.TIMED_OUT, None, _since(started), late.output, late.errors)
    outcome = Outcome.FAILED if done.exit_code else Outcome.PASSED
    return Ending(outcome, done.exit_code, _since(started), done.output, done.errors)


def _since(started: float) -> float:
    """Return the seconds since then, no finer than reports tell them: a report that is read again tells the same."""
    return round(time.perf_counter() - started, 3)
