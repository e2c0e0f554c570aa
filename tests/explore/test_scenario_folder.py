"""The files of an exploration: their names, what stands in them, and that they replay what was found."""

import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from emulator.errors import UserError
from emulator.explore.findings.finding import Finding
from emulator.explore.findings.scenario_folder import ScenarioFolder, file_name
from emulator.explore.steps.step import Nature
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.verdict import Outcome
from emulator.options import ModemOptions
from tests.cli.programs import COMMAND, TIMEOUT, running
from tests.explore.exploring import FIRMWARE, find, step
from tests.explore.serial_hosts import host
from tests.explore.test_conclusion import ONE_READ, late


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A host that takes the answer of one command in one piece."""
    return list(host(tmp_path_factory.mktemp("host"), ONE_READ))


@pytest.fixture(scope="module")
def finding(command: list[str]) -> Finding:
    """What is wrong with it."""
    (found,) = find(command, [step(Nature.VARIATION, late("+CSQ", 14, 1.0))])
    return found


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("#SSLRECV", "001-hang-after-SSLRECV.toml"),
        ("#SSLRECV (applied at #SSLSEND)", "001-hang-after-SSLRECV.toml"),
        ("+CREG? (number 3)", "001-hang-after-CREG.toml"),
        ("+CMEE=?", "001-hang-after-CMEE.toml"),
        ("AT&K", "001-hang-after-AT-K.toml"),
        ("the start", "001-hang-after-the-start.toml"),
        ("\x00/..\\Ä", "001-hang-after-command.toml"),
    ],
)
def test_a_name_is_safe_for_every_file_system(place: str, name: str) -> None:
    """ASCII letters, digits and hyphens."""
    assert file_name(1, Outcome.HANG, place) == name


def test_the_scenario_replays_what_was_found(command: list[str], finding: Finding, tmp_path: Path) -> None:
    """By the very command that stands in the file; the host fails in the same way."""
    ScenarioFolder(tmp_path / "out").write([finding], Setting(command))

    (path,) = (tmp_path / "out").iterdir()
    text = path.read_text()
    (typed,) = (line.removeprefix("#   ") for line in text.splitlines() if line.startswith("#   telit-emulator"))
    done = subprocess.run(
        [*COMMAND, *shlex.split(typed)[1:]], capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    assert path.name == "001-needless-failure-after-CSQ.toml"
    assert finding.scenario == path
    assert tomllib.loads(text)["firmware"] == FIRMWARE
    assert "{port}" in typed
    assert done.returncode == 1
    assert "stderr ends with: error: no OK" in done.stdout
    assert "this scenario has shown it 5 times of 5" in text


def test_run_takes_the_scenario_with_its_firmware(command: list[str], finding: Finding, tmp_path: Path) -> None:
    """And the host fails at it in the same way."""
    ScenarioFolder(tmp_path).write([finding], Setting(command))

    with running("--scenario", str(finding.scenario)) as modem:
        words = [word.replace("{port}", modem.port) for word in command]
        done = subprocess.run(words, capture_output=True, text=True, timeout=TIMEOUT, check=False)

    assert modem.events[0]["firmware"] == FIRMWARE
    assert done.returncode == 1
    assert done.stderr == finding.result.ending.errors


def test_an_earlier_exploration_is_replaced_and_nothing_else(finding: Finding, tmp_path: Path) -> None:
    """Only a file that has both the name and the first line of one."""
    setting = Setting([sys.executable])
    ScenarioFolder(tmp_path).write([finding, finding], setting)
    mine = {"003-hang-after-CREG.toml": "# my own\n", "notes.toml": "# telit-emulator explore: no\n", "x": ""}
    for name, text in mine.items():
        (tmp_path / name).write_text(text)

    folder = ScenarioFolder(tmp_path)
    assert len(list(tmp_path.glob("00?-needless*"))) == 2  # until something new is written
    folder.write([finding], setting)

    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"001-needless-failure-after-CSQ.toml", *mine}


def test_findings_of_a_further_firmware_come_behind(finding: Finding, tmp_path: Path) -> None:
    """Their numbers go on, and the files of the first one stay."""
    folder = ScenarioFolder(tmp_path)

    for _ in range(2):
        folder.write([finding], Setting([sys.executable]))

    assert sorted(path.name[:3] for path in tmp_path.glob("*.toml")) == ["001", "002"]


def test_the_command_has_the_options_of_the_exploration(finding: Finding, tmp_path: Path) -> None:
    """Those that are not as they are when left out; words are quoted for a shell."""
    options = ModemOptions(
        time_scale=20, routes={"a.example:443": "127.0.0.1:8443"}, settings=["sim.pin=1234"], realistic=True, seed=3
    )
    setting = Setting(["./my host", "--port={port}"], options, lab=True)

    ScenarioFolder(tmp_path).write([finding], setting)

    text = next(tmp_path.glob("001*")).read_text()
    words = "--lab --set sim.pin=1234 --route a.example:443=127.0.0.1:8443 --time-scale 20 --realistic"
    assert f"{words} -- './my host' --port={{port}}\n" in text


@pytest.mark.parametrize("kind", ["a file", "below a file"])
def test_a_folder_that_cannot_be_is_refused(kind: str, tmp_path: Path) -> None:
    """Before the first run, with the option's name."""
    (tmp_path / "file").touch()
    folder = tmp_path / "file" if kind == "a file" else tmp_path / "file" / "out"

    with pytest.raises(UserError, match=r"--out .*file.*: it is a file; name a folder that can be written"):
        ScenarioFolder(folder)
