"""The reports of `telit-emulator matrix`: all formats tell the same of each run."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from emulator.cli.reports import STEP_SUMMARY
from emulator.matrix.reports import json_report
from emulator.testing import CERTS
from tests.cli.programs import COMMAND, TIMEOUT, failing

_HOST = """
import sys, serial
with serial.Serial(sys.argv[1], timeout=20) as port:
    for line in ("ATE0", "AT+CMEE=2", 'AT+CGDCONT=1,"IP","x"', "AT#SGACT=1,1", "AT#SSLEN=1,1",
                 "AT#SSLSECCFG=1,0,1", 'AT#SSLD=1,443,"123.124.125.126",0,1'):
        port.write(line.encode() + b"\\r")
        heard = b""
        while not heard.endswith(b"OK\\r\\n"):
            heard += port.readline()
            if b"ERROR" in heard:
                print("what now? <script>alert(1)</script> a|b")
                sys.exit("`upload` | *failed* <b>&amp;")
"""
_SCENARIO = """
seed = 7
[[faults]]
fault = "activation-late"
duration = "10 ms"
[[faults]]
fault = "connection-reset"
command = "#SD"
byte = "2 kB"
"""
FIRMWARES = ("HE910@12.00.004", "GE865-QUAD@10.00.007")
LAST_ERROR = "`upload` | *failed* <b>&amp;"
FIRED = "activation-late duration=10 ms"
NEVER = "never fired: no connection was opened by #SD"


@dataclass
class Reported:
    """A run of the matrix with every format."""

    folder: Path
    done: "subprocess.CompletedProcess[str]"

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    @property
    def runs(self) -> list[dict[str, Any]]:
        runs: list[dict[str, Any]] = json.loads(self.text("report.json"))["runs"]
        return runs


def _matrix(
    *arguments: str, folder: Path, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*COMMAND, "matrix", *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        cwd=folder,
        env={**os.environ, **(environment or {})},
    )


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Reported:
    """A host that meets a wrong CA on every firmware, and a scenario of which one fault fires."""
    folder = tmp_path_factory.mktemp("reported")
    (folder / "host.py").write_text(_HOST)
    (folder / "bad.toml").write_text(_SCENARIO)
    options = ["--lab", "--jobs", "2", "--scenario", "bad.toml", "--firmware", ",".join(FIRMWARES)]
    ca = ["--set", f"security_data.ca_certificate={CERTS / 'public-demo-other-ca.pem'}"]
    names = {"--junit": "report.xml", "--json": "report.json", "--html": "report.html", "--markdown": "report.md"}
    reports = [word for option in {**names, "--trace": "traces"}.items() for word in option]
    host = ["--", sys.executable, "host.py", "{port}"]
    (folder / "summary.md").write_text("# Another step\n")
    done = _matrix(*options, *ca, *reports, *host, folder=folder, environment={STEP_SUMMARY: "summary.md"})
    return Reported(folder, done)


def test_the_table_names_the_reason_where_no_run_passed(reported: Reported) -> None:
    """With the last exchange, the seed, and once for all what is the same everywhere."""
    rows, told = reported.done.stdout.splitlines(), " ".join(reported.done.stdout.split())

    assert 1 == reported.done.returncode
    assert rows[0].split() == ["Firmware", "Outcome", "Seconds", "Seed", "Last", "exchange"]
    for firmware, row in zip(FIRMWARES, rows[1:], strict=False):
        assert row.startswith(firmware) and "  7     last: AT#SSLD=" in row
        assert "+CME ERROR: SSL error during handshake [untrusted: certificate" in row
        assert "Root CA\\, loopback only" in row
    assert f"every firmware: stderr ends with: {LAST_ERROR} every" in told
    assert f"every firmware: fault 1 ({FIRED}) fired 1 of 1 time" in told
    assert f"every firmware: fault 2 (connection-reset command=#SD byte=2 kB) {NEVER}" in told


UNUSUAL: Mapping[str, Any] = {
    "empty parts": {"a": [], "b": {}, "": ()},
    "numbers": {"a": [0.0, -0.0, 1e-06, 1e22, 0.1, 10**30, -7, True, None]},
    "an infinite number": {"timeout": float("inf"), "a": [1]},
    "texts": {"é": ["\x00\x1f\x7f\u2028", 'a"\\/b', "{ [,:] }", "😀"]},
    "an argument that is no UTF-8": {"command": ["host", os.fsdecode(b"\xff")]},
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_json_is_what_python_indents(name: str) -> None:
    """To the last character, though it is indented by something faster."""
    facts = UNUSUAL[name]

    assert json.dumps(facts, indent=2, ensure_ascii=False) + "\n" == json_report.document(facts)


def test_json_has_the_events_of_each_exchange(reported: Reported) -> None:
    """As the trace has them, with the faults and the seed of the run."""
    for run in reported.runs:
        last = run["dialogue"][-1]
        assert last["said"].startswith("AT#SSLD=") and last["reason"].startswith("untrusted: ")
        events = {event["event"]: event for event in last["events"]}
        assert events["refused"]["command"] == "#SSLD" and events["refused"]["reason"].startswith("untrusted: ")
        assert events["tls-outcome"]["outcome"].startswith("untrusted: ")
        assert "untrusted: " in run["why"]
        assert (7, [1, 0]) == (run["seed"], [fault["fired"] for fault in run["faults"]])
        assert f"never fired: {run['faults'][1]['why']}" == NEVER


def test_the_manual_names_the_keys_of_a_run(reported: Reported) -> None:
    """All of them, and of the runs' whole."""
    manual = (Path(__file__).parent.parent.parent / "docs" / "testing.md").read_text(encoding="utf-8")
    table = manual.partition("For programs: ")[2].partition("| key |")[2].partition("\n\n")[0]
    cells = [line.split("|")[1:3] for line in table.splitlines()[2:]]
    named = {name for key, _ in cells for name in re.findall("`([a-z_]+)`", key)}

    assert {"command", "started", "timeout", "shard", "runs"} == set(json.loads(reported.text("report.json")))
    assert named | {"left_out"} == set(reported.runs[0])


def test_junit_has_the_time_line_of_a_failure(reported: Reported) -> None:
    """And what is known of each run as properties."""
    cases = list(ElementTree.fromstring(reported.text("report.xml")).iter("testcase"))
    assert list(FIRMWARES) == [case.get("name") for case in cases]
    for case in cases:
        (failure,) = case.iter("failure")
        facts = {str(each.get("name")): str(each.get("value")) for each in case.iter("property")}
        assert "untrusted: " in str(failure.get("message"))
        told = str(failure.text)
        assert f"stderr ends with: {LAST_ERROR}\n" in told
        assert f"  fault   1: {FIRED} (1 of 1)\n" in told
        assert "  refused #SSLD: untrusted: " in told and "  tls     untrusted: " in told
        assert "7" == facts["seed"]
        assert facts["fault 1"].endswith("fired 1 of 1 time") and facts["fault 2"].endswith(NEVER)


def test_one_run_can_be_done_again(reported: Reported) -> None:
    """By the command that the reports name, with its seed."""
    words = shlex.split(reported.runs[1]["replay"])
    assert ["--seed", "7"] == words[words.index("--seed") :][:2]
    at = words.index("matrix") + 1

    done = _matrix("--json", "again.json", *words[at:], folder=reported.folder)

    (run,) = json.loads(reported.text("again.json"))["runs"]
    assert (1, FIRMWARES[1], 7) == (done.returncode, run["firmware"], run["seed"])
    assert run["dialogue"][-1]["reason"].startswith("untrusted: ")


def test_each_run_leaves_its_trace(reported: Reported) -> None:
    """And its transcript, in one folder, by the name of the firmware."""
    names = sorted(path.name for path in (reported.folder / "traces").iterdir())

    kinds = (".trace.jsonl", ".transcript.txt")
    assert sorted(f"{firmware}{kind}" for firmware in FIRMWARES for kind in kinds) == names
    trace = [json.loads(line) for line in reported.text(f"traces/{FIRMWARES[0]}.trace.jsonl").splitlines()]
    assert {"refused", "tls-outcome", "fault-tally", "seeded"} <= {event["event"] for event in trace}
    assert "refused #SSLD: untrusted: " in reported.text(f"traces/{FIRMWARES[0]}.transcript.txt")


def test_a_matrix_that_cannot_run_leaves_no_trace(tmp_path: Path) -> None:
    """An empty file would look like a module that was silent."""
    (tmp_path / "bad.toml").write_text('[[faults]]\nfault = "rebot"\n')
    options = ["--firmware", ",".join(FIRMWARES), "--scenario", "bad.toml", "--trace", "traces"]

    done = _matrix(*options, "--", "true", folder=tmp_path)

    assert 2 == done.returncode
    assert [] == list((tmp_path / "traces").iterdir())


def test_a_profile_of_the_users_own_leaves_its_trace_in_the_folder(tmp_path: Path) -> None:
    """Its path is no path there; two of the same name have a file each; what is left of an earlier run is removed."""
    for name in ("a/mine.toml", "a_mine.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text('extends = "HE910"\n')
    command = ["--firmware", "./a/mine.toml,./a_mine.toml", "--trace", "deep/traces", "--", "true"]

    first, second = _matrix(*command, folder=tmp_path), _matrix(*command, folder=tmp_path)

    assert (0, 0) == (first.returncode, second.returncode), second
    traces = sorted((tmp_path / "deep" / "traces").glob("*.trace.jsonl"))
    assert ["a_mine.toml-2.trace.jsonl", "a_mine.toml.trace.jsonl"] == [path.name for path in traces]
    for path in traces:
        assert 1 == path.read_text().count('"seeded"')


def test_a_host_that_crashes_and_one_that_prints_garbage(tmp_path: Path) -> None:
    """The signal has its name; what no report can hold is named, and the reports are well-formed."""
    crash = "import os; os.write(1, bytes(range(256)) * 2); os.kill(os.getpid(), 11)"
    reports = ["--junit", "report.xml", "--json", "report.json"]

    done = _matrix("--firmware", "HE910", *reports, "--", sys.executable, "-c", crash, folder=tmp_path)

    assert 1 == done.returncode
    assert f"failed, ended by {signal.SIGSEGV.name}" in done.stdout
    assert "the host has said nothing to the module" in done.stdout
    case = ElementTree.parse(tmp_path / "report.xml").getroot()
    assert "<00><01>" in str(case.findtext(".//system-out")) and "<7F>" in str(case.findtext(".//system-out"))
    (run,) = json.loads((tmp_path / "report.json").read_text())["runs"]
    assert (-signal.SIGSEGV, True) == (run["exit_code"], "\x00\x01" in run["output"])


BAD_PLACES: dict[str, tuple[list[str], str]] = {
    "no folder": (["--junit", "none/report.xml"], "--junit none/report.xml: No such file or directory; name a file in"),
    "a folder": (["--json", "."], "--json .: Is a directory; name a file"),
    "a file as folder": (["--json", "file/report"], "--json file/report: Not a directory; name a file in"),
    "one place for two": (["--json", "report", "--junit", "./report"], "--json report: --junit writes there"),
    "a trace in a file": (["--trace", "file"], "--trace file: it is a file; name a folder"),
    "a trace below a file": (["--trace", "file/below"], "--trace file/below: it is a file; name a folder"),
}


@pytest.mark.parametrize("name", BAD_PLACES)
def test_a_report_that_cannot_be_written_ends_the_command_before_any_run(name: str, tmp_path: Path) -> None:
    """One line names the option, the file and what to do."""
    arguments, message = BAD_PLACES[name]
    (tmp_path / "file").write_text("mine")

    said = failing("matrix", "--firmware", "HE910", *arguments, "--", "touch", "it-ran", folder=tmp_path)

    assert message in said and 1 == len(said.splitlines())
    assert ["file"] == [path.name for path in tmp_path.iterdir()]
    assert "mine" == (tmp_path / "file").read_text()


def test_a_report_that_cannot_be_written_at_the_end_keeps_back_no_other(tmp_path: Path) -> None:
    """Its folder is gone, or the disk is full: the table is printed, and the exit code is 2."""
    (tmp_path / "gone").mkdir()
    reports = ["--junit", "gone/report.xml", "--html", "/dev/full", "--json", "report.json"]

    done = _matrix("--firmware", "HE910", *reports, "--", "rm", "-r", "gone", folder=tmp_path)

    assert 2 == done.returncode
    told = done.stderr.splitlines()[-1]
    assert told.startswith("telit-emulator: --junit gone/report.xml: No such file or directory; name a file")
    assert "; --html /dev/full: No space left on device; name a file" in told
    assert "passed" in done.stdout
    assert "passed" == json.loads((tmp_path / "report.json").read_text())["runs"][0]["outcome"]


@pytest.mark.parametrize("mistake", [["--firmware", "HE911", "--", "true"], ["--firmware", "HE910", "--", "./nowhere"]])
def test_an_older_report_is_not_taken_for_this_one(mistake: list[str], tmp_path: Path) -> None:
    """It is removed at once; what cannot be run leaves no report, not even an empty one."""
    older = tmp_path / "report.xml"
    older.write_text("older")

    failing("matrix", "--junit", "report.xml", *mistake, folder=tmp_path)

    assert [] == list(tmp_path.iterdir())


def test_a_report_may_go_to_a_pipe(tmp_path: Path) -> None:
    """Which is written once, and not removed; and through a link to the file it leads to."""
    (tmp_path / "link.xml").symlink_to(tmp_path / "report.xml")
    reports = ["--json", "/dev/stdout", "--junit", "link.xml"]

    done = _matrix("--firmware", "HE910", *reports, "--", "true", folder=tmp_path)

    table, _, report = done.stdout.partition("\n{")
    assert table.startswith("Firmware") and "HE910@12.00.004" == json.loads("{" + report)["runs"][0]["firmware"]
    assert (tmp_path / "link.xml").is_symlink()
    assert "1" == ElementTree.parse(tmp_path / "report.xml").getroot().get("tests")


def test_the_markdown_is_the_summary_of_a_step(reported: Reported) -> None:
    """It is added to what the file holds, and stderr says so."""
    told = reported.text("report.md")

    assert f"# Another step\n{told}" == reported.text("summary.md")
    assert f"summary.md (${STEP_SUMMARY})" in reported.done.stderr


def test_a_summary_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """And changes nothing else."""
    done = _matrix("--firmware", "HE910", "--", "true", folder=tmp_path, environment={STEP_SUMMARY: "none/summary"})

    assert 0 == done.returncode
    assert f"telit-emulator: ${STEP_SUMMARY} none/summary: No such file" in done.stderr
