"""`telit-emulator matrix`, as a CI job runs it."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from emulator.commands.ledger import missing
from emulator.firmware.loader import list_models, load_firmware
from emulator.firmware.selection import distinct_firmwares
from emulator.firmware.status import KNOWN
from emulator.lab.conversations import echo
from emulator.lab.plain_server import PlainServer
from emulator.matrix.difference import Difference, first_difference
from emulator.matrix.exchange import Exchange
from tests.cli.programs import COMMAND, TIMEOUT, failing
from tests.peers.waiting import wait_until

_HOST = """
import sys, serial
with serial.Serial(sys.argv[1], timeout=20) as port:
    for line in ("ATE0", "AT+CGMM", "AT+CMEE=2", "AT#SSLEN=1,1", "AT#SSLFASTD=?", "AT+CSQ"):
        port.write(line.encode() + b"\\r")
        heard = b""
        while not heard.endswith(b"OK\\r\\n"):
            heard += port.readline()
            if b"ERROR" in heard:
                print("what now?")
                sys.exit("failed")
print("fine")
"""


@pytest.fixture
def host(tmp_path: Path) -> list[str]:
    """A host that cannot do without #SSLFASTD."""
    path = tmp_path / "host.py"
    path.write_text(_HOST)
    return [sys.executable, str(path), "{port}"]


def _matrix(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, "matrix", *arguments], capture_output=True, text=True, timeout=TIMEOUT)


def test_a_host_that_passes_everywhere(host: list[str]) -> None:
    """Exit code 0, a row a firmware, and nothing else on stdout; who has ended is told on stderr."""
    done = _matrix("--firmware", "GE865-QUAD,GE910-QUAD", "--firmware", "GE865-QUAD", "--jobs", "2", "--", *host)

    assert done.returncode == 0, done
    rows = [line.split()[:2] for line in done.stdout.splitlines()]
    assert rows == [["Firmware", "Outcome"], ["GE865-QUAD@10.00.007", "passed"], ["GE910-QUAD@13.00.003", "passed"]]
    assert sorted(line[:5] for line in done.stderr.splitlines()) == ["[1/2]", "[2/2]"]


def test_a_scenario_names_the_firmware_where_nobody_else_does(tmp_path: Path) -> None:
    scenario = tmp_path / "bad.toml"
    scenario.write_text('firmware = "UE910-EUR"\n')

    named, other = (
        _matrix(*firmware, "--scenario", str(scenario), "--", "true") for firmware in ([], ["--firmware", "GE865-QUAD"])
    )

    assert ["UE910-EUR@12.00.004"] == [line.split()[0] for line in named.stdout.splitlines()[1:]]
    assert ["GE865-QUAD@10.00.007"] == [line.split()[0] for line in other.stdout.splitlines()[1:]]


@pytest.mark.no_cover
def test_a_bad_day_on_every_firmware(tmp_path: Path) -> None:
    """The scenario's faults strike each run, by the same chance."""
    scenario, host = tmp_path / "bad.toml", tmp_path / "host.py"
    scenario.write_text('[[faults]]\nfault = "activation-refused"\ncommand = "#SGACT"\n')
    host.write_text(_HOST.replace("AT#SSLFASTD=?", 'AT+CGDCONT=1,IP,\\"x\\"", "AT#SGACT=1,1'))
    command = [sys.executable, str(host), "{port}"]

    good, bad = (
        _matrix("--firmware", "GE865-QUAD,HE910", *options, "--", *command)
        for options in ([], ["--scenario", str(scenario)])
    )

    assert (good.returncode, bad.returncode) == (0, 1)
    assert bad.stdout.count("failed, exit code 1") == 2


_RETURNING_HOST = """
import sys, time, serial
def model():
    port.write(b"ATE0;+CGMM\\r")
    return next(line for line in iter(port.readline, b"") if line.strip() and not line.startswith(b"AT"))
with serial.Serial(sys.argv[1], timeout=20) as port:
    before = model()
    port.write(b"AT+CSQ\\r")
    try:
        port.read(1)
    except serial.SerialException:
        pass
for _ in range(200):
    time.sleep(0.05)
    try:
        with serial.Serial(sys.argv[1], timeout=20) as port:
            sys.exit(model() != before)
    except serial.SerialException:
        pass
sys.exit("the port has not come back")
"""


def test_a_host_whose_port_vanishes_comes_back_to_its_own_modem(tmp_path: Path) -> None:
    """Though the pseudo-terminal of another run has got the number that was free meanwhile."""
    scenario, host = tmp_path / "bad.toml", tmp_path / "host.py"
    scenario.write_text('[[faults]]\nfault = "port-vanished"\ncommand = "+CSQ"\nduration = "300 ms"\n')
    host.write_text(_RETURNING_HOST)
    firmwares = "GE865-QUAD,HE910,GE910-QUAD,GL865-QUAD-V3"

    done = _matrix(
        "--firmware", firmwares, "--jobs", "4", "--scenario", str(scenario), "--", sys.executable, str(host), "{port}"
    )

    assert done.returncode == 0, done


def test_the_table_says_where_a_run_parted_from_those_that_passed(host: list[str], tmp_path: Path) -> None:
    """Not at +CGMM, where they differ among themselves; the reports say the same."""
    junit, report = tmp_path / "junit.xml", tmp_path / "report.json"
    reports = ["--junit", str(junit), "--json", str(report)]

    done = _matrix("--firmware", "GE865-QUAD,HE910,GE910-QUAD", "--jobs", "3", *reports, "--", *host)

    assert done.returncode == 1, done
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("HE910@12.00.004 ")]
    assert "failed, exit code 1" in row
    assert "AT#SSLFASTD=? -> ERROR [" in row and row.endswith(" (passing: #SSLFASTD: (1),(0,1),(10-5000) OK)")
    suite = ElementTree.parse(junit).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert [case.get("name") for case in suite.iter("testcase")][1] == "HE910@12.00.004"
    (failure,) = suite.iter("failure")
    assert "AT#SSLFASTD=? -> ERROR" in str(failure.get("message")) and "  host    AT+CMEE=2\n" in str(failure.text)
    runs = json.loads(report.read_text())["runs"]
    assert [run["outcome"] for run in runs] == ["passed", "failed", "passed"]
    assert runs[1]["output"] == "what now?\n" and runs[1]["errors"] == "failed\n"
    assert runs[1]["first_difference"]["said"] == "AT#SSLFASTD=?"
    last = runs[0]["dialogue"][-1]
    assert (last["said"], last["answer"]) == ("AT+CSQ", "\r\n+CSQ: 20,0\r\n\r\nOK\r\n")


@pytest.mark.no_cover
def test_one_firmware_stands_for_those_that_are_alike(tmp_path: Path) -> None:
    """Without a choice there is a run for each distinct behaviour; every report names its like, if it has any."""
    junit, report = tmp_path / "junit.xml", tmp_path / "report.json"

    done = _matrix("--jobs", "2", "--junit", str(junit), "--json", str(report), "--", "true")

    told = " ".join(done.stdout.split())
    cases = {case.get("name"): case for case in ElementTree.parse(junit).getroot().iter("testcase")}
    runs = {run["firmware"]: run for run in json.loads(report.read_text())["runs"]}
    assert [choice.name for choice in distinct_firmwares()] == list(runs)
    for choice in distinct_firmwares():
        names = [name.removesuffix(choice.name[choice.name.index("@") :]) for name in choice.alike]
        stands_for = f"{choice.name} stands for {', '.join(names)}"
        assert (stands_for in told) is bool(names)
        assert list(choice.alike) == runs[choice.name]["alike"]
        named = [", ".join(choice.alike)] if names else []
        properties = cases[choice.name].iter("property")
        assert named == [each.get("value") for each in properties if each.get("name") == "alike"]


@pytest.mark.no_cover
def test_every_model_can_be_asked_for() -> None:
    """Each with its default version, and with the status of its line where one of them is not documented."""
    done = _matrix("--firmware", "every", "--jobs", "4", "--", "true")

    head, *rows = [line.split() for line in done.stdout.splitlines()]
    assert head[:3] == ["Firmware", "Status", "Outcome"]
    models = {load_firmware(model.name).name: model.status for model in list_models() if model.status in KNOWN}
    assert models == {name: status for name, status, outcome, *_ in rows if outcome == "passed"}


def test_a_provisional_line_is_asked_for(tmp_path: Path) -> None:
    """By its name; the reports say that little is known of it, and nothing of lines that the guide names."""
    paths = {suffix: tmp_path / f"report.{suffix}" for suffix in ("xml", "json", "md", "html")}
    files = ("--junit", paths["xml"], "--json", paths["json"], "--markdown", paths["md"], "--html", paths["html"])

    done = _matrix("--firmware", "HE910,HE920", *map(str, files), "--", "true")

    assert done.stdout.split()[:3] == ["Firmware", "Status", "Outcome"]
    assert "HE920@14.00.003 (provisional): passed" in done.stderr and "HE910@12.00.004: passed" in done.stderr
    statuses = ["documented", "provisional"]
    assert statuses == [run["status"] for run in json.loads(paths["json"].read_text())["runs"]]
    named = ElementTree.parse(paths["xml"]).getroot().iter("property")
    assert statuses == [each.get("value") for each in named if each.get("name") == "status"]
    assert all(re.search(rf"HE9\d0@1\d.00.00\d \| {status}", paths["md"].read_text()) for status in statuses)
    page = paths["html"].read_text()
    assert "<td>provisional</td>" in page and "<h3>HE920@14.00.003 (provisional)</h3>" in page


@pytest.mark.no_cover
def test_all_firmwares_may_include_provisional_ones() -> None:
    """An option adds them to what a word stands for."""
    done = _matrix("--firmware", "every", "--provisional", "--jobs", "4", "--", "true")

    rows = [line.split()[:3] for line in done.stdout.splitlines()]
    assert ["HE920@14.00.003", "provisional", "passed"] in rows and ["HE910@12.00.004", "documented", "passed"] in rows


def test_a_host_that_never_ends(tmp_path: Path) -> None:
    """It is ended with all that it has started, and nothing can be said of it."""
    note = tmp_path / "pids"
    script = f"sleep 1000 & echo $$ $! >{note}; wait"

    done = _matrix("--firmware", "HE910", "--timeout", "2", "--", "sh", "-c", script)

    assert done.returncode == 2
    assert done.stderr.endswith("sh: it never ends, not within 2 s; mend it, or give a longer --timeout\n")
    assert "timed out" in done.stdout
    pids = note.read_text().split()
    assert len(pids) == 2
    wait_until(lambda: not any(_lives(int(pid)) for pid in pids))


def test_a_host_that_hangs_with_one_firmware_has_failed_there(tmp_path: Path) -> None:
    """It ends with the other."""
    script = """import serial, os, time
with serial.Serial(os.environ["TELIT_PORT"], timeout=20) as port:
    port.write(b"ATE0;+CGMM\\r")
    time.sleep(1000 if b"HE910" in port.read_until(b"OK\\r\\n") else 0)
"""
    host = tmp_path / "host.py"
    host.write_text(script)

    done = _matrix("--firmware", "HE910,GE865-QUAD", "--timeout", "5", "--", sys.executable, str(host))

    assert done.returncode == 1
    assert [line.split()[1] for line in done.stdout.splitlines()[1:]] == ["timed", "passed"]


@pytest.mark.parametrize("file", ["mine", "mine.toml"])
def test_a_profile_of_the_users_own(tmp_path: Path, file: str) -> None:
    """By its path, whatever its ending; what it changes is what the host sees."""
    profile = tmp_path / file
    profile.write_text('extends = "HE910"\n[network]\nsignal = 7\n')
    script = """import serial, os
with serial.Serial(os.environ["TELIT_PORT"], timeout=20) as port:
    port.write(b"AT+CSQ\\r")
    assert b"+CSQ: 7," in port.read_until(b"OK\\r\\n")"""

    done = _matrix("--firmware", str(profile), "--", sys.executable, "-c", script)

    assert done.returncode == 0, done
    assert done.stdout.splitlines()[1].startswith(str(profile))


def test_options_of_the_modems() -> None:
    """Profile values, and the speed of time."""
    script = """import serial, os
with serial.Serial(os.environ["TELIT_PORT"], timeout=20) as port:
    port.write(b"AT+CSQ\\r")
    assert b"+CSQ: 7," in port.read_until(b"OK\\r\\n")"""
    options = ["--set", "network.signal=7", "--time-scale", "10", "--route", "a=b:1", "--lab"]

    assert _matrix("--firmware", "HE910", *options, "--", sys.executable, "-c", script).returncode == 0


def test_every_modem_has_a_gateway_of_its_own_to_the_back_end() -> None:
    """Two at once, each with its own TLS 1.0; the back end speaks none."""
    script = """import serial, os
with serial.Serial(os.environ["TELIT_PORT"], timeout=20) as port:
    for line in ('AT+CGDCONT=1,"IP","a"', "AT#SGACT=1,1", "AT#SSLEN=1,1", "AT#SSLD=1,443,api.example.com,0,0"):
        port.write(line.encode() + b"\\r")
        assert b"ERROR" not in port.read_until(b"CONNECT\\r\\n" if "SSLD" in line else b"OK\\r\\n")
    port.write(b"hello")
    assert port.read_until(b"hello") == b"hello"
"""
    with PlainServer(echo) as server:
        options = ["--route", f"api.example.com:443=gateway:{server.address}", "--firmware", "HE910,GE865-QUAD"]
        done = _matrix(*options, "--jobs", "2", "--", sys.executable, "-c", script)

    assert done.returncode == 0, done
    assert server.served == 2


MISTAKES: dict[str, tuple[list[str], str]] = {
    "no program": (["--", "nowhere/host", "{port}"], "host program 'nowhere/host': No such file or directory"),
    "no such firmware": (["--firmware", "HE911", "--", "true"], "HE911"),
    "a wrong value": (["--set", "signal=500", "--", "true"], "network.signal is 500"),
    "a wrong route": (["--route", "a=b", "--", "true"], "route 'a=b'"),
    "no jobs": (["--jobs", "0", "--", "true"], "--jobs"),
    "no time": (["--timeout", "0", "--", "true"], "--timeout"),
    "an unwritable report": (["--junit", "none/report", "--", "true"], "--junit none/report: No such file or dir"),
    "no such option": (["--frmware", "HE910", "--", "true"], "Did you mean"),
    "no command": (["--firmware", "HE910"], "missing argument"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line_and_exit_code_2(name: str) -> None:
    """Nothing is run, or what runs is ended."""
    arguments, message = MISTAKES[name]

    said = failing("matrix", *arguments)

    assert message in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_nothing_running(number: int, tmp_path: Path) -> None:
    """Neither the hosts nor what they have started; nor a part of a report, or an older one."""
    note, report = tmp_path / "pids", tmp_path / "report.xml"
    report.write_text("older")
    script = f"sleep 1000 & echo $$ $! >>{note}; wait"
    process = subprocess.Popen(
        [*COMMAND, "matrix", "--jobs", "2", "--junit", str(report), "--", "sh", "-c", script],
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background job ignores it
    )
    wait_until(lambda: note.exists() and len(note.read_text().split()) == 4)

    process.send_signal(number)

    assert process.wait(TIMEOUT) == 130
    assert [note] == list(tmp_path.iterdir())
    wait_until(lambda: not any(_lives(int(pid)) for pid in note.read_text().split()))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "zombie" not in Path(f"/proc/{pid}/status").read_text() if sys.platform == "linux" else True


def _exchanges(text: str) -> list[Exchange]:
    pairs = [pair.split(">") for pair in text.split()]
    return [Exchange(said, answer) for said, answer in pairs]


@pytest.mark.parametrize(
    ("failed", "passed", "expected"),
    [
        ("a>1 b>2", ["a>1 b>2"], None),
        ("a>1 b>3", ["a>1 b>2"], Difference("b", "3", "2")),
        ("a>1 b>3", ["a>1 b>2", "a>9 b>2"], Difference("b", "3", "2")),
        ("a>5 b>2", ["a>1 b>2", "a>9 b>2"], None),
        ("a>1 c>2", ["a>1 b>2"], Difference("c", "2", "b -> 2")),
        ("a>1 b>2 c>3", ["a>1 b>2"], Difference("c", "3", "(had ended)")),
        ("a>1", ["a>1 b>2"], None),
        ("a>1", [], None),
        ("a>0 a>0 a>1 b>3", ["a>1 b>2", "a>0 a>1 b>2"], Difference("b", "3", "2")),
        ("a>0 a>0 a>0", ["a>0 a>1 b>2"], Difference("a", "0", "1")),
    ],
)
def test_the_first_difference(failed: str, passed: list[str], expected: Difference | None) -> None:
    """What the passing runs do not agree on tells nothing; nor does a dialogue that only ends before theirs."""
    assert expected == first_difference(_exchanges(failed), [_exchanges(run) for run in passed])


def test_a_host_is_told_how_fast_the_modules_time_runs() -> None:
    done = _matrix("--firmware", "HE910", "--time-scale", "20", "--", "sh", "-c", 'test "$TELIT_TIME_SCALE" = 20')

    assert done.returncode == 0, done


def test_the_reports_name_the_commands_that_are_missing(tmp_path: Path) -> None:
    """The emulator's lack apart from the firmware's, also where the host passes."""
    lacks = missing().items()
    name, group = next((name, group) for name, group in lacks if not group.lines or "12.00" in group.lines)
    junit, report, host = tmp_path / "junit.xml", tmp_path / "report.json", tmp_path / "host.py"
    script = f"""import os, serial
with serial.Serial(os.environ["TELIT_PORT"], timeout=20) as port:
    for line in ({name!r}, "#SSLFASTD=?", "#NOSUCH"):
        port.write(f"AT{{line}}\\r".encode())
        assert port.read_until(b"ERROR\\r\\n").endswith(b"ERROR\\r\\n")"""
    host.write_text(script)
    reports = ["--junit", str(junit), "--json", str(report)]

    done = _matrix("--firmware", "HE910", *reports, "--", sys.executable, str(host))

    assert done.returncode == 0, done
    told = " ".join(done.stdout.split())
    assert f"the host used commands that are not emulated: {name} ({group.why})" in told
    assert "the host used commands that this firmware does not have: #SSLFASTD" in told
    assert "the host used commands that no guide has: #NOSUCH" in told
    facts = {each.get("name"): each.get("value") for each in ElementTree.parse(junit).getroot().iter("property")}
    assert facts["not emulated"] == f"{name} ({group.why})"
    assert (facts["not on this firmware"], facts["no such command"]) == ("#SSLFASTD", "#NOSUCH")
    (run,) = json.loads(report.read_text())["runs"]
    assert run["missing_commands"] == [
        {"command": name, "lack": "not emulated", "why": group.why},
        {"command": "#SSLFASTD", "lack": "not on this firmware", "why": ""},
        {"command": "#NOSUCH", "lack": "no such command", "why": ""},
    ]
