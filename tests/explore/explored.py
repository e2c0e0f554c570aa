"""Explorations made by hand: what their reports show is known beforehand."""

from collections.abc import Sequence
from datetime import UTC, datetime

from emulator.at.syntax import Form
from emulator.explore.exploration import Exploration
from emulator.explore.findings.finding import Finding
from emulator.explore.reports.model import Report
from emulator.explore.schedule.tried import State, Tried
from emulator.explore.steps.step import Nature, Step
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.trial import Result, Trial
from emulator.explore.trials.verdict import Outcome
from emulator.faults.census import Census
from emulator.faults.fault import Place
from emulator.matrix.result import Ending
from emulator.matrix.result import Outcome as End
from emulator.matrix.story import Story
from emulator.trace.events import Event

FIRMWARE = "HE910@12.00.004"


def step(kind: str, command: str, occurrence: int = 1, nature: Nature = Nature.VARIATION, detail: str = "") -> Step:
    """A step with one fault, which only reports see."""
    fault = {"fault": "bytes-late", "command": command, "occurrence": occurrence, "byte": 1, "duration": 0.1}
    return Step(kind, nature, command, occurrence, (fault,), f"a document on {kind}", detail=detail)


def result(outcome: Outcome, *steps: Step, events: Sequence[Event] = (), printed: str = "") -> Result:
    """A run that has told what its outcome says."""
    story = Story()
    for at, event in enumerate(events):
        story(at / 8, event)
    ended = Outcome.PASSED if outcome is Outcome.PASSED else outcome
    code = {Outcome.PASSED: 0, Outcome.HANG: None, Outcome.CRASH: -11}.get(ended, 1)
    end = End.TIMED_OUT if code is None else End.FAILED if code else End.PASSED
    return Result(Trial(1, FIRMWARE, steps, 9.5), outcome, Ending(end, code, 1.25, printed, printed), story)


def exploration(
    *tried: Tried, findings: Sequence[Finding] = (), places: Sequence[tuple[str, Form]] = ()
) -> Exploration:
    """An exploration of one firmware."""
    healthy, census = result(Outcome.PASSED), Census()
    for name, form in places:
        census.note(Place.COMMAND, [name], form, "1", 0.0)
    made = Exploration(FIRMWARE, 7, Result(healthy.trial, Outcome.PASSED, healthy.ending, healthy.story, None, census))
    made.results = [one.result for one in tried if one.result is not None]
    made.tried, made.findings, made.seconds = tried, list(findings), 2.5
    return made


def report(*explorations: Exploration, command: Sequence[str] = ("./host", "{port}")) -> Report:
    """What came of exploring a host."""
    return Report(Setting(command, lab=True), ["--lab"], explorations, datetime.now(UTC))


def survived(one: Step, outcome: Outcome = Outcome.PASSED) -> Tried:
    """A step that the host has borne."""
    return Tried(one, State.SURVIVED, result(outcome, one))


def guilty(one: Step, outcome: Outcome) -> Tried:
    """A step that breaks the host."""
    return Tried(one, State.GUILTY, result(outcome, one))
