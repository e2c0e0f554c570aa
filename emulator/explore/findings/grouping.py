"""Groups results by the bug that they show, as far as that can be told from outside.

Results are of one bug when outcome, place, symptom and cause are the same. All that fails or is lost is one cause: a
host that waits without a limit hangs at all of it, and where the host hears another error the symptom is another one.
Variations are a cause for each subject: a host that takes answers in one piece and one that takes a URC for the answer
are two bugs, though both give up at one command with one word.

What commands share is told once, with all its places: when one cause breaks the host at several commands and it always
says the same words, or when it breaks it in one way at most of the commands at which it was tried.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from emulator.explore.findings.causes import cause_of
from emulator.explore.findings.signature import Signature, is_alike, is_telling, signature_of
from emulator.explore.findings.simplicity import cost_of
from emulator.explore.steps.step import Step
from emulator.explore.trials.trial import Result


@dataclass
class Group:
    """Results of one bug."""

    signature: Signature
    results: list[Result] = field(default_factory=list)
    """From the simplest on, those with the group's signature first."""
    commands: list[str] = field(default_factory=list)
    """At which steps have applied, in the order of the healthy run."""
    is_general: bool = False
    """Whether it is one bug at most commands."""
    runs: int = 0
    """How many runs have shown it."""

    @property
    def simplest(self) -> Result:
        """Return the result with the simplest steps."""
        return self.results[0]


def group(failures: Sequence[Result], results: Sequence[Result], commands: Sequence[str]) -> list[Group]:
    """Return the groups of what was found.

    Args:
        failures: runs that each show something, of one step or of several that break the host together.
        results: all runs; they tell at how many commands a cause was tried, and how many runs have shown it.
        commands: those of the healthy run, in their order.
    """
    alone = [result for result in failures if len(result.trial.steps) == 1]
    groups = _merged(_by_signature(alone, commands), _tried([*results, *failures]), commands)
    for result in failures:
        if len(result.trial.steps) != 1:
            signature = signature_of(result, commands)
            found = _explaining(groups, result, signature)
            if found is None:
                groups.append(Group(signature, [result]))
            else:
                found.results.append(result)
    for one in groups:
        one.results.sort(key=lambda result: (_fits(one, result, commands), cost_of(result.trial.steps)))
        hit = {step.command for result in one.results if len(result.trial.steps) == 1 for step in result.trial.steps}
        one.commands = sorted(hit, key=lambda name: commands.index(name) if name in commands else len(commands))
    _count(groups, failures, results, commands)
    return groups


def _count(groups: list[Group], failures: Sequence[Result], results: Sequence[Result], commands: Sequence[str]) -> None:
    """Count the runs of each group; a run of many steps that was taken apart has shown what one of them shows."""
    for one in groups:
        one.runs = len(one.results)
    counted = {result.trial.number for result in failures}
    for result in results:
        if result.outcome.is_finding and result.trial.number not in counted:
            found = _explaining(groups, result, signature_of(result, commands))
            if found is not None:
                found.runs += 1


def _by_signature(results: Iterable[Result], commands: Sequence[str]) -> list[Group]:
    groups: list[Group] = []
    for result in sorted(results, key=lambda each: (cost_of(each.trial.steps), _order(each, commands))):
        signature = signature_of(result, commands)
        found = next((one for one in groups if _is_same(one.signature, signature)), None)
        if found is None:
            found = Group(signature)
            groups.append(found)
        found.results.append(result)
    return groups


def _order(result: Result, commands: Sequence[str]) -> int:
    """Return the number of the command at which the first step applied, in the healthy run."""
    name = result.trial.steps[0].command
    return commands.index(name) if name in commands else len(commands)


def _is_same(one: Signature, other: Signature) -> bool:
    return one._replace(symptom="") == other._replace(symptom="") and is_alike(one.symptom, other.symptom)


def _tried(results: Iterable[Result]) -> Sequence[Step]:
    return [step for result in results for step in result.trial.steps]


def _merged(groups: Sequence[Group], tried: Sequence[Step], commands: Sequence[str]) -> list[Group]:
    """Put groups together that are one bug at most commands at which their cause was tried."""
    merged: list[Group] = []
    for one in groups:
        if any(known.is_general and _is_same_elsewhere(known.signature, one.signature) for known in merged):
            continue
        same = [other for other in groups if _is_same_elsewhere(one.signature, other.signature)]
        hit = {step.command for other in same for result in other.results for step in result.trial.steps}
        at = {step.command for step in tried if _has_cause(one.signature, step)}
        is_shared = is_telling(one.signature.symptom) or len(hit) >= _MOST * len(at)
        if one.signature.place and len(same) >= _SEVERAL and is_shared:
            first = min(same, key=lambda other: min(_order(each, commands) for each in other.results))
            merged.append(Group(first.signature, [each for other in same for each in other.results], is_general=True))
        else:
            merged.append(one)
    return merged


_SEVERAL = 3
"""Places at least of a bug that all commands share."""
_MOST = 0.5
"""Share of the commands at which its cause was tried."""


def _has_cause(signature: Signature, step: Step) -> bool:
    return signature.cause in ("", cause_of([step]))


def _is_same_elsewhere(one: Signature, other: Signature) -> bool:
    return _is_same(one._replace(place=""), other._replace(place=""))


def _fits(group: Group, result: Result, commands: Collection[str]) -> bool:
    """Return False, which sorts first, for a result with the group's own signature."""
    return not _is_same(group.signature, signature_of(result, commands))


def _explaining(groups: list[Group], result: Result, signature: Signature) -> Group | None:
    """Return the group of which a run of several steps is: one of them shows it alone, or the signature is the same."""
    parts = (one for one in groups if any(_is_part(each.trial.steps, result.trial.steps) for each in one.results))
    same = (one for one in groups if _is_same(one.signature._replace(cause=""), signature._replace(cause="")))
    shared = (one for one in groups if one.is_general and _is_same_elsewhere(one.signature, signature))
    return next(same, None) or next(parts, None) or next(shared, None)


def _is_part(some: Sequence[Step], of: Sequence[Step]) -> bool:
    return len(some) < len(of) and all(step in of for step in some)
