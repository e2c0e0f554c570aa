"""The processes in which runs go on."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from emulator.matrix.workers import Workers


class Kept:
    """What a worker of these tests keeps."""

    held: ClassVar[list[str]] = []


@contextmanager
def keeping() -> Iterator[None]:
    Kept.held.append("kept")
    yield


def _kept_for(item: int) -> tuple[int, list[str]]:
    return item, list(Kept.held)


def test_a_worker_keeps_what_it_is_to_keep_from_its_start() -> None:
    """Once, however many items it has; the process that orders keeps nothing."""
    with Workers(1, lambda: None, keeping) as workers:
        outcomes = dict(workers.run(_kept_for, [1, 2, 3]))

    assert {1: (1, ["kept"]), 2: (2, ["kept"]), 3: (3, ["kept"])} == outcomes
    assert [] == Kept.held


def test_workers_end_by_themselves_when_nothing_is_left_for_them() -> None:
    """One that was never given anything, too; the caller goes on meanwhile."""
    with Workers(3, lambda: None, keeping) as workers:
        outcomes = dict(workers.run(_kept_for, [1, 2]))
        processes = multiprocessing.active_children()
        for process in processes:
            process.join()

        assert [0] * len(processes) == [process.exitcode for process in processes]
    assert {1, 2} == set(outcomes)
