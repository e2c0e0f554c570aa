"""Reports all facts of the runs as JSON; events are those of the trace."""

import json
from collections.abc import Iterable
from typing import Any

import msgspec

from emulator.matrix.exchange import Exchange, Moment
from emulator.matrix.reports.model import Report
from emulator.matrix.result import Run


def render(report: Report) -> str:
    """Return all facts of each run."""
    facts = {
        "command": list(report.command),
        "started": report.started.isoformat(timespec="seconds"),
        "runs": [_facts(report, run) for run in report.runs],
    }
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


def _facts(report: Report, run: Run) -> dict[str, Any]:
    ending, story, difference = run.ending, run.story, run.difference
    return {
        "firmware": run.firmware.name,
        "status": run.firmware.status,
        "alike": run.firmware.alike,
        "outcome": str(ending.outcome),
        "exit_code": ending.exit_code,
        "seconds": round(ending.seconds, 3),
        "seed": story.seed,
        "replay": report.replay(run),
        "why": run.why,
        "output": ending.output,
        "errors": ending.errors,
        "before": _events(story.before),
        "dialogue": [_exchange(exchange) for exchange in (*story.exchanges, *story.latest)],
        "left_out": story.left_out,
        "faults": [_plain(fault) for fault in story.faults],
        "missing_commands": [{"command": command, "lack": lack, "why": why} for command, lack, why in run.missing],
        "first_difference": None
        if difference is None
        else {
            "said": difference.said,
            "answer": difference.answer,
            "reason": difference.reason,
            "passing": difference.passing,
        },
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    return {
        "said": exchange.said,
        "answer": exchange.answer,
        "reason": exchange.reason,
        "events": _events(exchange.moments),
    }


def _events(moments: Iterable[Moment]) -> list[dict[str, Any]]:
    return [{"time": round(at, 6), **msgspec.to_builtins(event)} for at, event in moments]


def _plain(event: msgspec.Struct) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(event).items() if name != "event"}
