"""Firmwares a second of `telit-emulator matrix`, with hosts that play the guide's example 4.5.2.

All of it counts: the start of the command, and for each firmware a modem, a process, a full handshake and the dialogue.
The reference is `true` in the host's place, which leaves the starts alone; for two jobs, also one job. What the jobs
gain is told of the runs alone: the command's start, measured with one firmware and `true`, is the same for both. What a
matrix costs beyond the time in which its hosts have run is told with its start.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.certificates import server_files
from benchmarks.guide_server import guide_server
from benchmarks.modem import COMMAND
from benchmarks.programs import Unavailable, require
from benchmarks.table import Effort, Goal, Report, Row
from emulator.firmware.selection import EVERY, choose
from emulator.firmware.status import Status

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"
_NOBODY = "true"
"""The host that says nothing."""
_QUICK = "C host"
"""The host that leaves the processors to the emulator."""
_GAIN = Goal("at least 1.6", 1.6, is_least=True)


def measure(effort: Effort, report: Report) -> Iterator[Row]:
    """Let all hosts take turns; the first turn of each only fills the cache of compiled modules."""
    rounds, firmwares = effort.of(6, 3, 1), effort.of(documented(), documented(), "HE910,GE865-QUAD")
    models = len(choose(firmwares.split(",")))
    report(f"{rounds} times {models} models with each host, with 1 and with 2 jobs")
    with server_files() as files, guide_server(files) as port, python_path(EXAMPLES / "python_host"):
        hosts: dict[str, Sequence[str]] = {_NOBODY: ["true"]}
        try:
            hosts[_QUICK] = [compiled(files.folder), "{port}"]
        except Unavailable as reason:
            yield Row.skipped("matrix, C host", reason)
        hosts["Python host"] = [sys.executable, str(HERE / "command_mode.py"), "{port}"]
        speeds: dict[tuple[str, int], list[float]] = {(name, jobs): [] for name in hosts for jobs in (1, 2)}
        overheads: dict[tuple[str, int], list[float]] = {key: [] for key in speeds if key[0] != _NOBODY}
        starts: list[float] = []
        for _ in range(rounds + 1):
            starts.append(seconds(hosts[_NOBODY], 1, port, "HE910"))
            for name, jobs in speeds:
                took, own = run(hosts[name], jobs, port, firmwares)
                speeds[name, jobs].append(models / took)
                if name != _NOBODY:
                    overheads[name, jobs].append(jobs * took / own - 1)
    title, medians = f"matrix of {models} models, guide 4.5.2", {key: median(all_[1:]) for key, all_ in speeds.items()}
    yield from _rows(title, medians)
    start = median(starts[1:])
    for name in hosts:
        if name != _NOBODY:
            one, two = (models / (models / medians[name, jobs] - start) for jobs in (1, 2))
            gain = two / one
            row = f"{title}, {name}, 2 jobs; 1 job, less the start"
            goal = (_GAIN.text, _GAIN.verdict(gain)) if name == _QUICK else ()
            yield Row(row, f"{two:.1f} /s", f"{one:.1f} /s", f"{gain:.2f}", *goal)
            for jobs in (1, 2):
                more = median(overheads[name, jobs][1:])
                what = f"time of a {title}, {name}, {in_words(jobs)}, beyond the hosts' own"
                yield Row(what, f"+{more:.0%}")


def documented() -> str:
    """Return all models whose contexts the host may activate: those that the guide is about."""
    return ",".join(choice.name for choice in choose([EVERY]) if choice.status is Status.DOCUMENTED)


def _rows(title: str, speeds: Mapping[tuple[str, int], float]) -> Iterator[Row]:
    for name in dict.fromkeys(name for name, _ in speeds if name != _NOBODY):
        one, two = speeds[name, 1], speeds[name, 2]
        yield _row(f"{title}, {name}, 1 job; `true`", one, speeds[_NOBODY, 1])
        yield _row(f"{title}, {name}, 2 jobs; `true`", two, speeds[_NOBODY, 2])
        yield _row(f"{title}, {name}, 2 jobs; 1 job", two, one)


def _row(what: str, speed: float, reference: float) -> Row:
    return Row(what, f"{speed:.1f} /s", f"{reference:.1f} /s", f"{speed / reference:.2f}")


def in_words(jobs: int) -> str:
    """Return a number of jobs with its noun."""
    return "1 job" if jobs == 1 else f"{jobs} jobs"


def seconds(host: Sequence[str], jobs: int, port: int, firmwares: str) -> float:
    """Measure the command with the firmwares; see `run`."""
    return run(host, jobs, port, firmwares)[0]


def run(host: Sequence[str], jobs: int, port: int, firmwares: str) -> tuple[float, float]:
    """Return the seconds of the command with the firmwares, and those in which its hosts have run, all together.

    Raises:
        RuntimeError: a firmware has failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [COMMAND, "matrix", "--firmware", firmwares, "--jobs", str(jobs), "--json", str(report)]
        command += ["--route", f"123.124.125.126:443=127.0.0.1:{port}", "--", *host]
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        took = time.perf_counter() - started
        if done.returncode:
            raise RuntimeError(f"the matrix with {host[0]} has failed:\n{done.stdout}{done.stderr}")
        runs = json.loads(report.read_text(encoding="utf-8"))["runs"]
    return took, sum(one["seconds"] for one in runs)


def compiled(folder: Path) -> str:
    """Compile the host in C; its dialogue is that of the example."""
    program, parts = folder / "command_mode", EXAMPLES / "c_host"
    sources = [HERE / "command_mode.c", parts / "at.c", parts / "serial.c"]
    options = ["-std=c11", "-D_DEFAULT_SOURCE", "-O2", f"-I{parts}"]
    subprocess.run([require("cc"), *options, "-o", program, *sources], check=True)
    return str(program)


@contextmanager
def python_path(folder: Path) -> Iterator[None]:
    """Let every Python that is started meanwhile find the modules of a folder."""
    before = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = f"{before}:{folder}" if before else str(folder)
    try:
        yield
    finally:
        os.environ["PYTHONPATH"] = before
