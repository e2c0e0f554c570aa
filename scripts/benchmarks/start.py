"""Time until `telit-emulator run` is ready, beyond the start of Python itself."""

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from benchmarks.modem import COMMAND
from benchmarks.processes import child
from benchmarks.table import Effort, Goal, Report, Row

_GOAL = Goal("at most 0.10 s more", 0.10)


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Start both, one after the other; the first of each only fills the cache of compiled modules."""
    rounds = effort.of(15, 5, 1)
    report(f"{rounds} starts")
    pairs = [(_until_ready(), _empty_program()) for _ in range(rounds + 1)][1:]
    ready, empty = median([pair[0] for pair in pairs]), median([pair[1] for pair in pairs])
    more = ready - empty
    yield Row(
        "start of `telit-emulator run --json` until ready; `python -c pass`",
        f"{ready:.3f} s",
        f"{empty:.3f} s",
        f"+{more:.3f} s",
        _GOAL.text,
        _GOAL.verdict(more),
    )


def _until_ready() -> float:
    started = time.perf_counter()
    with child([COMMAND, "run", "--json"]) as process:
        process.wait_for(rb'"event":"ready".*\n')
        return time.perf_counter() - started


def _empty_program() -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - started
