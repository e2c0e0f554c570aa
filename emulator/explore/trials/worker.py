"""Runs trials, one after the other, in a process of its own."""

import multiprocessing
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from msgspec.structs import asdict, replace

from emulator.api import VirtualModem
from emulator.errors import UserError
from emulator.explore.far_end.far_end import FarEnd
from emulator.explore.trials.process import OwnProcess, SharedProcess
from emulator.explore.trials.scenario import scenario_text
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.trial import Result, Trial
from emulator.explore.trials.verdict import judge
from emulator.explore.trials.watch import wait_for_end
from emulator.host_program import HostProgram
from emulator.lab.lab import Lab
from emulator.line.transports.pty.presence import Inotify
from emulator.matrix.story import Story
from emulator.modem import load_what_modems_share
from emulator.temporary import FolderHold
from emulator.trace.events import Reader

Message = Result | UserError
_SHARED = SharedProcess()


def work(orders: Connection, setting: Setting, folder: Path) -> None:
    """Run each trial that is ordered and send its result, or the error of the user, until the other end closes.

    Args:
        orders: whence the trials come, and whither their results go.
        setting: what all trials have in common.
        folder: where temporary files go; another process removes it, even if this one is killed.
    """
    process = OwnProcess(orders)
    signal.signal(signal.SIGTERM, lambda number, _: process.end(128 + number))
    signal.signal(signal.SIGINT, _nothing)  # the process that gives the orders decides
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    tempfile.tempdir = str(folder)
    multiprocessing.set_start_method("fork", force=True)  # a lock that a library makes then has no name to leave behind
    try:
        with closing(FolderHold(folder.parent)), Worker(setting, process) as worker:
            load_what_modems_share()  # or the first command of the first host would be answered late
            _obey(orders, worker.run)
    except UserError as error:  # it cannot begin
        _obey(orders, partial(_refuse, error))


def _obey(orders: Connection, run: Callable[[Trial], Result]) -> None:
    while True:
        try:
            orders.send(_message(run, orders.recv()))
        except (EOFError, OSError):
            return


def _message(run: Callable[[Trial], Result], trial: Trial) -> Message:
    try:
        return run(trial)
    except UserError as error:
        return error


def _refuse(error: UserError, trial: Trial) -> Result:
    raise error


def _nothing(number: int, frame: FrameType | None) -> None:
    """Go on: unlike a signal that is ignored, this one is not ignored by the host programs, too."""


class Worker:
    """Own what lasts longer than a trial: the lab's servers and a folder."""

    def __init__(self, setting: Setting, process: SharedProcess = _SHARED) -> None:
        self._setting = setting
        self._process = process
        self._opened = ExitStack()

    def __enter__(self) -> "Worker":
        with ExitStack() as opening:
            opening.enter_context(Inotify.kept())
            self._folder = Path(opening.enter_context(TemporaryDirectory(prefix="telit-emulator-")))
            lab = opening.enter_context(Lab(self._setting.options.time_scale)) if self._setting.lab else None
            self._far_end = FarEnd(self._setting, self._folder, lab or self._setting.servers)
            given = self._setting.options.routes
            routes = lab.routes_with(given) if lab is not None else given
            self._options = replace(self._setting.options, routes=routes, link=self._folder / "modem")
            self._opened = opening.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._opened.close()

    def run(self, trial: Trial) -> Result:
        """Run the host program with a new modem.

        Raises:
            UserError: the program, an option or a fault is wrong.
        """
        story = Story()
        scenario = self._folder / "scenario.toml"
        scenario.write_text(scenario_text(trial.faults), encoding="utf-8")
        readers: list[Reader] = [*self._options.readers, story]
        self._far_end.forget()
        trace = self._far_end.trace or self._options.trace
        options = replace(self._options, firmware=trial.firmware, scenario=scenario, readers=readers, trace=trace)
        with VirtualModem(**asdict(options)) as modem:
            census = modem.call(lambda inner: inner.faults.take_census()) if trial.takes_census else None
            started = time.perf_counter()  # to start is part of the host's own time
            with self._program(modem.port) as program:
                watched = wait_for_end(program, started, trial, self._process, modem.port)
            self._far_end.await_arrival(watched.ending, trial.steps)
            port = modem.port
        check = self._far_end.check(trial.firmware, watched.ending, port)
        outcome = judge(watched.ending, check, trial.steps, self._setting.patience)
        return Result(trial, outcome, watched.ending, story, check, census, watched.is_stuck)

    @contextmanager
    def _program(self, port: str) -> Iterator[HostProgram]:
        program = self._setting.start(port)
        try:
            yield program
        finally:
            program.end()
            self._process.end_hosts()
