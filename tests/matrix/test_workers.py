"""The processes in which runs go on."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import pytest

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


@pytest.mark.parametrize("more", [0, 1])
def test_more_jobs_than_processors_share_what_a_modem_loads(more: int) -> None:
    """Else each process loads it, all at the same time, and a host without TLS needs only some of it."""
    code = f"""if True:
        import sys
        from emulator import VirtualModem
        from emulator.matrix.run import matrix_workers
        from emulator.tls.engines import loading

        matrix_workers({(os.cpu_count() or 1) + more})
        before = set(sys.modules)
        with VirtualModem("HE910"):
            list(loading())
        added = [name for name in set(sys.modules) - before if name.partition(".")[0] in ("emulator", "OpenSSL")]
        print("nothing" if not added else "OpenSSL" if "OpenSSL" in added else added)
    """

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert ["OpenSSL", "nothing"][more] == done.stdout.strip()
