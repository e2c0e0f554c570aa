"""`explore --shard` and `merge`: all shards together try and tell what the whole does."""

import json
import re
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import msgspec
import pytest

from emulator.errors import UserError
from emulator.explore.exploration import Exploration, Limits, explore_all, notes_of
from emulator.explore.reports import json_report
from emulator.explore.reports.facts import ExplorationFacts
from emulator.explore.reports.merging import merge
from emulator.explore.reports.model import Report
from emulator.explore.schedule.schedule import Schedule
from emulator.explore.steps.step import Step
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.trial import Result
from emulator.explore.trials.verdict import Outcome
from emulator.matrix.reports.shard_facts import ShardFacts
from emulator.matrix.shard import WHOLE, Shard
from emulator.options import ModemOptions
from tests.cli.programs import COMMAND, TIMEOUT
from tests.explore.explored import result, step
from tests.explore.hosts import host

_KINDS = {"answer in two pieces", "answer byte by byte", "pause between two lines"}
_TEXT = 'at_once("AT+CGMM")\nanswer("AT+CSQ")\nat_once("AT+CGMR")'
_SHARDS = (Shard(1, 2), Shard(2, 2))


def _explored(folder: Path, shard: Shard) -> Exploration:
    setting = Setting(host(folder, _TEXT), ModemOptions(time_scale=20))
    (done,) = explore_all(setting, ["HE910"], limits=Limits(kinds=_KINDS, timeout=20), shard=shard, jobs=2)
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("explored")


@pytest.fixture(scope="module")
def whole(folder: Path) -> Exploration:
    """A host that takes what comes first for the answer, at two commands."""
    return _explored(folder, WHOLE)


def _kinds(steps: Iterable[Step]) -> set[str]:
    return {one.kind for one in steps}


def test_every_step_is_tried_in_exactly_one_shard(whole: Exploration, folder: Path) -> None:
    """By the runs of the whole, each in one of them."""
    parts = [_explored(folder, shard) for shard in _SHARDS]

    tried = sorted((one.place, one.step.detail) for part in parts for one in part.tried)
    assert [(one.place, one.step.detail) for one in whole.tried] == tried
    assert all(part.tried for part in parts)
    first, *of_parts = ({str(run.trial.steps) for run in each.results} for each in (whole, *parts))
    assert first == set.union(*of_parts)
    assert not set.intersection(*of_parts)
    assert {"+CGMM", "+CGMR"} == {run.trial.steps[0].command for part in parts for run in part.failures}


def _part(whole: Exploration, shard: Shard) -> Exploration:
    """What a shard would have done of it: the kinds in their order, in turn."""
    own = {kind for place, kind in enumerate(sorted(_kinds(one.step for one in whole.tried))) if shard.takes(place)}

    def is_own(run: Result) -> bool:
        return _kinds(run.trial.steps) <= own

    part = replace(whole, tried=[one for one in whole.tried if one.step.kind in own])
    part.results = [run for run in whole.results if is_own(run)]
    found = [pair for pair in zip(whole.failed_in, whole.failures, strict=True) if is_own(pair[1])]
    part.failed_in, part.failures = [batch for batch, _ in found], [run for _, run in found]
    part.reduced = [one for one in whole.reduced if one.start is not None and is_own(one.start)]
    part.count = 2 + len(part.results) + sum(one.reruns for one in part.reduced)
    return part


@pytest.fixture(scope="module")
def reports(whole: Exploration) -> tuple[Report, Report]:
    """The report of the whole, and what is merged of two shards that have done just the same."""
    whole.notes = notes_of(whole)
    words, firmwares = ("--lab",), (whole.firmware,)
    setting = Setting(["./host", "{port}"], ModemOptions(time_scale=20, routes={"a.example": "127.0.0.1"}), lab=True)
    report = Report(setting, list(words), [whole], datetime(2026, 11, 27, 5, 0, 1, tzinfo=UTC))
    parts = []
    for shard in _SHARDS:
        facts = ShardFacts("explore", shard.number, shard.of, firmwares, 0, words, words)
        started = report.started + timedelta(seconds=shard.number - 1)
        text = json_report.render(replace(report, explorations=[_part(whole, shard)], started=started, shard=facts))
        parts.append(msgspec.json.decode(text, type=ExplorationFacts))
    return report, merge(parts)


@pytest.mark.parametrize("form", ["junit", "json_report", "html", "markdown", "table"])
def test_what_is_merged_is_the_whole_byte_for_byte(form: str, reports: tuple[Report, Report]) -> None:
    """When the reduction of each finding has ended alike; times have been rounded once more on their way."""
    rendered = (import_module(f"emulator.explore.reports.{form}").render(report) for report in reports)
    of_whole, merged = (re.sub(r"\b\d+\.\d{3}\b", "time", text) for text in rendered)

    assert reports[0].findings
    assert of_whole == merged


def test_every_pair_is_tried_in_exactly_one_shard() -> None:
    """Though none knows what the others have survived."""
    steps = [step(kind, f"+C{number}") for kind in ("one", "two", "three") for number in range(3)]

    whole, *parts = (_pairs(steps, shard) for shard in (WHOLE, Shard(1, 3), Shard(2, 3), Shard(3, 3)))

    assert sorted(whole) == sorted(pair for part in parts for pair in part)
    assert all(parts)
    assert len(whole) == len(set(whole)) == _PAIRS


_PAIRS = 3 * 3 * 2
"""Of two kinds, at two places."""


def _pairs(steps: list[Step], shard: Shard) -> list[str]:
    """All pairs that are tried when everything is survived."""
    schedule = Schedule(steps, 7, 30.0, goes_on=True, shard=shard)
    runs = []
    while (chosen := schedule.next()) is not None:
        batch, part = chosen
        runs.append([one.step for one in part.members])
        batch.note(part, result(Outcome.PASSED, *runs[-1]))
    return [str(sorted((one.kind, one.command) for one in run)) for run in runs if _is_pair(run)]


def _is_pair(run: list[Step]) -> bool:
    """Whether it is none of the groups of one kind, in which single steps are tried."""
    return len({one.kind for one in run}) == 2


@pytest.mark.parametrize(
    ("firmwares", "shard", "told"),
    [
        (["HE910"], WHOLE, "--budget 1: the firmware needs 2 healthy runs; give 2 or more"),
        (["HE910", "GE865-QUAD"], WHOLE, "--budget 1: each of 2 firmwares needs 2 healthy runs; give 4 or more"),
        (["HE910"], Shard(1, 3), "--budget 1: the firmware needs 2 healthy runs in each of 3 shards; give 6 or more"),
    ],
)
def test_a_budget_that_is_too_small_is_told(firmwares: list[str], shard: Shard, told: str) -> None:
    with pytest.raises(UserError) as raised:
        explore_all(Setting(["true"]), firmwares, limits=Limits(budget=1), shard=shard)

    assert told == str(raised.value)


@pytest.mark.parametrize(("amount", "shares"), [(10, [4, 3, 3]), (9, [3, 3, 3]), (2, [1, 1, 0])])
def test_shards_share_a_budget(amount: int, shares: list[int]) -> None:
    assert shares == [Shard(number, 3).share(amount) for number in (1, 2, 3)]


def test_shards_are_merged_on_the_command_line(folder: Path) -> None:
    """With the scenarios, the exit code, and the count of all runs but the healthy ones of the others."""
    kinds = ["--kinds", "answer byte by byte,answer in two pieces", "--timeout", "20", "--time-scale", "20"]

    for shard in _SHARDS:
        reports = ["--shard", str(shard), "--json", f"{shard.number}.json", "--out", f"shard-{shard.number}"]
        _run(folder, "explore", *kinds, *reports, "--", *host(folder, _TEXT))
    done = _run(folder, "merge", "--json", "merged.json", "--out", "merged", "2.json", "1.json")

    one, two, merged = (json.loads((folder / f"{name}.json").read_text()) for name in ("1", "2", "merged"))
    assert 1 == done.returncode, done
    assert one["runs"] + two["runs"] - 2 == merged["runs"]
    assert (None, None) == (merged["shard"], merged["evidence"])
    assert {"answer in two pieces", "answer byte by byte"} == {kind["kind"] for kind in merged["explored"][0]["kinds"]}
    assert [finding["scenario"] for finding in merged["findings"]] == [
        str(Path("merged") / path.name) for path in sorted((folder / "merged").iterdir())
    ]
    assert merged["findings"]


def _run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=TIMEOUT, cwd=folder)
