"""Runs of a target: cases by number, in several processes, up to so many inputs or minutes."""

import faulthandler
import logging
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, repeat
from multiprocessing import get_context
from random import Random

from fuzzing.case import Case, Finding
from fuzzing.reduction import reduce_case
from fuzzing.target import Target

_LONGEST = 120
"""Seconds of real time after which a case is taken to hang."""
_MOST_FINDINGS = 20
"""Findings after which a target is left: there is enough to do."""


class Hangs(Exception):
    """A case does not end."""


@dataclass
class Tally:
    """What a target has done so far."""

    target: str
    inputs: int = 0
    cases: int = 0
    seconds: float = 0.0
    findings: dict[str, tuple[Finding, Case]] = field(default_factory=dict)
    """One of each kind, with its reduced case."""


@dataclass(frozen=True)
class Goal:
    """When a target has run long enough."""

    inputs: int | None
    seconds: float | None = None

    def is_reached(self, tally: Tally) -> bool:
        """Return whether the target ends here."""
        if len(tally.findings) >= _MOST_FINDINGS:
            return True
        if self.seconds is not None:
            return tally.seconds >= self.seconds
        return self.inputs is not None and tally.inputs >= self.inputs


def run(target: Target, seed: int, goal: Goal, jobs: int, progress: Callable[[Tally], None]) -> Tally:
    """Run cases 0, 1, 2 … of a seed until the goal is reached: the same ones whatever the number of jobs."""
    tally, started = Tally(target.name), time.monotonic()
    with _outcomes(target, seed, jobs) as outcomes:
        for case, inputs, finding in outcomes:
            tally.cases += 1
            tally.inputs += inputs
            tally.seconds = time.monotonic() - started
            if finding is not None and finding.kind not in tally.findings:
                tally.findings[finding.kind] = _reduced(target, case, finding)
            progress(tally)
            if goal.is_reached(tally):
                break
    tally.seconds = time.monotonic() - started
    return tally


Outcome = tuple[Case, int, Finding | None]


@contextmanager
def _outcomes(target: Target, seed: int, jobs: int) -> Iterator[Iterator[Outcome]]:
    """Play the cases in their order, in so many processes; one job needs none."""
    if jobs == 1:
        yield (_play(target, seed, number) for number in count())
        return
    pool = ProcessPoolExecutor(jobs, get_context("fork"), _be_a_worker)
    try:
        yield _in_batches(pool, target, seed, jobs)
    finally:
        pool.shutdown(cancel_futures=True)  # the cases that run are short, and end


def _in_batches(pool: ProcessPoolExecutor, target: Target, seed: int, jobs: int) -> Iterator[Outcome]:
    """Hand out no more cases than are soon taken."""
    start, size = 0, 8 * jobs
    while True:
        yield from pool.map(_play, repeat(target), repeat(seed), range(start, start + size))
        start += size


def _be_a_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the pool
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    faulthandler.enable()


def _play(target: Target, seed: int, number: int) -> Outcome:
    case = target.make(Random(f"{seed} {target.name} {number}"))
    return case, target.inputs(case), judge(target, case)


def judge(target: Target, case: Case) -> Finding | None:
    """Play a case; an exception and a case without an end are findings, too."""
    logging.disable()  # what users are told of odd hosts
    try:
        with _time_limit():
            return target.play(case)
    except Hangs:
        return Finding("hangs", f"no end within {_LONGEST} s")
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return Finding(f"{type(error).__name__} in {place.name}", "".join(traceback.format_exception(error)[-12:]))
    finally:
        logging.disable(logging.NOTSET)


@contextmanager
def _time_limit() -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise Hangs

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(_LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _reduced(target: Target, case: Case, finding: Finding) -> tuple[Finding, Case]:
    def fails(smaller: Case) -> bool:
        found = judge(target, smaller)
        return found is not None and found.kind == finding.kind

    smallest = reduce_case(case, fails)
    return judge(target, smallest) or finding, smallest
