"""Processes for the jobs of a matrix, one a job: modems of one process share one interpreter, and gain nothing."""

import gc
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from types import TracebackType
from typing import Any, Self, TypeVar

from emulator.errors import UserError

_CONTEXT = multiprocessing.get_context("fork")  # what is imported and loaded already need not be so again

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class Workers:
    """Keep a process for each job; as a context manager it ends them.

    They are forked, so this comes before anything that starts a thread.
    """

    def __init__(self, jobs: int, ends: Callable[[], None], kept: Callable[[], AbstractContextManager[None]]) -> None:
        """Take the number of jobs.

        Args:
            jobs: how many processes there are.
            ends: called in a worker that is to end what it runs.
            kept: what a worker keeps from its start until its end.
        """
        self._jobs = jobs
        self._ends = ends
        self._kept = kept
        self._workers: dict[Connection, ForkProcess] = {}

    def __repr__(self) -> str:
        return f"<Workers, {len(self._workers)} of {self._jobs}>"

    def __enter__(self) -> Self:
        with signals_held():
            for _ in range(self._jobs):
                ours, theirs = _CONTEXT.Pipe()
                others = [*self._workers, ours]
                process = _CONTEXT.Process(target=_work, args=(theirs, others, self._ends, self._kept), daemon=True)
                process.start()
                theirs.close()
                self._workers[ours] = process
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with signals_held():
            for ours, process in self._workers.items():
                ours.close()
                process.terminate()
            for process in self._workers.values():
                process.join()

    def run(self, do: Callable[[Item], Outcome], items: Sequence[Item]) -> Iterator[tuple[Item, Outcome]]:
        """Do something with each item; yield what came of it, as it comes. To be called once.

        A worker ends as soon as nothing is left for it, while the caller makes use of what has come.

        Raises:
            UserError: that was raised, or a worker was killed.
        """
        waiting, busy = list(reversed(items)), dict[Connection, Item]()
        for free in self._workers:
            if waiting:
                busy[free] = waiting.pop()
                free.send((do, busy[free]))
            else:
                free.close()
        while busy:
            for connection in wait(list(busy)):
                assert isinstance(connection, Connection)
                outcome: Outcome = _received(connection)
                done = busy.pop(connection)
                if waiting:
                    busy[connection] = waiting.pop()
                    connection.send((do, busy[connection]))
                else:
                    connection.close()
                yield done, outcome


def _received(connection: Connection) -> Any:
    try:
        outcome = connection.recv()
    except (EOFError, OSError) as error:
        raise UserError("a worker process was killed; the machine may be short of memory, give less --jobs") from error
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _work(
    orders: Connection,
    others: Sequence[Connection],
    ends: Callable[[], None],
    kept: Callable[[], AbstractContextManager[None]],
) -> None:
    """Do what is ordered until somebody ends it, or nobody is left who orders."""
    for other in others:
        other.close()  # else nobody would notice that the process which orders has ended
    is_over = False

    def end(number: int, frame: object) -> None:
        nonlocal is_over
        is_over = True
        ends()
        orders.close()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, lambda number, frame: None)  # the process that orders decides
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    gc.freeze()  # what was there before the fork stays: a collection need not go through it
    with suppress(EOFError, OSError), kept():
        while not is_over:
            do, item = orders.recv()
            try:
                outcome = do(item)
            except Exception as error:
                outcome = error
            orders.send(outcome)


@contextmanager
def signals_held() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back from a process that is about to be started, until it knows what to do with them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
