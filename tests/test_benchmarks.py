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


def test_a_benchmark_runs_briefly() -> None:
    """To see that it does, without figures."""
    done = bench("--brief", "round-trip")

    assert (0, "2 figures could be measured") == (done.returncode, done.stdout.splitlines()[-1]), done.stderr


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
    assert ["start: could not run: the port stays silent", "2 figures could be measured"] == done.stdout.splitlines()
