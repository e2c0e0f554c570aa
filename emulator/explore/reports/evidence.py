"""Writes and reads what a shard has done, so that it can be told again with what the others have."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf
from pathlib import Path
from typing import Any

from emulator.explore.exploration import Exploration
from emulator.explore.findings.finding import Finding
from emulator.explore.reports.shard_facts import (
    CensusFacts,
    EvidenceFacts,
    FailureFacts,
    PartFacts,
    ReducedFacts,
    ResultFacts,
    StoryFacts,
    TriedFacts,
)
from emulator.explore.schedule.tried import Tried
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.trial import Result, Trial
from emulator.faults.census import Census
from emulator.matrix.reports.facts import tally_facts
from emulator.matrix.reports.json_report import dialogue, events
from emulator.matrix.reports.reading import exchanges_of, moment_of, tally_of
from emulator.matrix.story import Story
from emulator.options import ModemOptions

_OF_ONE_MODEM = ("firmware", "scenario", "link", "readers", "port", "clock", "seed")
"""Options that are not of all modems, or cannot be typed."""


def evidence(setting: Setting, explorations: Sequence[Exploration]) -> EvidenceFacts:
    """Return what a shard has done."""
    return EvidenceFacts(
        seed=explorations[0].seed,
        lab=setting.lab,
        options=dict(_changed(setting.options)),
        parts=tuple(map(_part, explorations)),
    )


def setting_of(command: Sequence[str], facts: EvidenceFacts) -> Setting:
    """Return the host program and its modems, as far as reports tell them."""
    return Setting(command, ModemOptions(**facts.options), facts.lab)


def exploration_of(facts: PartFacts, seed: int, *, begin: int = 0) -> Exploration:
    """Return what a shard has done with one firmware; its runs are numbered from `begin` on."""
    results = [_result_of(each, begin) for each in facts.results]
    made = Exploration(facts.firmware, seed, _result_of(facts.healthy, begin))
    made.results = [results[number] for number in facts.runs]
    made.tried = [
        Tried(each.step, each.state, None if each.result is None else results[each.result], each.place)
        for each in facts.tried
    ]
    made.failures = [results[each.result] for each in facts.failures]
    made.failed_in = [each.batch for each in facts.failures]
    made.findings = [
        Finding(
            number=0,
            firmware=facts.firmware,
            outcome=results[each.result].outcome,
            place="",
            sentence="",
            steps=each.steps,
            result=results[each.result],
            shown=each.shown,
            reruns=each.reruns,
            start=results[each.start],
        )
        for each in facts.findings
    ]
    made.reduced = made.findings
    made.odd, made.healthy_notes, made.seconds = facts.odd, facts.notes, facts.seconds
    made.count, made.is_broken_off = facts.count, facts.is_broken_off
    return made


def _changed(options: ModemOptions) -> Iterable[tuple[str, Any]]:
    usual = ModemOptions()
    for name in ModemOptions.__struct_fields__:
        value = getattr(options, name)
        if name not in _OF_ONE_MODEM and value != getattr(usual, name):
            yield name, _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


class _Numbered:
    """Give each run a place, once."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self._places: dict[int, int] = {}

    def place(self, result: Result) -> int:
        """Return the place of a run."""
        if id(result) not in self._places:
            self._places[id(result)] = len(self.results)
            self.results.append(result)
        return self._places[id(result)]


def _part(done: Exploration) -> PartFacts:
    numbered = _Numbered()
    runs = tuple(map(numbered.place, done.results))
    tried = tuple(
        TriedFacts(one.place, one.step, one.state, None if one.result is None else numbered.place(one.result))
        for one in done.tried
    )
    failures = tuple(
        FailureFacts(batch, numbered.place(result)) for batch, result in zip(done.failed_in, done.failures, strict=True)
    )
    findings = tuple(
        ReducedFacts(
            numbered.place(each.start or each.result),
            numbered.place(each.result),
            tuple(each.steps),
            each.shown,
            each.reruns,
        )
        for each in done.reduced
    )
    return PartFacts(
        firmware=done.firmware,
        healthy=_result_facts(done.healthy),
        results=tuple(map(_result_facts, numbered.results)),
        runs=runs,
        tried=tried,
        failures=failures,
        findings=findings,
        odd=done.odd,
        notes=tuple(done.healthy_notes),
        seconds=done.seconds,
        count=done.runs,
        is_broken_off=done.is_broken_off,
    )


def _result_facts(result: Result) -> ResultFacts:
    trial, story, census = result.trial, result.story, result.census
    return ResultFacts(
        number=trial.number,
        firmware=trial.firmware,
        steps=trial.steps,
        limit=trial.limit,
        outcome=result.outcome,
        ending=result.ending,
        check=result.check,
        is_stuck=result.is_stuck,
        story=StoryFacts(
            before=events(story.before),
            dialogue=dialogue(story),
            left_out=story.left_out,
            faults=tuple(map(tally_facts, story.faults)),
            seed=story.seed,
        ),
        census=None if census is None else CensusFacts(census.device, tuple(census.passed)),
    )


def _result_of(facts: ResultFacts, begin: int) -> Result:
    trial = Trial(begin + facts.number, facts.firmware, facts.steps, facts.limit, silence=inf)
    story = Story.of(
        exchanges_of(facts.story.dialogue),
        before=[*map(moment_of, facts.story.before)],
        left_out=facts.story.left_out,
        faults=[*map(tally_of, facts.story.faults)],
        seed=facts.story.seed,
    )
    census = None if facts.census is None else Census(facts.census.device, list(facts.census.passed))
    return Result(trial, facts.outcome, facts.ending, story, facts.check, census, facts.is_stuck)
