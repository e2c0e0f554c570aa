"""Reports the runs as JSON, for programs; events are those of the trace."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from emulator.matrix.exchange import Exchange, Moment
from emulator.matrix.reports.facts import (
    DifferenceFacts,
    ExchangeFacts,
    LackFacts,
    MatrixFacts,
    RunFacts,
    tally_facts,
)
from emulator.matrix.reports.model import Report
from emulator.matrix.result import Run
from emulator.matrix.story import Story


def render(report: Report) -> str:
    """Return all facts of each run."""
    facts = MatrixFacts(
        command=tuple(report.command),
        started=report.started.isoformat(timespec="seconds"),
        timeout=report.timeout,
        shard=report.shard,
        runs=tuple(_facts(report, run) for run in report.runs),
    )
    return document(msgspec.to_builtins(facts))


def document(facts: Mapping[str, Any]) -> str:
    """Return facts as a file."""
    text = json.dumps(facts, ensure_ascii=False)
    try:
        lines = msgspec.json.format(text.encode(errors="surrogatepass"), indent=2)
    except msgspec.DecodeError:  # an infinite number, which only Python's JSON has
        return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
    return lines.decode(errors="surrogatepass") + "\n"


def dialogue(story: Story) -> tuple[ExchangeFacts, ...]:
    """Return the exchanges of a run, each with its events."""
    return tuple(_exchange(exchange) for exchange in (*story.exchanges, *story.latest))


def _facts(report: Report, run: Run) -> RunFacts:
    ending, story, difference = run.ending, run.story, run.difference
    return RunFacts(
        firmware=run.firmware.name,
        status=run.firmware.status,
        alike=run.firmware.alike,
        outcome=ending.outcome,
        exit_code=ending.exit_code,
        seconds=round(ending.seconds, 3),
        seed=story.seed,
        replay=report.replay(run),
        why=run.why,
        output=ending.output,
        errors=ending.errors,
        before=events(story.before),
        dialogue=dialogue(story),
        left_out=story.left_out,
        faults=tuple(map(tally_facts, story.faults)),
        missing_commands=tuple(LackFacts(*each) for each in run.missing),
        first_difference=None
        if difference is None
        else DifferenceFacts(difference.said, difference.answer, difference.reason, difference.passing),
    )


def _exchange(exchange: Exchange) -> ExchangeFacts:
    return ExchangeFacts(exchange.said, exchange.answer, exchange.reason, events(exchange.moments))


def events(moments: Iterable[Moment]) -> tuple[dict[str, Any], ...]:
    """Return events with their times."""
    return tuple({"time": round(at, 6), **msgspec.to_builtins(event)} for at, event in moments)
