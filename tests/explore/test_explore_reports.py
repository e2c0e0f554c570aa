"""The reports of `telit-emulator explore`: all formats tell the same of one exploration."""

import contextlib
import fcntl
import json
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import html5lib
import pytest

from emulator.cli.reports import STEP_SUMMARY
from emulator.explore.trials.verdict import Outcome
from tests.cli.programs import COMMAND, TIMEOUT
from tests.schemas.test_schemas import flaws

_HOST = """
import sys, time, serial
with serial.Serial(sys.argv[1], timeout=5) as port:
    port.write(b"ATE0\\r")
    port.read_until(b"OK\\r\\n")
    port.write(b"AT+CREG?\\r")
    {read}
registered = heard.split(b",")[1]
"""
WEAK = _HOST.format(read="heard = port.read(1); time.sleep(0.02); heard += port.read(port.in_waiting)")
"""Takes what has come by then for the answer."""
ROBUST = _HOST.format(read='heard = port.read_until(b"OK\\r\\n")')
OPTIONS = ["--kinds", "answer-in-two-pieces", "--seed", "3", "--jobs", "2"]
FIRMWARE = "HE910@12.00.004"
"""What the command takes when it is given none."""
SCENARIO = "explore-findings/001-crash-after-CREG.toml"


@dataclass
class Explored:
    """A run of the command with every format."""

    folder: Path
    done: "subprocess.CompletedProcess[str]"

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self.text("report.json"))
        return facts

    @property
    def suite(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.text("report.xml"))

    @property
    def told(self) -> str:
        return " ".join(self.done.stdout.split())


def _run(arguments: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, STEP_SUMMARY: "summary.md"}
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=TIMEOUT, cwd=folder, env=environment
    )


def _explored(folder: Path, host: str) -> Explored:
    (folder / "host.py").write_text(host)
    names = {"--junit": "report.xml", "--json": "report.json", "--html": "report.html", "--markdown": "report.md"}
    reports = [word for option in names.items() for word in option]
    return Explored(folder, _run(["explore", *OPTIONS, *reports, "--", sys.executable, "host.py", "{port}"], folder))


@pytest.fixture(scope="module")
def weak(tmp_path_factory: pytest.TempPathFactory) -> Explored:
    return _explored(tmp_path_factory.mktemp("weak"), WEAK)


@pytest.fixture(scope="module")
def robust(tmp_path_factory: pytest.TempPathFactory) -> Explored:
    return _explored(tmp_path_factory.mktemp("robust"), ROBUST)


def test_the_table_has_the_finding_and_what_was_explored(weak: Explored) -> None:
    """With its file, the kinds of steps, the seed, and what to type next; a sentence is one line in a pipe."""
    lines = weak.done.stdout.splitlines()

    assert 1 == weak.done.returncode, weak.done
    runs = str(weak.facts["findings"][0]["runs"])
    assert [["No.", "Outcome", "Runs", "Shown", "Place"], ["1", "crash", runs, "5/5", "+CREG?"]] == [
        line.split() for line in lines[:2]
    ]
    assert weak.facts["findings"][0]["sentence"] == lines[2].strip()
    assert SCENARIO == lines[3].strip()
    kinds = lines.index(next(line for line in lines if line.startswith(f"Steps on {FIRMWARE}")))
    assert lines[kinds + 1].startswith("answer in two pieces")
    assert f"1 finding (1 crash) in {weak.facts['runs']} runs" in weak.told and ", seed 3" in weak.told
    assert f"to see finding 1 again: {weak.facts['findings'][0]['replay']}" in weak.told
    assert f"to explore again: {weak.facts['again']}" in weak.told
    assert "\x1b" not in weak.done.stdout


def test_nothing_found_is_told_with_what_was_survived(robust: Explored) -> None:
    """Exit code 0, no folder of scenarios."""
    ((passed, steps),) = robust.facts["explored"][0]["kinds"][0]["steps"].items()
    told = f"Nothing found. {FIRMWARE}: {robust.facts['runs']} runs; {steps} of {steps} steps aside at 2 places passed"

    assert (0, "passed") == (robust.done.returncode, passed), robust.done
    assert robust.told.startswith(told)
    assert not (robust.folder / "explore-findings").exists()
    assert [] == robust.facts["findings"]


def test_json_has_what_programs_ask_for(weak: Explored) -> None:
    """As its schema says; the steps with their sources, the dialogue with its events."""
    (finding,) = weak.facts["findings"]

    assert [] == flaws("exploration", weak.facts)
    assert (FIRMWARE, 3, "crash", "+CREG?", SCENARIO, 1) == (
        *(weak.facts[key] for key in ("firmware", "seed")),
        *(finding[key] for key in ("outcome", "place", "scenario", "exit_code")),
    )
    assert "IndexError" in finding["sentence"] and "IndexError" in finding["errors"]
    (step,) = finding["steps"]
    assert ("answer in two pieces", "variation", "+CREG?") == (step["kind"], step["nature"], step["command"])
    assert step["source"].startswith("V.250") and "bytes-late" == step["faults"][0]["fault"]
    events = [event["event"] for exchange in finding["dialogue"] for event in exchange["events"]]
    assert {"host-sent", "module-sent", "fault"} <= set(events)


def test_json_has_the_map(weak: Explored, robust: Explored) -> None:
    """Place by kind, in the order of the healthy run, and how many steps had which outcome."""
    for explored, worst in ((weak, "crash"), (robust, "passed")):
        (firmware,) = explored.facts["explored"]
        assert [("E=", "passed"), ("+CREG?", worst)] == [
            (place["command"], place["worst"]["answer in two pieces"]) for place in firmware["places"]
        ]
        assert {worst, "passed"} <= {*firmware["kinds"][0]["steps"]}
    assert [] == flaws("exploration", robust.facts)


def test_junit_has_a_failing_case_a_finding(weak: Explored) -> None:
    """With the sentence, the dialogue, and the command that shows it again."""
    (case,) = weak.suite.iter("testcase")
    (failure,) = case.iter("failure")
    (finding,) = weak.facts["findings"]

    assert ("1", "1") == (weak.suite.get("tests"), weak.suite.get("failures"))
    assert f"1: crash at +CREG? ({FIRMWARE})" == case.get("name")
    assert (finding["sentence"], "crash") == (failure.get("message"), failure.get("type"))
    told = str(failure.text)
    assert f"To see it again: {finding['replay']}\n" in told
    assert "  host    AT+CREG?" in told and "  fault   1: bytes-late command=+CREG?" in told
    facts = {str(each.get("name")): str(each.get("value")) for each in case.iter("property")}
    assert ("crash", "3", SCENARIO) == (facts["outcome"], facts["seed"], facts["scenario"])
    assert "IndexError" in str(case.findtext("system-err"))


def test_junit_has_one_passing_case_where_nothing_was_found(robust: Explored) -> None:
    """It says how many runs there were."""
    (case,) = robust.suite.iter("testcase")

    assert ("1", "0") == (robust.suite.get("tests"), robust.suite.get("failures"))
    assert f"nothing found in {robust.facts['runs']} runs" == case.get("name")
    assert [] == list(case.iter("failure"))


def test_the_page_has_the_map_with_the_dialogue(weak: Explored, robust: Explored) -> None:
    """Strictly as the standard has it: a crash at +CREG?, whose cell leads to a run with its traceback."""
    for explored in (weak, robust):
        html5lib.HTMLParser(strict=True).parse(explored.text("report.html"))
    page = html5lib.parse(weak.text("report.html"), namespaceHTMLElements=False)
    (link,) = (each for cell in page.iter("td") if cell.get("class") == "crash" for each in cell.iter("a"))
    (run,) = (each for each in page.iter("details") if f"#{each.get('id')}" == link.get("href"))

    assert str(link.get("aria-label")).startswith("crash, 1 of ")
    told = "".join(run.itertext())
    assert "host    AT+CREG?" in told and "IndexError: list index out of range" in told


def test_the_markdown_is_the_summary_of_a_step(weak: Explored, robust: Explored) -> None:
    """What was found, and how to see it again."""
    for explored in (weak, robust):
        assert explored.text("report.md") == explored.text("summary.md")
    assert "❌" in weak.text("report.md") and weak.facts["findings"][0]["replay"] in weak.text("report.md")
    assert "✅" in robust.text("report.md")


def test_a_log_tells_how_it_goes(weak: Explored) -> None:
    """The healthy run, how far it is, and what breaks the host as soon as it is seen."""
    lines = weak.done.stderr.splitlines()

    assert lines[0].startswith(f"{FIRMWARE}: the healthy run has passed in ")
    assert f"{FIRMWARE}: crash: answer in two pieces at +CREG?" in lines
    assert f"{FIRMWARE}: reduced: crash at +CREG?" in lines
    assert len(lines) < 20


@pytest.mark.parametrize("no_color", ["", "1"])
def test_a_terminal_has_a_bar_and_colours(no_color: str, robust: Explored) -> None:
    """As wide as it is; $NO_COLOR takes the colours away."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 70, 0, 0))
    command = [*COMMAND, "explore", *OPTIONS, "--budget", "3", "--", sys.executable, "host.py", "{port}"]
    environment = {**os.environ, "NO_COLOR": no_color, "TERM": "xterm", "COLUMNS": ""}
    with subprocess.Popen(command, cwd=robust.folder, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        told = _read_all(ours)

    assert 0 == process.returncode, told
    assert re.search(r"\d/\d.* runs", told) and "nothing found yet" in told
    assert bool(no_color) != ("\x1b[32m" in told)
    table = told[told.index("Nothing found.") :].splitlines()
    assert max(len(line) for line in table) <= 70


def _read_all(descriptor: int) -> str:
    data = b""
    with contextlib.suppress(OSError):  # Linux ends so when nobody has the other end any more
        while more := os.read(descriptor, 65536):
            data += more
    os.close(descriptor)
    return data.decode()


def test_the_replay_shows_the_finding(weak: Explored) -> None:
    """By the matrix, with the scenario's file."""
    (finding,) = weak.facts["findings"]

    done = _run(shlex.split(finding["replay"])[1:], weak.folder)

    assert 1 == done.returncode, done
    assert "IndexError" in done.stdout


def test_the_outcomes_of_the_reports_are_those_of_the_verdict() -> None:
    """By the names that programs know."""
    names = "crash hang false-success lost-data duplicate-data needless-failure"

    assert names.split() == [str(outcome) for outcome in Outcome if outcome.is_finding]
