"""The fuzzer itself: the same inputs for a seed, faults that it must find, and cases that get short."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from fuzzing.campaign import Goal, Tally, run
from fuzzing.case import Case, Finding, Step, read_case
from fuzzing.reduction import reduce_case
from fuzzing.targets import TARGETS

from emulator.at import parameters
from emulator.commands.network import signal

ROOT = Path(__file__).resolve().parent.parent.parent


def fuzz(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run `scripts/fuzz` without its set-up."""
    return subprocess.run(
        [sys.executable, "-m", "fuzzing", *arguments],
        capture_output=True,
        text=True,
        timeout=100,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'scripts'}:{ROOT}"},
    )


def found(target: str, inputs: int = 20_000) -> Tally:
    return run(TARGETS[target], 1, Goal(inputs, None), 1, lambda _: None)


@pytest.mark.parametrize("name", TARGETS)
def test_a_seed_makes_the_same_inputs(name: str) -> None:
    """And another one makes others; a case survives being written and read."""
    target = TARGETS[name]

    assert target.make(Random("1")) == target.make(Random("1"))
    assert target.make(Random("1")) != target.make(Random("2"))


def test_a_case_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Whatever its bytes."""
    case = Case("modes", (Step("say", "\x1a\xff\r\n\"'"), Step("reopen"), Step("wait", 1.5)), {"firmware": "HE910"})
    (tmp_path / "case.txt").write_text(case.written("what was\nwrong"), encoding="utf-8")

    assert case == read_case(tmp_path / "case.txt")


def test_a_case_is_reduced_to_what_is_wrong() -> None:
    """Steps and the characters in them are left out as long as it still fails."""
    steps = tuple(Step("say", f"number {number}") for number in range(100))

    reduced = reduce_case(Case("any", steps), lambda case: any("7" in step.argument for step in case.steps))

    assert (Step("say", "7"),) == reduced.steps


def test_a_range_that_is_not_looked_at_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """OK to nonsense, reduced to one line."""
    monkeypatch.setattr(parameters, "read_number", lambda argument, limits: int(argument.text or 0))

    tally = run(TARGETS["grammar"], 1, Goal(500), 1, lambda _: None)

    assert any(kind.startswith("OK to nonsense") for kind in tally.findings)
    assert 2 >= min(len(case.steps) for _, case in tally.findings.values())


def test_an_exception_in_a_command_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a defect in the trace, whatever is answered."""
    quality = signal.signal_quality
    monkeypatch.setitem(quality.handlers, next(iter(quality.handlers)), lambda at: 1 // 0)

    tally = run(TARGETS["grammar"], 1, Goal(3000), 1, lambda _: None)

    (finding, case) = tally.findings["defect +CSQ"]
    assert "ZeroDivisionError" in finding.text
    assert (Step("line", "AT+CSQ"),) == case.steps


def test_a_finding_is_the_exit_code(tmp_path: Path) -> None:
    """And a case to be played again is named."""
    (tmp_path / "case.txt").write_text('target: grammar\nfirmware: HE910\n\nline "AT+CSQ"\n', encoding="utf-8")

    assert 0 == fuzz("--replay", str(tmp_path / "case.txt")).returncode
    assert 0 == fuzz("grammar", "--inputs", "100", "--jobs", "2").returncode
    assert 2 == fuzz("nothing").returncode
    assert "there is no target nothing" in fuzz("nothing").stderr


def test_a_finding_says_what_is_wrong() -> None:
    """Its kind first."""
    assert "hangs: no end" == str(Finding("hangs", "no end"))
