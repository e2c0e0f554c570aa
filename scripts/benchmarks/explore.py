"""Runs a minute of `telit-emulator explore` beside the plain matrix, with hosts that play the guide's example 4.5.2.

Both use the same host, in turns, with one and with two jobs. An exploration costs what passes beyond the time of the
host itself: a modem for each run, the fault, what is noted, the orders of the workers. The reduction is no part of it:
these hosts have no finding.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.certificates import server_files
from benchmarks.guide_server import guide_server
from benchmarks.matrix import EXAMPLES, HERE, compiled, documented, in_words, python_path, seconds
from benchmarks.programs import Unavailable
from benchmarks.table import Effort, Goal, Report, Row
from emulator.explore.exploration import Exploration, Limits
from emulator.explore.exploration import explore as explored
from emulator.explore.observer import Observer
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.trial import Result
from emulator.firmware.selection import choose
from emulator.options import ModemOptions

_GOAL = Goal("at most +20 %", 0.2)
_KINDS = ("answer in two pieces",)
"""They are legal, so a host without a finding bears them, and there are enough for many pairs."""
_SCALE = 50.0
"""Makes their pauses a few milliseconds long."""


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let explorations and matrices take turns."""
    rounds, runs, firmwares = (
        effort.of(5, 2, 1),
        effort.of(200, 80, 4),
        effort.of(documented(), documented(), "HE910,GE865-QUAD"),
    )
    models = len(choose(firmwares.split(",")))
    report(f"{rounds} times {runs} runs and {models} models with each host, with 1 and with 2 jobs")
    with server_files() as files, guide_server(files) as port, python_path(EXAMPLES / "python_host"):
        hosts: dict[str, Sequence[str]] = {}
        try:
            hosts["C host"] = [compiled(files.folder), "{port}"]
        except Unavailable as reason:
            yield Row.skipped("explore, C host", reason)
        hosts["Python host"] = [sys.executable, str(HERE / "command_mode.py"), "{port}"]
        for name, host in hosts.items():
            for jobs in (1, 2):
                turns = [
                    (_explore(host, jobs, port, runs), seconds(host, jobs, port, firmwares)) for _ in range(rounds)
                ]
                speed = median(60 * len(done.results) / took for (done, took), _ in turns)
                plain = median(60 * models / took for _, took in turns)
                yield Row(
                    f"explore, {name}, {in_words(jobs)}; matrix",
                    f"{speed:.0f} /min",
                    f"{plain:.0f} /min",
                    f"{speed / plain:.2f}",
                )
                more = median(jobs * took / _own(done) - 1 for (done, took), _ in turns)
                yield Row(
                    f"time of explore, {name}, {in_words(jobs)}, beyond the host's own",
                    f"+{more:.0%}",
                    goal=_GOAL.text,
                    verdict=_GOAL.verdict(more),
                )


def _explore(host: Sequence[str], jobs: int, port: int, runs: int) -> tuple[Exploration, float]:
    """Explore the host; return what came of it, and the seconds that it took.

    Raises:
        RuntimeError: it has findings, so that it is no measure.
    """
    options = ModemOptions(routes={"123.124.125.126:443": f"127.0.0.1:{port}"}, time_scale=_SCALE)
    limits, stopwatch = Limits(budget=runs, timeout=30, kinds=_KINDS), _Stopwatch()
    done = explored(Setting(host, options), "HE910", jobs=jobs, limits=limits, observer=stopwatch)
    if done.findings:
        raise RuntimeError(f"the exploration of {host[0]} has findings: {done.findings[0].sentence}")
    return done, stopwatch.seconds


class _Stopwatch(Observer):
    """Take the time from the end of the healthy run on, when all workers have started."""

    def __init__(self) -> None:
        self._started = self._last = 0.0

    def is_healthy(self, result: Result, steps: int) -> None:
        self._started = time.perf_counter()

    def ended(self, result: Result, runs: int, waiting: int) -> None:
        self._last = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Return the seconds up to the end of the last run."""
        return self._last - self._started


def _own(done: Exploration) -> float:
    """Return the seconds in which the host has run."""
    return sum(result.ending.seconds for result in done.results if result.trial.steps)
