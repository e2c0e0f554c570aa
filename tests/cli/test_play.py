"""`telit-emulator play`, as its user meets it."""

import subprocess
from pathlib import Path

import pytest

from emulator import VirtualModem
from emulator.firmware.loader import list_models
from tests.cli.programs import COMMAND, TIMEOUT, failing

DIALOGUES = Path(__file__).parent.parent / "dialogues"
PEERS = DIALOGUES / "4.5.2-command-mode.txt"

MISTAKES: dict[str, tuple[list[str], str]] = {
    "no such file": (["none.txt"], "none.txt: No such file or directory; name the file of a dialogue"),
    "a wrong step": (["wrong.txt"], "wrong.txt:3: 'AT+CSQ' is no step; a line begins with one of >"),
    "one wrong among good ones": (["model.txt", "wrong.txt"], "wrong.txt:3: "),
    "unknown model": (["--firmware", "HE911", "model.txt"], "no model 'HE911'; the nearest is HE910"),
    "for none of the firmwares": (
        ["--firmware", "GE865-QUAD", "model.txt"],
        "none of the dialogues is for GE865-QUAD; `lines:` in a dialogue says what it is for",
    ),
    "a wrong setting": (["--set", "network.signal=200", "model.txt"], "network.signal is 200"),
    "no such kind of port": (
        ["--port", "foo://x", "model.txt"],
        "foo://x: invalid URL, protocol 'foo' not known; name a",
    ),
    "no such port": (["--port", "/dev/none", "model.txt"], "/dev/none: No such file or directory; name a serial port"),
    "a firmware for a port": (
        ["--port", "x", "--firmware", "HE910", "model.txt"],
        "--firmware is for emulated",
    ),
    "settings for a port": (
        ["--port", "x", "--set", "a=b", "model.txt"],
        "--set is for emulated modules; leave",
    ),
    "faults for a port": (
        ["--port", "x", "--scenario", "bad.toml", "model.txt"],
        "--scenario is for emulated modules; leave",
    ),
    "a wrong scenario": (["--scenario", "none.toml", "model.txt"], "none.toml: no such file"),
    "a seed that is no number": (["--seed", "x", "model.txt"], "'--seed': 'x' is not a valid integer"),
    "a peer at a port": (
        ["--port", "x", str(PEERS)],
        "4.5.2-command-mode.txt:13: only the emulator can play",
    ),
    "no time": (["--timeout", "0", "model.txt"], "'--timeout': 0.0 is not in the range"),
    "no file": ([], "missing argument 'file…'"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where dialogues lie, right ones and wrong ones."""
    (tmp_path / "model.txt").write_text("lines: 12.00\n\n> AT+CGMM\n< HE910\n< OK\n")
    (tmp_path / "signal.txt").write_text("> AT+CSQ\n< +CSQ: {number},{number}\n< OK\n")
    (tmp_path / "wrong.txt").write_text("> AT\n< OK\nAT+CSQ\n")
    return tmp_path


@pytest.mark.parametrize(("arguments", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_and_exit_code_2(folder: Path, arguments: list[str], said: str) -> None:
    """It says what is wrong and what mends it."""
    errors = failing("play", *arguments, folder=folder)

    assert said.lower() in errors.lower()
    assert errors.startswith("telit-emulator: ") and errors.count("\n") == 1


def _play(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [*COMMAND, "play", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, cwd=folder)


def test_a_bad_day_is_played_as_well(folder: Path) -> None:
    """The faults of a scenario strike the dialogue, with the firmware that it names."""
    (folder / "bad.toml").write_text('firmware = "HE910"\n[[faults]]\nfault = "signal"\ncommand = "+CSQ"\nrssi = 3\n')
    (folder / "weak.txt").write_text("> AT+CSQ\n< +CSQ: 3,0\n< OK\n")

    done = _play(folder, "--scenario", "bad.toml", "weak.txt")

    assert (done.returncode, done.stdout) == (0, "weak  HE910@12.00.004  ok\n")


def test_all_goes_as_written(folder: Path) -> None:
    """A line for each dialogue on each firmware, and exit code 0; one that does not hold there is passed over."""
    done = _play(folder, "--firmware", "HE910,GE865-QUAD", str(PEERS), "model.txt")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "4.5.2-command-mode  HE910@12.00.004       ok",
        "4.5.2-command-mode  GE865-QUAD@10.00.007  ok",
        "model               HE910@12.00.004       ok",
        "model               GE865-QUAD@10.00.007  skipped, it is for 12.00",
    ]


def test_the_firmwares_are_those_of_its_software_lines(folder: Path) -> None:
    """Every model of them, unless others are asked for."""
    models = [model for model in list_models() if model.line == "12.00"]

    done = _play(folder, "model.txt")

    assert (done.returncode, done.stderr) == (1, "")
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("model")]
    assert [line[1].partition("@")[0] for line in lines] == [model.name for model in models]
    assert {line[1]: line[2] for line in lines if line[2] != "differs"} == {"HE910@12.00.004": "ok"}


def test_the_same_difference_is_shown_once(folder: Path) -> None:
    """The second firmware has it, too."""
    (folder / "other.txt").write_text("> AT+CSQ\n< +CSQ: 20,{number}\n< OK\n")
    done = _play(folder, "--set", "network.signal=5", "--firmware", "HE910,GE865-QUAD", "signal.txt", "other.txt")

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "signal  HE910@12.00.004       ok",
        "signal  GE865-QUAD@10.00.007  ok",
        "other   HE910@12.00.004       differs at other.txt:2: the module says something else",
        "--- other.txt",
        "+++ HE910@12.00.004",
        "@@ -1,3 +1,3 @@",
        " > AT+CSQ",
        "-< +CSQ: 20,{number}",
        "+< +CSQ: 5,0",
        " < OK",
        "other   GE865-QUAD@10.00.007  differs at other.txt:2: the module says something else, as above",
    ]


def test_a_difference_has_the_reason_of_the_refusal_behind_it(folder: Path) -> None:
    """Of the command that was sent last; a dialogue with an error as it is written has none to show."""
    (folder / "refused.txt").write_text("> AT+CREG=7\n< ERROR\n> AT+CMEE=7\n< OK\n")

    done = _play(folder, "--firmware", "HE910", "refused.txt")

    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "refused +CMEE: value is 7; 0 to 2"
    assert "refused +CREG" not in done.stdout


def test_a_profile_of_ones_own(folder: Path) -> None:
    """By its path; it is called by its name."""
    (folder / "mine.toml").write_text('extends = "HE910"\nname = "mine"\n[identity]\nmodel = "M1"\n')

    done = _play(folder, "--firmware", "./mine.toml", "model.txt")

    assert done.returncode == 1
    assert done.stdout.startswith("model  mine  differs at model.txt:4: ")
    assert "\n-< HE910\n+< M1\n" in done.stdout


def test_a_module_at_a_port(folder: Path) -> None:
    """Its port stands where else the firmware stands."""
    with VirtualModem("HE910") as modem:
        done = _play(folder, "--port", modem.port, "--baud", "9600", "signal.txt", "model.txt")

        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"signal  {modem.port}  ok\nmodel   {modem.port}  ok\n"


def test_the_same_dialogue_differs_at_a_port(folder: Path) -> None:
    """Exit code 1, as with an emulated module."""
    with VirtualModem("GE865-QUAD") as modem:
        done = _play(folder, "--port", modem.port, "model.txt")

        assert done.returncode == 1
        assert f"+++ {modem.port}\n" in done.stdout and "-< HE910\n+< GE865-QUAD\n" in done.stdout
