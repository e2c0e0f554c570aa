"""`scripts/bench` says it when a benchmark cannot run; `.ci/run` runs each one briefly."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"


def bench(*arguments: str, before: str = "") -> "subprocess.CompletedProcess[str]":
    """Run `scripts/bench` without its set-up, after some lines of Python."""
    program = f"import sys\nfrom benchmarks import __main__ as bench\n{before}\nsys.exit(bench.main())"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
    )


def test_every_benchmark_is_in_the_table_that_the_ci_run_goes_through() -> None:
    """A module that measures cannot be left out, and the run names none: it is for all of them, once."""
    measuring = {path.stem for path in SCRIPTS.glob("benchmarks/*.py") if "\ndef measure(" in path.read_text()}
    listed = subprocess.run(
        [sys.executable, "-c", "from benchmarks.__main__ import _BENCHMARKS; print(*_BENCHMARKS)"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
    ).stdout.split()
    commands = (SCRIPTS.parent / ".ci" / "run").read_text().splitlines()

    assert measuring == {name.replace("-", "_") for name in listed}
    assert [line for line in commands if line.startswith("scripts/bench")] == ["scripts/bench --brief"]


def test_a_benchmark_runs_briefly() -> None:
    """To see that it does, without figures."""
    done = bench("--brief", "round-trip")

    assert (0, "3 figures could be measured") == (done.returncode, done.stdout.splitlines()[-1]), done.stderr


def test_a_benchmark_that_cannot_run_fails_the_whole() -> None:
    """The others run all the same, and the reason is told."""
    silent = """
def silent(effort, report):
    raise RuntimeError("the port stays silent")
    yield

bench._BENCHMARKS = {**bench._BENCHMARKS, "start": silent}
"""
    done = bench("--brief", "start", "round-trip", before=silent)

    assert 1 == done.returncode
    assert ["start: could not run: the port stays silent", "3 figures could be measured"] == done.stdout.splitlines()
