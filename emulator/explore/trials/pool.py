"""Runs trials side by side, in worker processes."""

import multiprocessing
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from emulator.errors import UserError
from emulator.explore.trials.processes import end_processes_of
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.trial import Result, Trial
from emulator.explore.trials.worker import work
from emulator.matrix.workers import signals_held
from emulator.temporary import TemporaryFolder

_CONTEXT = multiprocessing.get_context("spawn")  # a fork would take threads and locks with it
_ATTEMPTS = 2
"""How often a trial is run whose worker is killed."""
_PATIENCE = 5.0
"""Seconds in which a worker ends by itself."""


@dataclass(eq=False)
class _Employed:
    """A worker process."""

    process: SpawnProcess
    connection: Connection
    folder: Path
    """Of its temporary files."""
    trial: Trial | None = None
    """What it runs."""
    attempts: int = 0

    def give(self, trial: Trial, attempts: int = 1) -> None:
        self.trial, self.attempts = trial, attempts
        with suppress(OSError):  # it has been killed; `next_result` sees that
            self.connection.send(trial)


class Pool:
    """Keep workers; as a context manager it ends them with all that they have started."""

    def __init__(self, setting: Setting, jobs: int) -> None:
        self._setting = setting
        self._jobs = jobs
        self._workers: list[_Employed] = []
        self._folder = TemporaryFolder("telit-emulator-", ignore_cleanup_errors=True)
        """Of all workers; it is removed even if one of them is killed, and by a later process if this one is."""

    def __repr__(self) -> str:
        return f"<Pool of {self._jobs}, {sum(worker.trial is not None for worker in self._workers)} busy>"

    def __enter__(self) -> Self:
        try:
            for _ in range(self._jobs):
                self._employ()
        except BaseException:
            self._end(at_once=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end(at_once=kind is not None or self.is_busy)

    @property
    def has_room(self) -> bool:
        """Return whether a worker is free."""
        return any(worker.trial is None for worker in self._workers)

    @property
    def is_busy(self) -> bool:
        """Return whether a result is still to come."""
        return any(worker.trial is not None for worker in self._workers)

    def start(self, trial: Trial) -> None:
        """Give a trial to a free worker."""
        next(worker for worker in self._workers if worker.trial is None).give(trial)

    def next_result(self, until: float | None = None) -> Result | None:
        """Wait for the next trial that ends, at most until a time of `time.monotonic`; return None when that has come.

        Raises:
            UserError: the host program, an option or a fault is wrong.
        """
        busy = {worker.connection: worker for worker in self._workers if worker.trial is not None}
        while True:
            ready = wait(list(busy), None if until is None else max(0.0, until - time.monotonic()))
            if not ready:
                return None
            assert isinstance(ready[0], Connection)
            worker = busy.pop(ready[0])
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                again = self._replace(worker)
                busy[again.connection] = again
                continue
            worker.trial = None
            if isinstance(message, UserError):
                raise message
            result: Result = message
            return result

    def run(self, trials: Iterable[Trial]) -> Iterator[Result]:
        """Run trials side by side; yield each result as it comes."""
        for trial in trials:
            while not self.has_room:
                yield self._next()
            self.start(trial)
        while self.is_busy:
            yield self._next()

    def _next(self) -> Result:
        result = self.next_result()
        assert result is not None
        return result

    def abandon(self) -> None:
        """End the trials that still run; nothing is known of them."""
        for worker in [worker for worker in self._workers if worker.trial is not None]:
            self._dismiss(worker)
            self._employ()

    def stop(self) -> None:
        """End all workers at once, with their host programs."""
        self._end(at_once=True)

    def _employ(self) -> _Employed:
        with signals_held():
            ours, theirs = _CONTEXT.Pipe()
            folder = Path(tempfile.mkdtemp(dir=self._folder.name))
            process = _CONTEXT.Process(target=work, args=(theirs, self._setting, folder), daemon=True)
            process.start()
            theirs.close()
            worker = _Employed(process, ours, folder)
            self._workers.append(worker)
        return worker

    def _replace(self, worker: _Employed) -> _Employed:
        """Let another worker run the trial of one that was killed.

        Raises:
            UserError: that has happened with this trial before.
        """
        trial, attempts = worker.trial, worker.attempts
        assert trial is not None
        self._dismiss(worker)
        if attempts == _ATTEMPTS:
            raise UserError("a worker process was killed twice in the same run; the machine may be short of memory")
        another = self._employ()
        another.give(trial, attempts + 1)
        return another

    def _dismiss(self, worker: _Employed) -> None:
        """End a worker that has been killed, or that is at work, and its host program."""
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.terminate()
        _join(worker.process)
        end_processes_of(worker.folder)

    def _end(self, *, at_once: bool) -> None:
        with signals_held():
            for worker in self._workers:
                worker.connection.close()
                if at_once:
                    worker.process.terminate()
            for worker in self._workers:
                _join(worker.process)
            self._workers.clear()
            end_processes_of(Path(self._folder.name))
            self._folder.cleanup()


def _join(process: SpawnProcess) -> None:
    process.join(_PATIENCE)
    if process.is_alive():
        process.kill()
        process.join()
    process.close()
