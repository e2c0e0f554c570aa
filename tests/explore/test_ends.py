"""However an exploration ends, nothing of it is left: no process, no folder, no terminal."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.errors import UserError
from emulator.explore.trials.pool import Pool
from emulator.explore.trials.processes import descendants
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.trial import Result, Trial
from emulator.explore.trials.verdict import Outcome
from emulator.options import ModemOptions
from tests.explore.hosts import host
from tests.peers.waiting import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells which processes are left, on Linux alone")

_BUSY = """
import subprocess
child = subprocess.Popen(
    ["sleep", "60"], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
)
open({noted!r}, "a").write(f"{{os.getpid()}} {{child.pid}} {{os.getppid()}}\\n")
while not os.path.exists({over!r}):
    time.sleep(0.01)
"""
"""A host that has a child in a session of its own, and waits for a file."""


class Busy:
    """A host that is at work until it is told, and what it has noted of its processes."""

    def __init__(self, folder: Path) -> None:
        self.noted, self.over = folder / "noted", folder / "over"
        self.command = host(folder, _BUSY.format(noted=str(self.noted), over=str(self.over)))

    def wait(self, runs: int) -> list[tuple[int, int, int]]:
        """Wait until it has been started so often; return host, child and worker of each run."""
        wait_until(lambda: self.noted.exists() and self.noted.read_text().count("\n") >= runs)
        return [tuple(map(int, line.split())) for line in self.noted.read_text().splitlines()]  # type: ignore[misc]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let temporary files of the test, and of what it starts, go to a folder of their own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield folder
    assert [] == list(folder.iterdir())


def trial() -> Trial:
    return Trial(1, "HE910", (), 60)


def test_a_killed_worker_is_replaced_and_its_trial_runs_again(tmp_path: Path, temporary: Path) -> None:
    """The host that it had, and the children of the host, are ended."""
    busy = Busy(tmp_path)
    with Pool(Setting(busy.command, ModemOptions()), 1) as pool:
        pool.start(trial())
        ((first, child, worker),) = busy.wait(1)
        os.kill(worker, signal.SIGKILL)
        results: list[Result | None] = []
        until = time.monotonic() + 30
        while busy.noted.read_text().count("\n") < 2:
            assert time.monotonic() < until
            results.append(pool.next_result(time.monotonic() + 0.05))
        busy.over.touch()
        result = pool.next_result()

    assert result is not None
    assert Outcome.PASSED is result.outcome
    assert {None} == set(results)
    assert not any(map(is_alive, (first, child, worker)))
    assert not any(is_alive(pid) for one in busy.wait(2) for pid in one)


def test_a_worker_that_is_killed_twice_in_one_trial_is_told(tmp_path: Path, temporary: Path) -> None:
    """In one line: the machine may be short of memory."""
    busy = Busy(tmp_path)
    with pytest.raises(UserError, match="killed twice in the same run"), Pool(Setting(busy.command), 1) as pool:
        pool.start(trial())
        for turn in (1, 2):
            while not busy.noted.exists() or busy.noted.read_text().count("\n") < turn:
                pool.next_result(time.monotonic() + 0.05)
            os.kill(busy.wait(turn)[-1][2], signal.SIGKILL)
        pool.next_result()

    assert not any(is_alive(pid) for one in busy.wait(2) for pid in one)


def test_trials_that_are_abandoned_leave_nothing(tmp_path: Path, temporary: Path) -> None:
    """When the time is over; the pool goes on."""
    busy = Busy(tmp_path)
    with Pool(Setting(busy.command), 1) as pool:
        pool.start(trial())
        (first,) = busy.wait(1)
        pool.abandon()
        assert not any(map(is_alive, first))
        busy.over.touch()
        (result,) = pool.run([trial()])

    assert Outcome.PASSED is result.outcome


def test_what_a_host_leaves_running_is_ended_with_its_run(tmp_path: Path, temporary: Path) -> None:
    """Even what has left its session, and its parent."""
    command = host(tmp_path, _BUSY.format(noted=str(tmp_path / "noted"), over=str(tmp_path)))
    with Pool(Setting(command), 1) as pool:
        (result,) = pool.run([trial()])
        left, child, worker = map(int, (tmp_path / "noted").read_text().split())

        assert Outcome.PASSED is result.outcome
        assert not is_alive(left)
        assert not is_alive(child)
        assert [] == descendants(worker)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_and_what_was_found_is_reported(
    tmp_path: Path, temporary: Path, number: signal.Signals
) -> None:
    """With exit code 130, as everywhere else."""
    pieces = str(tmp_path / "pieces")
    text = f"""
os.write(port, b"AT+CGMR\\r")
first = read(5)
if not first.endswith(b"OK\\r\\n"):
    open({pieces!r}, "a").write("x")
    sys.exit("in pieces")
if os.path.exists({pieces!r}) and os.stat({pieces!r}).st_size > 1:
    open({str(tmp_path / "noted")!r}, "a").write(f"{{os.getpid()}} {{os.getppid()}}\\n")
    time.sleep(60)
"""
    command = [sys.executable, "-m", "emulator", "explore", "--jobs", "2", "--timeout", "70", "--time-scale", "20"]
    command += ["--kinds", "answer-in-two-pieces", "--out", str(tmp_path / "out"), "--", *host(tmp_path, text)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_until(lambda: (tmp_path / "noted").exists() and (tmp_path / "noted").read_text().endswith("\n"))
        started = [int(word) for word in (tmp_path / "noted").read_text().split()]
        process.send_signal(number)
        output, errors = process.communicate(timeout=20)

    assert 130 == process.returncode, errors
    assert "+CGMR" in output
    assert list((tmp_path / "out").glob("001-needless-failure-after-CGMR.toml"))
    assert "Traceback" not in errors
    assert not any(map(is_alive, started))


def test_workers_end_when_nobody_is_left_to_report_to(tmp_path: Path) -> None:
    """The process that gave them orders was killed; only its folder cannot be removed by it any more."""
    busy = Busy(tmp_path)
    command = [sys.executable, "-m", "emulator", "explore", "--", *busy.command]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        (pids,) = busy.wait(1)
        process.kill()

    wait_until(lambda: not any(map(is_alive, pids)))


_KILLED = """
import os, signal
from emulator.explore.trials.pool import Pool
from emulator.explore.trials.setting import Setting
pool = Pool(Setting(["true"]), 1)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_folder_of_a_killed_exploration_is_removed_by_the_next_one(tmp_path: Path, temporary: Path) -> None:
    """SIGKILL gives it no time for that."""
    subprocess.run([sys.executable, "-c", _KILLED], check=False)
    (left,) = temporary.iterdir()
    with Pool(Setting(host(tmp_path, "")), 1):
        assert not left.exists()
