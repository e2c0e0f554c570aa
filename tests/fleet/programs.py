"""Locust in processes of its own: gevent is not for the process of the tests."""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

COMMAND = [sys.executable, "-m", "emulator", "fleet"]
TIMEOUT = 40.0


@contextmanager
def started(arguments: Sequence[str], folder: Path) -> "Iterator[subprocess.Popen[str]]":
    """Start the command; it is killed at the end of the block, if it has not ended."""
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        try:
            yield process
        finally:
            process.kill()
            process.wait(TIMEOUT)


def run(*arguments: str, folder: Path, code: int = 0) -> str:
    """Run the command to its end; what it says."""
    with started(arguments, folder) as process:
        said, _ = process.communicate(timeout=TIMEOUT)
    assert code == process.returncode, said
    return said


def counted(folder: Path) -> dict[str, tuple[int, int]]:
    """{type and name: requests, failures}, as `--csv run` has written them."""
    with (folder / "run_stats.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        f"{row['Type']} {row['Name']}".strip(): (int(row["Request Count"]), int(row["Failure Count"])) for row in rows
    }
