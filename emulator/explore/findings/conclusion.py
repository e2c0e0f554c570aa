"""Concludes an exploration: groups what was found, reduces and confirms each finding, and names it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from emulator.explore.findings.finding import Finding
from emulator.explore.findings.grouping import Group, group
from emulator.explore.findings.reduction import Reduced, Reduction, start_of
from emulator.explore.findings.retrials import THOROUGH, UNREDUCED, Effort, Retrials, Runner
from emulator.explore.findings.sentence import of_steps, sentence
from emulator.explore.findings.simpler import Known
from emulator.explore.findings.simplicity import cost_of
from emulator.explore.findings.whereabouts import BEFORE, outcome_place, shown, whereabouts
from emulator.explore.steps.step import Step
from emulator.explore.trials.trial import Result
from emulator.explore.trials.verdict import Outcome
from emulator.faults.census import Census
from emulator.faults.fault import Place

_WEIGHTS = (
    Outcome.CRASH,
    Outcome.HANG,
    Outcome.FALSE_SUCCESS,
    Outcome.LOST_DATA,
    Outcome.DUPLICATE_DATA,
    Outcome.NEEDLESS_FAILURE,
)
"""From the worst outcome on."""


class Concluded(NamedTuple):
    """What came of it."""

    findings: list[Finding]
    is_broken_off: bool
    """Whether somebody has stopped it."""


def conclude(
    run: Runner,
    healthy: Result,
    failures: Sequence[Result],
    *,
    results: Sequence[Result] = (),
    steps: Sequence[Step] = (),
    effort: Effort = THOROUGH,
    begins: Callable[[int], None] = lambda findings: None,
    told: Callable[[Finding], None] = lambda finding: None,
) -> Concluded:
    """Return the findings of one firmware, in the order of their weight, with numbers from 1 on.

    Ctrl-C (KeyboardInterrupt) ends what is run again; findings that were not reduced until then are told as they are.

    Args:
        run: runs what is still to be run.
        healthy: the healthy run, with its census.
        failures: runs that each show something to be mended, of one step or of several that break the host together.
        results: of all trials; they tell how many runs have shown a finding, and what the host has borne.
        steps: all single steps; a simpler one of them may show the same.
        effort: how much is done for each finding; `UNREDUCED` runs nothing.
        begins: called with the number of findings, before the first one is reduced.
        told: called with each finding as it is found, before it has its number.
    """
    census = healthy.census or Census()
    commands = commands_of(census)
    survived = [step for result in results if not result.outcome.is_finding for step in result.trial.steps]
    groups = weighted_groups(failures, results, commands)
    begins(len(groups))
    findings, is_broken_off = [], False
    for done, one in enumerate(groups):
        retrials, known = Retrials(run), Known(census, one.signature.outcome, steps, survived)
        share = effort.share(len(groups) - done).affordable(one.simplest.ending.seconds)
        try:
            reduced = Reduction(one, retrials, known, share, commands).run()
        except KeyboardInterrupt:
            effort, is_broken_off = UNREDUCED, True
            reduced = Reduction(one, retrials, known, UNREDUCED, commands).run()
        effort = effort.less(retrials.runs)
        start = start_of(one, known, commands)
        findings.append(finding_of(one, reduced, start, census, retrials.runs))
        told(findings[-1])
    number_steady_first(findings)
    return Concluded(findings, is_broken_off)


def commands_of(census: Census) -> list[str]:
    """Return the commands of the healthy run, each once, in their order."""
    return list(dict.fromkeys(passed.command for passed in census.passed if passed.place is Place.COMMAND))


def weighted_groups(failures: Sequence[Result], results: Sequence[Result], commands: Sequence[str]) -> list[Group]:
    """Return the groups of what was found, the worst first."""
    return sorted(group(failures, results, commands), key=lambda each: _weight(each, commands))


def number_steady_first(findings: list[Finding]) -> None:
    """Put those last that do not show each time, keep the order otherwise, and number all of them."""
    findings.sort(key=lambda finding: not finding.is_steady)
    for place, finding in enumerate(findings, 1):
        finding.number = place


def _weight(one: Group, commands: Sequence[str]) -> tuple[object, ...]:
    place = one.signature.place or one.simplest.trial.steps[0].command
    order = commands.index(place) if place in commands else len(commands)
    return (_WEIGHTS.index(one.signature.outcome), order, cost_of(one.simplest.trial.steps))


def finding_of(one: Group, reduced: Reduced, start: Result, census: Census, runs: int) -> Finding:
    """Return what is told of a group.

    Args:
        one: the group.
        reduced: the least scenario that shows it.
        start: the run from which it was reduced.
        census: of the healthy run.
        runs: how many the reduction took.
    """
    result = reduced.result
    return Finding(
        number=0,
        firmware=result.trial.firmware,
        outcome=result.outcome,
        place=_place(result),
        sentence=sentence(result, census, commands=one.commands, is_general=one.is_general, shown_again=reduced.shown),
        steps=reduced.steps,
        result=result,
        runs=one.runs,
        shown=reduced.shown,
        commands=tuple(one.commands),
        reruns=runs,
        start=start,
    )


def _place(result: Result) -> str:
    """Return where the host went wrong; where the step applied, and where the host gave up, if that was elsewhere."""
    steps = result.trial.steps
    where = whereabouts(result.story, steps)
    place, applied = shown(outcome_place(result.outcome, where, steps)), of_steps(steps)
    if applied and place != applied:
        return f"{place} (applied at {applied})"
    if result.outcome is Outcome.NEEDLESS_FAILURE and where.command != BEFORE and shown(where.command) != place:
        return f"{place} (gave up at {shown(where.command)})"
    return place + (f" (number {steps[-1].occurrence})" if steps and steps[-1].occurrence > 1 else "")
