"""What is made of the runs that failed: one finding a bug, with the least scenario that shows it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from emulator.explore.findings.conclusion import conclude
from emulator.explore.findings.retrials import UNREDUCED
from emulator.explore.steps.step import Nature, Step
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.trial import Result, Trial
from emulator.explore.trials.verdict import Outcome
from emulator.explore.trials.worker import Worker
from tests.explore.exploring import FIRMWARE, find, step
from tests.explore.serial_hosts import host

ONE_READ = """
ask("ATE0"); ask("AT+CMEE=2")
say("AT+CSQ")
heard = port.read(1)
time.sleep(0.1)
heard += port.read(64)
if not heard.endswith(b"OK\\r\\n"):
    sys.exit("error: no OK in " + repr(heard))
"""
WITHOUT_LIMIT = """
port.timeout = None
for line in ("ATE0", "AT+CMEE=2", "AT+CREG?", "AT+CSQ"):
    say(line)
    port.read_until(b"OK\\r\\n")
"""
ONE_WITHOUT_LIMIT = """
ask_again("ATE0"); ask_again("AT+CMEE=2"); ask_again("AT+CREG?")
port.timeout = None
say("AT+CSQ")
port.read_until(b"OK\\r\\n")
"""

RING = {"fault": "unsolicited-line", "text": "RING", "at": "answer", "byte": 0}


def late(command: str, byte: int, seconds: float = 0.3, **keys: object) -> dict[str, object]:
    return {"fault": "bytes-late", "command": command, "byte": byte, "duration": seconds, **keys}


def reboot(command: str, **keys: object) -> dict[str, object]:
    return {"fault": "reboot", "command": command, **keys}


def test_many_bytes_at_which_an_answer_is_cut_are_one_finding(tmp_path: Path) -> None:
    """The simplest of them is told: at the end of a line, with the shortest pause that shows it surely."""
    tried = [step(Nature.VARIATION, late("+CSQ", byte, 3.0, occurrence=1)) for byte in (3, 5, 9, 15)]
    between = {"fault": "bytes-late", "command": "+CSQ", "line": "result", "duration": 3.0}

    (finding,) = find(host(tmp_path, ONE_READ), tried, known=[step(Nature.VARIATION, between)])

    assert (finding.outcome, finding.place) == (Outcome.NEEDLESS_FAILURE, "+CSQ")
    assert (finding.runs, finding.shown) == (4, (5, 5))
    (fault,) = finding.steps[0].faults
    assert fault["line"] == "result"
    assert fault["duration"] <= 1  # the host waits for 0.15 s
    assert "occurrence" not in fault


def test_one_blocking_read_that_all_commands_share_is_one_finding(tmp_path: Path) -> None:
    """It names all the commands at which it shows."""
    restarts = [step(Nature.FAULT, reboot(command)) for command in ("E=", "+CMEE=", "+CREG?", "+CSQ")]

    (finding,) = find(host(tmp_path, WITHOUT_LIMIT), restarts, limit=1.0)

    assert (finding.outcome, finding.place, finding.runs) == (Outcome.HANG, "ATE", 4)
    assert finding.commands == ("E=", "+CMEE=", "+CREG?", "+CSQ")
    assert "The same at 4 commands: ATE, +CMEE, +CREG?, +CSQ." in finding.sentence
    assert finding.shown == (5, 5)


def test_a_blocking_read_at_one_command_is_told_with_the_simplest_fault(tmp_path: Path) -> None:
    """Whatever has shown it: a restart of the module is simpler than a while without power, and than two faults."""
    power = {"fault": "brown-out", "command": "+CSQ", "duration": 3.0}
    steps = [step(Nature.FAULT, power, late("+CSQ", 3)), step(Nature.FAULT, power)]
    restart = step(Nature.FAULT, reboot("+CSQ"), kind="restart")

    (finding,) = find(host(tmp_path, ONE_WITHOUT_LIMIT), steps, known=[restart], limit=1.0)

    assert (finding.outcome, finding.place, finding.runs) == (Outcome.HANG, "+CSQ", 2)
    assert [one.faults for one in finding.steps] == [({"fault": "reboot", "command": "+CSQ"},)]


def test_two_bugs_at_one_command_do_not_hide_each_other(tmp_path: Path) -> None:
    """A host that takes an answer in one piece, and a URC for the answer, says the same both times."""
    urc = {"fault": "unsolicited-line", "text": "+CREG: 1", "command": "+CSQ", "at": "answer", "byte": 0}
    steps = [
        step(Nature.VARIATION, late("+CSQ", 14), kind="answer in two pieces"),
        step(Nature.VARIATION, urc, kind="URC before an answer"),
    ]
    body = ONE_READ.replace("if not heard", "if b'+CREG' in heard or not heard")

    findings = find(host(tmp_path, body), steps)

    assert [finding.place for finding in findings] == ["+CSQ", "+CSQ"]
    assert {finding.steps[0].faults[0]["fault"] for finding in findings} == {"bytes-late", "unsolicited-line"}


def test_steps_that_break_the_host_only_together_stay_together(tmp_path: Path) -> None:
    """And a third one, which has nothing to do with it, goes."""
    body = """
ask("ATE0")
if b"RING" in ask("AT+CREG?") and b"RING" in ask("AT+CSQ"):
    sys.exit("error: too many calls")
ask("AT+CMEE=2")
"""
    rings = [step(Nature.VARIATION, {**RING, "command": command}) for command in ("E=", "+CREG?", "+CSQ")]

    (finding,) = find(host(tmp_path, body), [tuple(rings)])

    assert finding.steps == (rings[1], rings[2])
    assert finding.place == "+CSQ (applied at +CREG? and +CSQ)"


def test_a_crash_is_known_by_its_line_of_code_wherever_it_comes(tmp_path: Path) -> None:
    """One line of a parser is one bug, whichever command comes to it."""
    body = """
def parse(line):
    return ask(line).split(b": ")[1].split(b",")[1]
ask("ATE0"); parse("AT+CREG?"); parse("AT+CSQ")
"""
    lost = [
        step(Nature.NOISE, {"fault": "bytes-lost", "command": command, "byte": byte, "count": 1})
        for command, byte in (("+CREG?", 10), ("+CREG?", 8), ("+CSQ", 7))
    ]

    (finding,) = find(host(tmp_path, body), lost)

    assert (finding.outcome, finding.runs) == (Outcome.CRASH, 3)
    assert "IndexError" in finding.sentence
    assert "The host ended by an exception that it did not catch" in finding.sentence


def test_a_host_that_fails_at_chance_says_so_and_comes_last(tmp_path: Path) -> None:
    """Five runs of the scenario do not all show it."""
    body = """
import pathlib
seen = pathlib.Path(sys.argv[0]).with_name("seen")
ask("ATE0")
if b"RING" in ask("AT+CREG?"):
    with seen.open("a") as file:
        file.write("x")
    if seen.stat().st_size % 2:
        sys.exit("error: a bad moment")
ask("AT+CSQ")
"""

    (finding,) = find(host(tmp_path, body), [step(Nature.VARIATION, {**RING, "command": "+CREG?"})])

    assert finding.shown[0] in (2, 3)
    assert finding.shown[1] == 5
    assert f"Not every time: {finding.shown[0]} of 5." in finding.sentence
    assert not finding.is_steady


def test_without_effort_nothing_is_run_again(tmp_path: Path) -> None:
    """As after Ctrl-C: what was found is told as it is."""
    pieces = [step(Nature.VARIATION, late("+CSQ", byte)) for byte in (9, 1)]

    (finding,) = find(host(tmp_path, ONE_READ), pieces, effort=UNREDUCED)

    assert (finding.runs, finding.reruns, finding.shown) == (2, 0, (0, 0))
    assert finding.steps[0].faults[0]["byte"] == 1


@pytest.mark.parametrize("said", ["ask_again('ATE0'); ask_again('AT+CSQ'); raise SystemExit(0)"])
def test_a_robust_host_has_no_finding(tmp_path: Path, said: str) -> None:
    """Nothing is concluded from what it bears."""
    steps = [step(Nature.VARIATION, late("+CSQ", 9, 0.2)), step(Nature.FAULT, late("+CSQ", 9, 0.2))]

    assert find(host(tmp_path, said), steps) == []


def test_ctrl_c_while_it_is_reduced_tells_what_was_found_as_it_is(tmp_path: Path) -> None:
    """And that it was broken off."""

    def interrupted(several: Sequence[Sequence[Step]]) -> Iterable[Result]:
        raise KeyboardInterrupt

    cut = step(Nature.VARIATION, late("+CSQ", 9, 3.0))
    with Worker(Setting(host(tmp_path, ONE_READ))) as worker:
        healthy = worker.run(Trial(0, FIRMWARE, (), 10, takes_census=True))
        failure = worker.run(Trial(1, FIRMWARE, (cut,), 10))

    concluded = conclude(interrupted, healthy, [failure])

    assert concluded.is_broken_off
    assert [(finding.place, finding.steps, finding.shown) for finding in concluded.findings] == [
        ("+CSQ", (cut,), (0, 0))
    ]
