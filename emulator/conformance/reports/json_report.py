"""Reports a comparison as JSON."""

import json

import msgspec

from emulator.conformance.reports.facts import (
    ChapterFacts,
    CommandFacts,
    ConformityFacts,
    ExchangeFacts,
    ModuleFacts,
)
from emulator.conformance.reports.model import Report
from emulator.conformance.verdict import Result


def render(report: Report) -> str:
    """Return all facts."""
    session = report.session
    numbers: dict[int, int] = {}
    for result in report.results:
        numbers.setdefault(id(result.item), len(numbers) + 1)
    facts = ConformityFacts(
        module=ModuleFacts(session.identity.maker, session.identity.model, session.identity.revision),
        firmware=session.firmware.name,
        started=session.started.isoformat(timespec="seconds"),
        server=str(session.wishes.server) if session.wishes.server is not None else None,
        all=session.wishes.all,
        broken_off=session.broken_off,
        not_put_back=tuple(session.left),
        commands=dict(report.command_counts),
        exchanges=dict(report.exchange_counts),
        chapters=tuple(
            ChapterFacts(
                chapter.name,
                tuple(
                    CommandFacts(
                        command.name,
                        command.verdict,
                        tuple(_exchange(result, numbers[id(result.item)]) for result in command.results),
                    )
                    for command in chapter.commands
                ),
            )
            for chapter in report.chapters
        ),
    )
    return json.dumps(msgspec.to_builtins(facts), indent=2, ensure_ascii=False) + "\n"


def _exchange(result: Result, number: int) -> ExchangeFacts:
    return ExchangeFacts(
        item=number,
        source=result.item.source,
        before=result.item.before,
        sent=result.sent,
        verdict=result.verdict,
        why=result.why,
        module=tuple(result.told),
        emulated=tuple(result.expected),
        diff=result.diff,
        reasons=tuple(result.reasons),
        seconds=round(result.module.seconds, 3),
    )
