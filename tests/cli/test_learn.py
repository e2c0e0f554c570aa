"""`telit-emulator learn`, as its user meets it."""

import json
import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator import VirtualModem
from emulator.firmware.loader import load_firmware
from tests.cli.programs import COMMAND, TIMEOUT, failing

SETTINGS = ("ftp.timeout.range=[50,4000]",)


@pytest.fixture
def modem() -> Iterator[VirtualModem]:
    """A module that differs from its firmware."""
    with VirtualModem("HE910", settings=SETTINGS) as modem:
        yield modem


def _learn(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "learn", *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT, check=False)


def test_what_differs_is_written_as_a_profile_that_loads(modem: VirtualModem, tmp_path: Path) -> None:
    """With its grade, the exchange that shows it, and what is not known; the journal is gone."""
    run = _learn(tmp_path, "--port", modem.port, "--out", "own.toml")

    assert (run.returncode, run.stdout.splitlines()[-1][:60]) == (
        0,
        "own.toml: HE910 12.00.004: 1 value differs from HE910@12.00.",
    ), run.stderr
    text = (tmp_path / "own.toml").read_text()
    assert "timeout = { range = [50, 4000] }  # [hw: HE910, 12.00.004, " in text
    assert "] AT#FTP" in text
    assert "# no PIN or password is tried:" in text
    assert load_firmware(str(tmp_path / "own.toml")).profile.ftp.timeout.range == (50, 4000)
    assert [path.name for path in tmp_path.iterdir()] == ["own.toml"]
    assert "probes" in run.stderr


def test_with_its_users_leave_the_module_is_restarted_and_its_start_measured(tmp_path: Path) -> None:
    """At the end; without it, the time of a start is among what nobody knows."""
    with VirtualModem("HE910", settings=[*SETTINGS, "power.boot=3"]) as modem:
        run = _learn(tmp_path, "--port", modem.port, "--base", "HE910", "--restart")

    assert run.returncode == 0, run.stderr
    text = (tmp_path / "learned.toml").read_text()
    assert "] measured: AT#REBOOT" in text
    assert "power.boot" not in text


def test_json_has_every_value_with_what_shows_it(modem: VirtualModem, tmp_path: Path) -> None:
    """And a profile that was learned before is overwritten."""
    (tmp_path / "learned.toml").write_text("# Learned from something\n")

    found = json.loads(_learn(tmp_path, "--port", modem.port, "--json").stdout)

    assert (found["model"], found["revision"], found["base"]) == ("HE910", "12.00.004", "HE910@12.00.004")
    assert [(one["key"], one["value"]) for one in found["values"]] == [("ftp.timeout.range", [50, 4000])]
    assert found["values"][0]["shown_by"][0]["sent"].startswith("AT#FTP")
    assert found["not_as_found"] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_keeps_what_was_learned_and_the_same_command_goes_on(
    modem: VirtualModem, tmp_path: Path, number: signal.Signals
) -> None:
    """Exit code 130; the profile says that it is not complete."""
    command = [*COMMAND, "learn", "--port", modem.port, "--out", "own.toml"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stderr is not None
        for line in program.stderr:
            if " of " in line:
                program.send_signal(number)
                break
        said = program.stderr.read()
        assert program.wait(TIMEOUT) == 130

    assert "are kept in own.toml; the same command goes on from there" in said
    assert "# Not complete: " in (tmp_path / "own.toml").read_text()
    again = _learn(tmp_path, "--port", modem.port, "--out", "own.toml")
    assert again.returncode == 0, again.stderr
    assert "are done already" in again.stderr
    assert "# Not complete: " not in (tmp_path / "own.toml").read_text()


def test_a_port_that_hangs_up_in_the_middle_is_one_line_and_what_was_learned_is_kept(tmp_path: Path) -> None:
    """The module is put back by the next session, as the journal knows how it was."""
    with VirtualModem("HE910", settings=SETTINGS, link=tmp_path / "m") as modem:
        command = [*COMMAND, "learn", "--port", modem.port, "--out", "own.toml"]
        with subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as program:
            assert program.stderr is not None
            for line in program.stderr:
                if " of " in line:
                    modem.stop()
                    break
            *_, last = program.stderr.read().splitlines()
            assert program.wait(TIMEOUT) == 2
    assert last.startswith(f"telit-emulator: {tmp_path}/m: ")
    assert last.endswith("are kept in own.toml; the same command goes on from there")
    assert (tmp_path / "own.toml.part").exists()

    with VirtualModem("HE910", settings=SETTINGS, link=tmp_path / "m") as modem:
        assert _learn(tmp_path, "--port", modem.port, "--out", "own.toml").returncode == 0


MISTAKES: dict[str, tuple[list[str], str]] = {
    "no such port": (["--port", "/dev/none"], "/dev/none: No such file or directory; name a serial port"),
    "no such base": (["--port", "{port}", "--base", "HE911"], "no model 'HE911'; the nearest is HE910"),
    "a folder that is not there": (["--port", "{port}", "--out", "none/own.toml"], "none/own.toml.part: No such file"),
    "a file of somebody else": (["--port", "{port}", "--out", "mine.toml"], "mine.toml: there is such a file, which "),
    "a folder": (["--port", "{port}", "--out", "folder"], "folder: Is a directory; name another file by --out"),
    "a journal of something else": (["--port", "{port}", "--out", "odd.toml"], "odd.toml.part: this is no journal"),
    "no port": ([], "missing option '--port'"),
    "another maker": (["--port", "{other}"], "the modem there is made by Quectel"),
    "a list of what there is not": (["--list", "HE911"], "no model 'HE911'"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line(modem: VirtualModem, tmp_path: Path, mistake: str) -> None:
    """Exit code 2, and nothing is written."""
    (tmp_path / "mine.toml").write_text('extends = "HE910"\n')
    (tmp_path / "odd.toml.part").write_text("hello\n")
    (tmp_path / "folder").mkdir()
    args, message = MISTAKES[mistake]
    with VirtualModem("HE910", settings=['identity.manufacturer="Quectel"']) as other:
        filled = [arg.format(port=modem.port, other=other.port) for arg in args]
        assert message in failing("learn", *filled, folder=tmp_path)
    assert not (tmp_path / "learned.toml").exists()


def test_a_silent_module_is_one_line(tmp_path: Path) -> None:
    """A line at whose other end nobody answers."""
    master, slave = pty.openpty()
    try:
        assert "no answer to AT; " in failing("learn", "--port", os.ttyname(slave), folder=tmp_path)
    finally:
        os.close(master)
        os.close(slave)


def test_the_list_has_every_probe_with_what_it_asks_changes_and_undoes(tmp_path: Path) -> None:
    """Without a module."""
    run = _learn(tmp_path, "--list", "HE910")

    titles, *rows = run.stdout.splitlines()
    assert titles.split() == ["Probe", "Asks", "Changes", "Undone"]
    assert len(rows) > 20
    assert any("AT+CGMI" in row for row in rows)
