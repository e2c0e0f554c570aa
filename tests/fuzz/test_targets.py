"""Each target of `scripts/fuzz` for a short while, by a fixed seed; long runs are made by hand."""

import pytest
from fuzzing.campaign import Goal, run
from fuzzing.targets import TARGETS

SHORT = {
    "grammar": 5000,
    "modes": 2000,
    "tls": 400,
    "ppp": 2000,
    "data-calls": 400,
    "ftp": 600,
    "http": 600,
    "mqtt": 600,
    "faults": 600,
    "ports": 300,
    "packets": 3000,
    "files": 500,
    "hand-over": 10,
    "kills": 2,
}
"""Inputs that each target gets: a few seconds of them."""


def test_each_target_has_its_short_run() -> None:
    """A new one, too."""
    assert SHORT.keys() == TARGETS.keys()


@pytest.mark.parametrize("name", TARGETS)
def test_a_short_run_finds_nothing(name: str) -> None:
    """What it finds is in the report, reduced, as `scripts/fuzz` would write it."""
    tally = run(TARGETS[name], 2024, Goal(SHORT[name]), 1, lambda _: None)

    assert [] == [case.written(str(finding)) for finding, case in tally.findings.values()]
    assert tally.inputs >= SHORT[name]
