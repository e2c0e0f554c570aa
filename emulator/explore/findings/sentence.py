"""Tells a finding in a few sentences: what was done, what the host did, what a robust host does."""

from collections.abc import Iterator, Sequence

from emulator.explore.findings.advice import ENDLESS, advice
from emulator.explore.findings.deeds import deed
from emulator.explore.findings.facts import Facts, cut
from emulator.explore.findings.signature import ended_by, last_line
from emulator.explore.findings.whereabouts import BEFORE, Whereabouts, applied_at, shown
from emulator.explore.steps.step import Nature, Step
from emulator.explore.trials.trial import Result
from emulator.explore.trials.verdict import Outcome
from emulator.faults.census import Census
from emulator.faults.quantities import Duration
from emulator.trace.printable import printable

_NAMED = 6
"""Commands that are named of those at which a bug shows."""


def sentence(
    result: Result,
    census: Census | None = None,
    *,
    commands: Sequence[str] = (),
    is_general: bool = False,
    shown_again: tuple[int, int] = (0, 0),
) -> str:
    """Return the sentences of a finding.

    Args:
        result: a run of the reduced scenario.
        census: of the healthy run, whose answers are quoted.
        commands: at which the bug was seen.
        is_general: whether it is one bug at most commands.
        shown_again: how often the reduced scenario has shown it, of how many times.
    """
    said = [
        *_all_done(result, census),
        reaction(result),
        *(_elsewhere(commands) if is_general else ()),
        *([f"Not every time: {shown_again[0]} of {shown_again[1]}."] if shown_again[0] < shown_again[1] else ()),
        f"A robust host {_advice(result)}." if result.trial.steps else "",
    ]
    return " ".join(each for each in said if each)


def _advice(result: Result) -> str:
    if result.outcome is Outcome.HANG and _where(result).loops:
        return ENDLESS
    return advice(result.trial.steps[-1], result.outcome)


def _all_done(result: Result, census: Census | None) -> Iterator[str]:
    number = 1
    for place, step in enumerate(result.trial.steps):
        yield _done(Facts(step, result, census, number), also=place > 0)
        number += len(step.faults)


def _done(facts: Facts, *, also: bool) -> str:
    step = facts.step
    deeds = " and ".join(dict.fromkeys(deed(fault, facts) for fault in step.faults))
    text = f"{'then ' if also else ''}{_when(facts)}{deeds or step.kind}."
    return text[0].upper() + text[1:]


def _when(facts: Facts) -> str:
    """Return where or when the step applied, as the beginning of a sentence."""
    step = facts.step
    if step.firmware is not None:
        return f"with the firmware {step.firmware}, "
    times = [Duration.parse(fault.get("time", 0)) for fault in step.faults if "command" not in fault]
    if step.faults and len(times) == len(step.faults):
        return f"{min(times)} after the start " if min(times) else "at the start "
    number = f" (number {step.occurrence})" if step.occurrence > 1 else ""
    return f"at {facts.line}{number} " if facts.line else ""


def reaction(result: Result) -> str:
    """Return what the host did, in a sentence."""
    match result.outcome:
        case Outcome.HANG:
            return _hang(result)
        case Outcome.CRASH:
            return _crash(result)
        case Outcome.NEEDLESS_FAILURE:
            return f"The host gave up{_after(result)}: {_last_words(result)}exit code {result.ending.exit_code}."
        case _:
            return _wrong_success(result)


def _hang(result: Result) -> str:
    where = _where(result)
    if where.loops:
        return f"The host did not end: it said {_quoted(where)} again and again."
    if where.command == BEFORE:
        return "The host did not end, and said nothing to the module."
    return f"The host did not end: it said nothing after {_quoted(where)}{_answered(result, where)}."


def _where(result: Result) -> Whereabouts:
    return Facts(result.trial.steps[-1], result).where if result.trial.steps else Whereabouts(BEFORE)


def _answered(result: Result, where: Whereabouts) -> str:
    """Tell the module's last answer, where no step has altered it on its way."""
    if any(step.nature is not Nature.FAULT for step in result.trial.steps):
        return ""
    if not where.answer:
        return ", which the module did not answer"
    return f", which the module answered by `{cut(printable(where.answer))}`"


def _quoted(where: Whereabouts) -> str:
    line = cut(printable(where.said.strip())) or shown(where.command)
    match where.mode:
        case "prompt":
            return f"its data at the prompt of {shown(where.command)}"
        case "online":
            return f"its data in the data mode of {shown(where.command)}"
        case _:
            return line


def _crash(result: Result) -> str:
    code, where = result.ending.exit_code or 0, _where(result)
    answered = _answered(result, where) if where.command != BEFORE else ""
    after = f" after {_quoted(where)}{answered}" if answered else _after(result)
    if code < 0:
        return f"The host was ended by {ended_by(code)}{after}."
    return f"The host ended by an exception that it did not catch{after}: {_last_words(result).removesuffix(', ')}."


def _after(result: Result) -> str:
    """Name the host's last exchange, where that is not the one at which the step applied."""
    where = _where(result)
    said_elsewhere = where.command not in (BEFORE, applied_at(result.trial.steps[-1]))
    return f" after {_quoted(where)}" if said_elsewhere else ""


def _wrong_success(result: Result) -> str:
    says = f": `{cut(printable(result.check.first_line))}`" if result.check and result.check.first_line else ""
    what = {
        Outcome.LOST_DATA: "the far end does not have all data",
        Outcome.DUPLICATE_DATA: "the far end has data twice",
    }.get(result.outcome, "the check says otherwise")
    return f"The host said success (exit code 0), but {what}{says}."


def _last_words(result: Result) -> str:
    line = last_line(result.ending.errors)
    return f"`{cut(printable(line), _LONGEST_LINE)}`, " if line else ""


_LONGEST_LINE = 120
"""Characters of the host's last line."""


def _elsewhere(commands: Sequence[str]) -> list[str]:
    names = [shown(command) for command in commands if command]
    if len(names) < 2:
        return []
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return [f"The same at {len(names)} commands: {', '.join(names[:_NAMED])}{more}."]


def of_steps(steps: Sequence[Step]) -> str:
    """Return the commands at which steps apply, in a few words."""
    return " and ".join(dict.fromkeys(shown(command) for step in steps if (command := applied_at(step))))
