"""Reports what was found as JSON; events are those of the trace."""

import msgspec

from emulator.explore.exploration import Exploration
from emulator.explore.findings.finding import Finding
from emulator.explore.reports.evidence import evidence
from emulator.explore.reports.facts import (
    CheckFacts,
    ExplorationFacts,
    FindingFacts,
    FirmwareFacts,
    KindFacts,
    MissedFacts,
    PlaceFacts,
    StepFacts,
)
from emulator.explore.reports.model import Report
from emulator.explore.reports.survey import Fate, Survey
from emulator.explore.steps.step import Step
from emulator.matrix.reports.json_report import dialogue, document


def render(report: Report) -> str:
    """Return all findings, and what was explored on each firmware."""
    facts = ExplorationFacts(
        firmware=report.firmware,
        runs=report.runs,
        seed=report.seed,
        findings=tuple(_finding(report, finding) for finding in report.findings),
        command=tuple(report.setting.command),
        started=report.started.isoformat(timespec="seconds"),
        seconds=round(report.seconds, 3),
        is_broken_off=report.is_broken_off,
        again=report.again,
        explored=tuple(_explored(*pair) for pair in zip(report.explorations, report.surveys, strict=True)),
        shard=report.shard,
        evidence=None if report.shard is None else evidence(report.setting, report.explorations),
    )
    return document(msgspec.to_builtins(facts))


def _finding(report: Report, finding: Finding) -> FindingFacts:
    ending, check = finding.result.ending, finding.result.check
    times, of = finding.shown
    return FindingFacts(
        number=finding.number,
        firmware=finding.firmware,
        also=finding.also,
        outcome=finding.outcome,
        place=finding.place,
        sentence=finding.sentence,
        scenario=None if finding.scenario is None else str(finding.scenario),
        runs=finding.runs,
        shown=times,
        shown_of=of,
        steps=tuple(map(_step, finding.steps)),
        replay=next(iter(report.replays([finding])), None),
        exit_code=ending.exit_code,
        seconds=round(ending.seconds, 3),
        check=None if check is None else CheckFacts(check.exit_code, check.first_line),
        output=ending.output,
        errors=ending.errors,
        dialogue=dialogue(finding.result.story),
    )


def _step(step: Step) -> StepFacts:
    return StepFacts(
        kind=step.kind,
        nature=step.nature,
        command=step.command,
        occurrence=step.occurrence,
        detail=step.detail,
        lasts=step.lasts,
        firmware=step.firmware,
        source=step.source,
        faults=tuple(dict(fault) for fault in step.faults),
    )


def _explored(exploration: Exploration, survey: Survey) -> FirmwareFacts:
    return FirmwareFacts(
        firmware=exploration.firmware,
        runs=exploration.runs,
        healthy_seconds=round(exploration.healthy.ending.seconds, 3),
        kinds=tuple(
            KindFacts(column.kind, column.nature, dict(survey.counts(column.kind))) for column in survey.columns
        ),
        places=tuple(
            PlaceFacts(row.command, row.occurrence, {kind: cell.worst for kind, cell in kinds.items()})
            for row, kinds in survey.cells.items()
        ),
        not_reached=tuple(
            MissedFacts(step.kind, step.command, step.occurrence, step.detail)
            for step in survey.steps_with(Fate.NOT_REACHED)
        ),
        notes=tuple(exploration.notes),
    )
