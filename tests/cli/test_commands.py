"""`telit-emulator commands`, as a user at a prompt sees it."""

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.cli.programs import COMMAND, TIMEOUT, failing


def said(*arguments: str) -> str:
    done = subprocess.run([*COMMAND, "commands", *arguments], capture_output=True, text=True, timeout=TIMEOUT)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_every_command_of_a_firmware_is_a_line() -> None:
    """Below its chapter, with its standing; what is missing stands at the end, with the reason."""
    lines = said("--firmware", "HE910").splitlines()

    rows = {line.split()[0]: line for line in lines if line.startswith("  ")}
    assert "works" in rows["#SSLD"]
    assert "kept without effect" in rows["+CRSL"]
    assert "not emulated" in rows["#HWREV"]
    assert rows["#SSLFASTD"].endswith("On 10.00, 13.00, 16.00.")
    assert lines.index("The SSL socket and its security data") < lines.index(rows["#SSLD"]) < lines.index("Not there")
    assert max(map(len, lines)) <= 100


def test_the_page_of_a_command_is_that_of_the_firmware() -> None:
    """Where nothing is dialled, the lab is not needed."""
    page = said("at+cmee", "--firmware", "GE865-QUAD")

    assert page.startswith("+CMEE: works on GE865-QUAD@10.00.007\n")
    assert "\n  AT+CMEE=[<value>]\n" in page
    assert "\n  +CMEE: (0-2)\n" in page
    assert "\x1b" not in page


def test_a_page_fits_the_terminal() -> None:
    """No line is wider than its columns."""
    master, slave = pty.openpty()
    environment = {**os.environ, "COLUMNS": "50", "TERM": "xterm"}
    process = subprocess.Popen([*COMMAND, "commands", "+CMEE"], stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    with os.fdopen(master, "rb", buffering=0) as terminal:
        shown = b""
        while True:
            try:
                shown += terminal.read(4096)
            except OSError:  # Linux says so where the other end has closed
                break
    process.wait(TIMEOUT)

    assert process.returncode == 0
    assert max(map(len, shown.decode().splitlines())) <= 50


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["#NOSUCH"], "no command '#NOSUCH'"),
        (["#SSLD", "--firmware", "HE911"], "no model 'HE911'; the nearest is HE910"),
        (["#SSLD", "--firmware", "./none.toml"], "./none.toml: no such file"),
        (["#SSLFASTD"], "#SSLFASTD is not on HE910@12.00.004"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], message: str) -> None:
    """On stderr, with exit code 2."""
    error = failing("commands", *arguments)

    assert error.startswith(f"telit-emulator: {message}")
    assert error.count("\n") == 1


def test_a_profile_of_ones_own_has_its_page(tmp_path: Path) -> None:
    """With its own ranges."""
    path = tmp_path / "board.toml"
    path.write_text('extends = "HE910"\nname = "board 7"\n[settings."+CMEE"]\nrange = [0, 1]\n')

    page = said("+CMEE", "--firmware", str(path))

    assert page.startswith("+CMEE: works on board 7\n")
    assert "\n  <value>  0-1; 0 when left out\n" in page
