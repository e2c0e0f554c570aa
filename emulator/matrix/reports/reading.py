"""Reads what `matrix --json` has written, so that it can be told again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Union

import msgspec

from emulator.firmware.selection import Choice
from emulator.matrix.exchange import Exchange, Moment
from emulator.matrix.reports.facts import ExchangeFacts, FaultFacts, RunFacts
from emulator.matrix.result import Ending, Run
from emulator.matrix.story import Story
from emulator.trace.events import Event, FaultTally
from emulator.trace.missing import MissingCommands

_EVENT: Any = Union[tuple(Event.__subclasses__())]  # noqa: UP007  of as many as there are


def moment_of(facts: Mapping[str, Any]) -> Moment:
    """Return an event with its time.

    Raises:
        msgspec.ValidationError: it is none.
    """
    event: Event = msgspec.convert(facts, _EVENT)
    return Moment(facts["time"], event)


def exchanges_of(dialogue: Iterable[ExchangeFacts]) -> list[Exchange]:
    """Return exchanges with their events."""
    return [Exchange(each.said, each.answer, [*map(moment_of, each.events)]) for each in dialogue]


def tally_of(facts: FaultFacts) -> FaultTally:
    """Return how often a fault has triggered."""
    return FaultTally(number=facts.number, rule=facts.rule, fired=facts.fired, times=facts.times, why=facts.why)


def run_of(facts: RunFacts) -> Run:
    """Return a run; where it parted from others is not known."""
    story = Story.of(
        exchanges_of(facts.dialogue),
        before=[*map(moment_of, facts.before)],
        left_out=facts.left_out,
        faults=[*map(tally_of, facts.faults)],
        seed=facts.seed,
    )
    ending = Ending(facts.outcome, facts.exit_code, facts.seconds, facts.output, facts.errors)
    missing = MissingCommands.of((each.command, each.lack, each.why) for each in facts.missing_commands)
    return Run(Choice(facts.firmware, facts.alike, facts.status), ending, story, missing)


def first_start(written: Iterable[str]) -> datetime:
    """Return when the first of several has begun."""
    return min(map(datetime.fromisoformat, written))
