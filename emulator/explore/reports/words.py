"""Sentences on an exploration that several formats tell."""

from collections.abc import Iterator

from emulator.explore.reports.model import Report
from emulator.explore.reports.survey import Fate, Row
from emulator.explore.steps.step import Step
from emulator.explore.trials.verdict import Outcome


def survived(report: Report) -> Iterator[str]:
    """Yield what was explored and survived, a line each."""
    for exploration, survey in zip(report.explorations, report.surveys, strict=True):
        steps = sum(survey.counts(column.kind).total() for column in survey.columns)
        passed = sum(survey.counts(column.kind)[Fate.PASSED] for column in survey.columns)
        places = len(survey.cells)
        yield (
            f"{exploration.firmware}: {exploration.runs} runs; "
            f"{passed} of {steps} steps aside at {places} places passed"
        )


def remarks(report: Report) -> Iterator[str]:
    """Yield what else is to be said: what was left out, and what to do about it."""
    several = len(report.explorations) > 1
    for exploration in report.explorations:
        yield from (f"{exploration.firmware}: {note}" if several else note for note in exploration.notes)
    if report.number(Fate.NOT_TRIED):
        yield "to try the rest, give more --budget or --minutes; without either all single steps are tried"


def in_words(step: Step) -> str:
    """Return a step in one line: what was done, where, and why a module may do so."""
    detail = f" {step.detail}" if step.detail else ""
    return f"{step.kind}{detail} at {Row(step.command, step.occurrence).name}; {step.source}"


MEANINGS = {
    Outcome.CRASH: "ended by a signal or by an exception that nobody caught",
    Outcome.HANG: "had no end within the time of a run",
    Outcome.FALSE_SUCCESS: "said success, and the far end has not what it should",
    Outcome.LOST_DATA: "said success, and data did not arrive, or not all of them",
    Outcome.DUPLICATE_DATA: "said success, and data arrived more than once",
    Outcome.NEEDLESS_FAILURE: "gave up, though all was well again within its patience",
}
"""What each outcome says of the host."""
