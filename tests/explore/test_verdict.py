"""What a run is judged to be: how the host ended, what the far end has, what had happened, and how long."""

import itertools

import pytest

from emulator.explore.far_end.check import Check, both
from emulator.explore.steps.step import Nature, Step
from emulator.explore.trials.verdict import Outcome, judge
from emulator.matrix.result import Ending
from emulator.matrix.result import Outcome as End

PATIENCE = 30.0
HANGS = Ending(End.TIMED_OUT, None, 1.0, "", "")
SIGNAL = Ending(End.FAILED, -11, 1.0, "", "")
EXCEPTION = Ending(End.FAILED, 1, 1.0, "", "before\nTraceback (most recent call last):\n  ...\nValueError: x\n")
FAILS = Ending(End.FAILED, 1, 1.0, "", "no network\n")
SUCCEEDS = Ending(End.PASSED, 0, 1.0, "", "")

CHECKS = {
    None: None,
    "passed": Check(0, "twice none part"),
    "none": Check(1, "upload: None of 100 bytes"),
    "part": Check(2, "PART, 40 of 100 bytes"),
    "twice": Check(-9, "came twice"),
    "part of it twice": Check(1, "part of it came twice"),
    "other": Check(1, "nonesuch party.part is not there"),
}
ON_SUCCESS = {
    None: Outcome.PASSED,
    "passed": Outcome.PASSED,
    "none": Outcome.LOST_DATA,
    "part": Outcome.LOST_DATA,
    "twice": Outcome.DUPLICATE_DATA,
    "part of it twice": Outcome.DUPLICATE_DATA,
    "other": Outcome.FALSE_SUCCESS,
}


def step(nature: Nature, lasts: float = 0.0) -> Step:
    return Step("kind", nature, "AT", 1, (), "source", lasts)


STEPS: dict[str, tuple[tuple[Step, ...], bool]] = {
    "nothing": ((), True),
    "a variation": ((step(Nature.VARIATION),), True),
    "a fault that is over in time": ((step(Nature.FAULT, PATIENCE),), True),
    "a fault that lasts": ((step(Nature.FAULT, PATIENCE + 1),), False),
    "a variation beside a fault that lasts": ((step(Nature.VARIATION), step(Nature.FAULT, 100.0)), False),
    "two faults, one of them over in time": ((step(Nature.FAULT, 1.0), step(Nature.FAULT, 100.0)), False),
}
"""What has happened, and whether a host must do its work all the same."""


@pytest.mark.parametrize(("check", "happened"), list(itertools.product(CHECKS, STEPS)))
def test_a_host_that_says_success_is_judged_by_the_far_end_alone(check: str | None, happened: str) -> None:
    """Whatever has happened to it: it could have said that it has failed."""
    steps, _ = STEPS[happened]

    assert ON_SUCCESS[check] is judge(SUCCEEDS, CHECKS[check], steps, PATIENCE)


@pytest.mark.parametrize(("check", "happened"), list(itertools.product(CHECKS, STEPS)))
def test_a_host_that_says_failure_is_judged_by_what_has_happened_alone(check: str | None, happened: str) -> None:
    """Though the data may be there: it has not said so, and whoever reads that may send them again."""
    steps, must_bear = STEPS[happened]

    expected = Outcome.NEEDLESS_FAILURE if must_bear else Outcome.FAILED
    assert expected is judge(FAILS, CHECKS[check], steps, PATIENCE)


@pytest.mark.parametrize(("check", "happened"), list(itertools.product(CHECKS, [*STEPS, "noise"])))
def test_neither_far_end_nor_what_has_happened_excuses_a_crash_or_a_hang(check: str | None, happened: str) -> None:
    """Not even noise on the line."""
    steps = (step(Nature.NOISE),) if happened == "noise" else STEPS[happened][0]

    assert Outcome.HANG is judge(HANGS, CHECKS[check], steps, PATIENCE)
    assert Outcome.CRASH is judge(SIGNAL, CHECKS[check], steps, PATIENCE)
    assert Outcome.CRASH is judge(EXCEPTION, CHECKS[check], steps, PATIENCE)


@pytest.mark.parametrize("check", CHECKS)
def test_noise_excuses_all_else(check: str | None) -> None:
    """No host can always see that bytes were damaged."""
    steps = (step(Nature.NOISE), step(Nature.VARIATION))

    assert Outcome.PASSED is judge(SUCCEEDS, CHECKS[check], steps, PATIENCE)
    assert Outcome.FAILED is judge(FAILS, CHECKS[check], steps, PATIENCE)


def test_without_patience_every_fault_excuses_a_failure() -> None:
    """`--patience 0` demands nothing of a host but that it bears variations."""
    assert Outcome.FAILED is judge(FAILS, None, (step(Nature.FAULT),), 0)
    assert Outcome.NEEDLESS_FAILURE is judge(FAILS, None, (step(Nature.VARIATION),), 0)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), None),
        (("passed", "passed"), Check(0, "twice none part")),
        (("passed", "part"), Check(2, "PART, 40 of 100 bytes")),
        (("none", "twice"), Check(1, "upload: None of 100 bytes; came twice")),
        (("other", "part"), Check(1, "nonesuch party.part is not there; PART, 40 of 100 bytes")),
    ],
)
def test_several_checks_together(names: tuple[str, ...], expected: Check | None) -> None:
    """They have passed if all have; else each that has not is told, and the worst decides."""
    told = both([check for name in names if (check := CHECKS[name]) is not None])

    assert expected == (told and Check(told.exit_code, told.first_line))
    if told is not None and not told.passed:
        assert judge(SUCCEEDS, told, (), PATIENCE) in {ON_SUCCESS[name] for name in names if name != "passed"}
