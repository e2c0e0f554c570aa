"""Judges a run: what the host made of what happened to it."""

import re
from collections.abc import Sequence
from enum import StrEnum

from emulator.explore.far_end.check import Check, Lack
from emulator.explore.steps.step import Nature, Step
from emulator.matrix.result import Ending
from emulator.matrix.result import Outcome as End


class Outcome(StrEnum):
    """Outcome of a trial; those from `CRASH` on are findings."""

    PASSED = "passed"
    FAILED = "failed"
    """Honestly: it says so by its exit code, and what happened lasted longer than it must have patience."""
    CRASH = "crash"
    HANG = "hang"
    FALSE_SUCCESS = "false-success"
    LOST_DATA = "lost-data"
    DUPLICATE_DATA = "duplicate-data"
    NEEDLESS_FAILURE = "needless-failure"

    @property
    def is_finding(self) -> bool:
        """Return whether the host should be mended."""
        return self not in (Outcome.PASSED, Outcome.FAILED)


def judge(ending: Ending, check: Check | None, steps: Sequence[Step], patience: float) -> Outcome:
    """Return the outcome of a run.

    Args:
        ending: how the host program ended.
        check: what the far end has.
        steps: what has happened to it.
        patience: seconds of the module's time that a host must bear a fault.
    """
    if ending.outcome is End.TIMED_OUT:
        return Outcome.HANG
    if _has_crashed(ending):
        return Outcome.CRASH
    if any(step.nature is Nature.NOISE for step in steps):
        return Outcome.FAILED if ending.exit_code else Outcome.PASSED
    if ending.exit_code:
        return Outcome.NEEDLESS_FAILURE if _must_bear(steps, patience) else Outcome.FAILED
    return Outcome.PASSED if check is None or check.passed else _what_is_wrong(check)


def _has_crashed(ending: Ending) -> bool:
    return (ending.exit_code or 0) < 0 or (ending.exit_code != 0 and _UNCAUGHT.search(ending.errors) is not None)


_UNCAUGHT = re.compile(r"^Traceback \(most recent call last\):|^terminate called|^panic: |panicked at ", re.MULTILINE)
"""What programs in Python, C++, Go and Rust say of an exception that nobody has caught."""


def _must_bear(steps: Sequence[Step], patience: float) -> bool:
    faults = [step for step in steps if step.nature is Nature.FAULT]
    return all(patience > 0 and step.lasts <= patience for step in faults)


def _what_is_wrong(check: Check) -> Outcome:
    match check.told_lack:
        case Lack.TWICE:
            return Outcome.DUPLICATE_DATA
        case Lack.NONE | Lack.PART:
            return Outcome.LOST_DATA
        case None:
            return Outcome.FALSE_SUCCESS
