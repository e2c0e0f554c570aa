"""Firmwares a second of `telit-emulator matrix`, with hosts that play the guide's example 4.5.2.

All of it counts: the start of the command, and for each firmware a modem, a process, a full handshake and the dialogue.
The reference is `true` in the host's place, which leaves the starts alone; for two jobs, also one job.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.certificates import server_files
from benchmarks.guide_server import guide_server
from benchmarks.modem import COMMAND
from benchmarks.programs import Unavailable, require
from benchmarks.table import Effort, Report, Row
from emulator.firmware.selection import EVERY, choose

_HERE = Path(__file__).parent
_EXAMPLES = _HERE.parent.parent / "examples"
_NOBODY = "true"
"""The host that says nothing."""


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let all hosts take turns; the first turn of each only fills the cache of compiled modules."""
    rounds, firmwares = effort.of(6, 2, 1), effort.of(EVERY, EVERY, "HE910,GE865-QUAD")
    models = len(choose(firmwares.split(",")))
    report(f"{rounds} times {models} models with each host, with 1 and with 2 jobs")
    with server_files() as files, guide_server(files) as port, _python_path(_EXAMPLES / "python_host"):
        hosts: dict[str, Sequence[str]] = {_NOBODY: ["true"]}
        try:
            hosts["C host"] = [_compiled(files.folder), "{port}"]
        except Unavailable as reason:
            yield Row.skipped("matrix, C host", reason)
        hosts["Python host"] = [sys.executable, str(_HERE / "command_mode.py"), "{port}"]
        speeds: dict[tuple[str, int], list[float]] = {(name, jobs): [] for name in hosts for jobs in (1, 2)}
        for _ in range(rounds + 1):
            for name, jobs in speeds:
                speeds[name, jobs].append(models / _seconds(hosts[name], jobs, port, firmwares))
    yield from _rows(
        f"matrix of {models} models, guide 4.5.2", {key: median(turns[1:]) for key, turns in speeds.items()}
    )


def _rows(title: str, speeds: Mapping[tuple[str, int], float]) -> Iterator[Row]:
    for name in dict.fromkeys(name for name, _ in speeds if name != _NOBODY):
        one, two = speeds[name, 1], speeds[name, 2]
        yield _row(f"{title}, {name}, 1 job; `true`", one, speeds[_NOBODY, 1])
        yield _row(f"{title}, {name}, 2 jobs; `true`", two, speeds[_NOBODY, 2])
        yield _row(f"{title}, {name}, 2 jobs; 1 job", two, one)


def _row(what: str, speed: float, reference: float) -> Row:
    return Row(what, f"{speed:.1f} /s", f"{reference:.1f} /s", f"{speed / reference:.2f}")


def _seconds(host: Sequence[str], jobs: int, port: int, firmwares: str) -> float:
    """Measure the command with the firmwares.

    Raises:
        RuntimeError: a firmware has failed.
    """
    command = [COMMAND, "matrix", "--firmware", firmwares, "--jobs", str(jobs)]
    command += ["--route", f"123.124.125.126:443=127.0.0.1:{port}", "--", *host]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(f"the matrix with {host[0]} has failed:\n{done.stdout}{done.stderr}")
    return seconds


def _compiled(folder: Path) -> str:
    """Compile the host in C; its dialogue is that of the example."""
    program, parts = folder / "command_mode", _EXAMPLES / "c_host"
    sources = [_HERE / "command_mode.c", parts / "at.c", parts / "serial.c"]
    options = ["-std=c11", "-D_DEFAULT_SOURCE", "-O2", f"-I{parts}"]
    subprocess.run([require("cc"), *options, "-o", program, *sources], check=True)
    return str(program)


@contextmanager
def _python_path(folder: Path) -> Iterator[None]:
    """Let every Python that is started meanwhile find the modules of a folder."""
    before = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = f"{before}:{folder}" if before else str(folder)
    try:
        yield
    finally:
        os.environ["PYTHONPATH"] = before
