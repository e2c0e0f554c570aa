"""`telit-emulator explore`: what cannot be run is told in one line, before the first run where that can be known."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.explore.subjects import all_kinds
from emulator.lab.loopback import MISSING_EXTRA
from tests.cli.programs import COMMAND, TIMEOUT, failing

HOST = [sys.executable, "-c", "import sys; sys.exit(sys.argv[1:] and 'no answer from the modem' or 0)"]


def _refused(*arguments: str, folder: Path) -> str:
    """What is said: one line."""
    told = failing("explore", *arguments, folder=folder)
    assert 1 == told.count("\n") and told.startswith("telit-emulator: "), told
    return told.removeprefix("telit-emulator: ").strip()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--budget", "3", "--minutes", "1"], "--budget and --minutes exclude each other; give one of them"),
        (["--kinds", "nose"], "--kinds nose: unknown kind; the nearest is noise; `explore --list` shows all"),
        (["--kinds", "no-all"], "--kinds no-all: no kind is left; leave out less"),
        (["--check", "./nowhere 1"], "--check ./nowhere: there is no such program; name a program and its arguments"),
        (["--check", "./plain.txt"], "--check ./plain.txt: it cannot be executed; name a program and its arguments"),
        (["--check", "'"], "--check ': No closing quotation; write it as in a shell"),
        (["--check", " "], "--check: it is empty; name a program and its arguments"),
        (["--json", "gone/report.json"], "--json gone/report.json: No such file or directory; name a file"),
        (["--out", "plain.txt"], "--out plain.txt: it is a file; name a folder that can be written"),
        (["--expect-upload", "gone.bin", "--lab"], "--expect-upload gone.bin: No such file or directory"),
        (["--expect-upload", "plain.txt"], "give --lab"),
        (["--firmware", "HE911"], "HE911"),
        (["--bugdet", "3"], "'--budget', '--set'?"),
    ],
)
def test_what_is_wrong_is_told_before_anything_runs(options: list[str], told: str, tmp_path: Path) -> None:
    """The host would leave a file behind."""
    (tmp_path / "plain.txt").write_text("plain")

    said = _refused(*options, "--", "touch", "was-run", folder=tmp_path)

    assert told.lower() in said.lower()
    assert ["plain.txt"] == [path.name for path in tmp_path.iterdir()]


def test_a_host_that_is_not_found(tmp_path: Path) -> None:
    """As the matrix says it."""
    assert "host program './nowhere'" in _refused("--", "./nowhere", "{port}", folder=tmp_path)


def test_a_host_that_fails_by_itself(tmp_path: Path) -> None:
    """With its last words, and what to do first; where its port is, if it was not told."""
    said = _refused("--", *HOST, "1", folder=tmp_path)

    assert said.startswith("the healthy run has failed, exit code 1")
    assert "no answer from the modem" in said and "explore a host that passes" in said
    assert said.endswith("its port is {port} among its arguments, or $TELIT_PORT")


def test_a_host_that_never_opens_the_port(tmp_path: Path) -> None:
    """There is no place at which anything could happen."""
    said = _refused("--", *HOST, folder=tmp_path)

    assert said.startswith("the healthy run has said nothing to the module; its port is {port} among its arguments")


def test_a_lab_whose_packages_are_missing(tmp_path: Path) -> None:
    """What to install, as other commands say it."""
    (tmp_path / "tlslite.py").write_text("raise ModuleNotFoundError('no such package', name='tlslite')")
    command = [*COMMAND, "explore", "--lab", "--", *HOST]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}

    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, env=environment, cwd=tmp_path)

    assert (2, f"telit-emulator: {MISSING_EXTRA}\n") == (done.returncode, done.stderr)


_SLOW = """
import sys, time, serial
with serial.Serial(sys.argv[1], timeout=5) as port:
    port.write(b"ATE0\\r")
    port.read_until(b"OK\\r\\n")
time.sleep(0.3)
"""


def test_the_minutes_may_be_over_before_the_healthy_run(tmp_path: Path) -> None:
    """Nothing can be said of the host then."""
    said = _refused("--minutes", "0.0001", "--", *HOST, folder=tmp_path)

    assert "the time was over before the healthy run was; give more --minutes" == said


def test_the_minutes_end_an_exploration_of_many_steps(tmp_path: Path) -> None:
    """A host that takes a third of a second cannot try all steps in six; what was not tried is told."""
    (tmp_path / "host.py").write_text(_SLOW)
    command = [*COMMAND, "explore", "--minutes", "0.1", "--json", "report.json", "--", sys.executable, "host.py"]

    done = subprocess.run([*command, "{port}"], capture_output=True, text=True, timeout=TIMEOUT, cwd=tmp_path)

    report = json.loads((tmp_path / "report.json").read_text())
    assert report["runs"] >= 1 and not report["is_broken_off"], report
    assert "steps: not tried, the budget or the time was over before" in done.stdout, done.stdout
    assert "to try the rest, give more --budget or --minutes" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_what_is_known(number: signal.Signals, tmp_path: Path) -> None:
    """Exit code 130, and the reports of what was found up to then."""
    (tmp_path / "host.py").write_text(_SLOW)
    command = [*COMMAND, "explore", "--json", "report.json", "--", sys.executable, "host.py", "{port}"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background job ignores it
    ) as process:
        assert process.stderr is not None
        assert "the healthy run has passed" in process.stderr.readline()
        process.send_signal(number)
        said, _ = process.communicate(timeout=TIMEOUT)

    assert (130, True) == (process.returncode, "broken off, " in said), said
    assert json.loads((tmp_path / "report.json").read_text())["is_broken_off"]


def test_the_list_of_kinds_needs_no_host() -> None:
    """A row a kind, with its nature and source."""
    done = subprocess.run([*COMMAND, "explore", "--list"], capture_output=True, text=True, timeout=TIMEOUT, check=True)

    rows = [line.split()[:3] for line in done.stdout.splitlines()]
    kinds = [[subject, kind.word, str(kind.nature)] for subject, of_it in all_kinds().items() for kind in of_it]
    assert [["Subject", "Kind", "Nature"], *kinds] == rows
