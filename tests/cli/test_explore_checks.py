"""The checks of `telit-emulator explore`: what is looked at, and what cannot be."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

SENDER = [sys.executable, str(Path(__file__).parents[1] / "explore" / "sender.py"), "{port}"]


def explore(*words: str, host: tuple[str, ...] = ("true",)) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "emulator", "explore", "--budget", "2", *words, "--", *host]
    with TemporaryDirectory() as folder:
        return subprocess.run(program, capture_output=True, text=True, timeout=120, check=False, cwd=folder)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.txt"
    path.write_bytes(b"a line of data\r\nand another\r\n")
    return path


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--check", "nowhere/check"], "--check nowhere/check: there is no such program; name a program"),
        (["--check", "/"], "--check /: it cannot be executed; name a program"),
        (["--check", "'"], "--check ': No closing quotation; write it as in a shell"),
        (["--check", " "], "--check: it is empty; name a program"),
        (["--lab", "--expect-upload", "missing"], "--expect-upload missing: No such file or directory; name a file"),
        (["--lab", "--expect-file", "a"], "--expect-file a: give NAME=FILE"),
        (["--lab", "--expect-line", ""], "--expect-line '': give one line"),
        (["--expect-line", "a"], "there is none: give --lab, and a route"),
    ],
)
def test_a_check_that_cannot_run_is_told_before_the_first_trial(words: list[str], message: str) -> None:
    """One line, exit code 2."""
    result = explore(*words)

    assert 2 == result.returncode
    (line,) = result.stderr.splitlines()
    assert message in line


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--check", "sh -c 'echo none of it; exit 3'"], "none of it"),
        (["--lab", "--expect-line", "never sent"], "line 'never sent': none of 10 bytes"),
    ],
)
def test_a_check_that_fails_after_the_healthy_run_is_told(words: list[str], message: str) -> None:
    """In one line: nothing could be learnt from the runs that follow."""
    result = explore(*words)

    assert 2 == result.returncode
    (line,) = result.stderr.splitlines()
    assert message in line


def test_what_the_host_sends_is_expected_at_the_lab(file: Path) -> None:
    """As an upload and as a line, at a server that the host has a name of its own for."""
    result = explore(
        "--lab",
        "--expect-upload",
        str(file),
        "--expect-line",
        "and another",
        "--check",
        "true",
        host=(*SENDER, str(file), "1"),
    )

    assert 0 == result.returncode, result.stdout + result.stderr
