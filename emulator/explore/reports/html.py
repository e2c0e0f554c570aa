"""Reports what was found as one page of HTML: findings, a map of places and kinds, and the dialogues behind it."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from emulator.explore.findings.finding import Finding
from emulator.explore.reports.dialogues import Dialogues
from emulator.explore.reports.map import SIGNS, class_of, map_table
from emulator.explore.reports.model import Report
from emulator.explore.reports.survey import Fate
from emulator.explore.reports.words import MEANINGS, in_words, remarks, survived
from emulator.matrix.reports.elements import time_line
from emulator.pages.elements import badge, listed, note, part, pre, printed, prose, section, story, table, text
from emulator.pages.frame import framed

_MOST_LINES = 400
"""Lines of the time line of a finding."""
_MOST_OPEN = 3
"""Findings that are open at first, where there are no more."""


def render(report: Report) -> str:
    """Make the findings, then a map a firmware, then the runs that its cells name."""
    dialogues = Dialogues()
    maps = [
        map_table(number, exploration, survey, dialogues)
        for number, (exploration, survey) in enumerate(zip(report.explorations, report.surveys, strict=True), 1)
    ]
    main = chain(
        section("Findings", _findings(report)),
        section("What was explored", listed([*survived(report), *remarks(report)])),
        section("Explore again", [pre(report.again)]),
        section("Map", chain(_legend(), maps)),
        section("Finding by finding", (_story(finding, report) for finding in report.findings)),
        section("Runs of the map", dialogues.render()),
    )
    return framed(
        maker="telit-emulator explore",
        title=report.counts,
        program=report.program,
        started=report.started,
        main="\n".join(main),
        style=(Path(__file__).parent / "map.css").read_text(encoding="utf-8"),
    )


def _findings(report: Report) -> Iterator[str]:
    if not report.findings:
        yield "<p>Nothing was found.</p>"
        return
    yield table("Findings", _rows(report.findings), "findings ruled")


def _rows(findings: Sequence[Finding]) -> Iterator[str]:
    yield '<thead><tr><th scope="col" class="number">No.</th><th scope="col">Outcome</th><th scope="col">Place</th>'
    yield '<th scope="col">Firmware</th><th scope="col" class="number">Runs</th>'
    yield '<th scope="col" class="number">Shown</th><th scope="col">What happened</th></tr></thead><tbody>'
    yield from (_row(finding) for finding in findings)
    yield "</tbody>"


def _row(finding: Finding) -> str:
    times, of = finding.shown
    scenario = f'<p class="note"><code>{text(str(finding.scenario))}</code></p>' if finding.scenario is not None else ""
    return (
        f'<tr class="{class_of(Fate(finding.outcome.value))}">'
        f'<th scope="row" class="number"><a href="#finding-{finding.number}">{finding.number}</a></th>'
        f"<td>{_outcome(finding)}</td><td><code>{text(finding.place)}</code></td><td>{text(finding.firmwares)}</td>"
        f'<td class="number">{finding.runs}</td><td class="number">{f"{times}/{of}" if of else "-"}</td>'
        f"<td>{prose(finding.sentence)}{scenario}</td></tr>"
    )


def _outcome(finding: Finding) -> str:
    return badge(str(finding.outcome), SIGNS[Fate(finding.outcome.value)])


def _legend() -> Iterator[str]:
    yield '<p class="note">A cell has the worst outcome of its steps, how many of them had it, and of how many.</p>'
    meanings = {Fate(outcome.value): meaning for outcome, meaning in MEANINGS.items()}
    yield '<ul class="legend">'
    for fate, sign in SIGNS.items():
        more = f": {meanings[fate]}" if fate in meanings else ""
        yield f'<li class="{class_of(fate)}"><span class="sign">{sign}</span>{text(str(fate) + more)}</li>'
    yield "</ul>"


def _story(finding: Finding, report: Report) -> str:
    result = finding.result
    parts = chain(
        [f"<p>{prose(finding.sentence)}</p>\n"],
        part("What was done", listed([in_words(step) for step in finding.steps])),
        part("Do this run again", map(pre, report.replays([finding]))),
        part("Time line", time_line(list(result.story.time_line()), _MOST_LINES)),
        part("Standard error", printed(result.ending.errors)),
        part("Standard output", printed(result.ending.output)),
    )
    return story(
        f"finding-{finding.number}",
        class_of(Fate(finding.outcome.value)),
        f"{finding.number}: {text(finding.place)}",
        _outcome(finding) + note(f"{finding.firmwares}: {result.ending.in_words}"),
        parts,
        is_open=len(report.findings) <= _MOST_OPEN,
    )
