"""Concludes once more what the shards of an exploration have found: one group of all of them is one finding."""

from collections.abc import Sequence

from emulator.explore.findings.conclusion import commands_of, finding_of, number_steady_first, weighted_groups
from emulator.explore.findings.finding import Finding
from emulator.explore.findings.reduction import Reduced, start_of
from emulator.explore.findings.simpler import Known
from emulator.explore.trials.trial import Result
from emulator.faults.census import Census


def conclude_again(
    healthy: Result, failures: Sequence[Result], results: Sequence[Result], reduced: Sequence[Finding]
) -> list[Finding]:
    """Return the findings of one firmware, in the order of their weight, with numbers from 1 on; nothing is run.

    Of the scenarios to which the shards have reduced what is one finding now, one that shows it each time is taken; of
    several, the one whose reduction began where that of the whole would have begun.

    Args:
        healthy: the healthy run, with its census.
        failures: those of all shards, in the order of the whole.
        results: of all trials.
        reduced: the findings of the shards.
    """
    census = healthy.census or Census()
    commands = commands_of(census)
    findings = []
    for one in weighted_groups(failures, results, commands):
        known = Known(census, one.signature.outcome)
        start = start_of(one, known, commands)
        of_it = [each for each in reduced if any(each.start is result for result in one.results)]
        chosen = min(
            of_it,
            key=lambda each: (not each.is_steady, each.start is not start, known.cost(tuple(each.steps))),
            default=None,
        )
        least = (
            Reduced(start.trial.steps, start)
            if chosen is None
            else Reduced(tuple(chosen.steps), chosen.result, chosen.shown)
        )
        findings.append(finding_of(one, least, start, census, sum(each.reruns for each in of_it)))
    number_steady_first(findings)
    return findings
