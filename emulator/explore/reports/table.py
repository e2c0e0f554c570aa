"""Reports what was found for a terminal: findings first, then what was explored, and what to type next."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from textwrap import fill

from emulator.explore.findings.finding import Finding
from emulator.explore.reports.model import Report
from emulator.explore.reports.survey import Fate, Survey
from emulator.explore.reports.words import remarks, survived
from emulator.explore.steps.step import Nature
from emulator.matrix.reports.table import columns
from emulator.trace.printable import printable

Look = Callable[[str, Fate], str]
"""Gives text the colour of what it tells."""

_FEW = 3
"""Firmwares of which each has a table of its own."""
_LEAST = 40
"""Characters of a line, however narrow the terminal is."""
_INDENT = "     "


def render(report: Report, width: int | None = None, look: Look = lambda text, fate: text) -> str:
    """Make a paragraph a finding, a row a kind; without a `width` a sentence is one line."""
    parts = [*_findings(report, width, look)]
    parts += ["\n".join(_kinds(name, surveys, width)) for name, surveys in _tables(report)]
    parts += ["\n".join(_paragraph(line, width) for line in _last_lines(report))]
    return "\n\n".join(part for part in parts if part)


def render_findings(report: Report, width: int | None = None) -> str:
    """Make a paragraph a finding, and nothing else."""
    return "\n\n".join(_findings(report, width, lambda text, fate: text))


def _findings(report: Report, width: int | None, look: Look) -> Iterator[str]:
    if not report.findings:
        yield "\n".join([look("Nothing found.", Fate.PASSED), *(_paragraph(line, width) for line in survived(report))])
        return
    several = len(report.explorations) > 1
    heads = [_cells(finding, several) for finding in report.findings]
    title, *rows = columns([("No.", "Outcome", *["Firmware"] * several, "Runs", "Shown", "Place"), *heads], None)
    for number, (finding, row) in enumerate(zip(report.findings, rows, strict=True)):
        outcome = str(finding.outcome)
        told = [printable(finding.sentence), *([str(finding.scenario)] if finding.scenario is not None else [])]
        coloured = row.replace(outcome, look(outcome, Fate(outcome)), 1)
        lines = [coloured, *(_paragraph(line, width, _INDENT) for line in told if line)]
        yield "\n".join(lines if number else [title, *lines])


def _cells(finding: Finding, several: bool) -> Sequence[str]:
    times, of = finding.shown
    return (
        f"{finding.number:3}",
        str(finding.outcome),
        *[_on(finding)] * several,
        f"{finding.runs:4}",
        f"{times}/{of}" if of else "-",
        printable(finding.place),
    )


def _on(finding: Finding) -> str:
    more = f" and {len(finding.also)} more" if finding.also else ""
    return f"{finding.firmware}{more}"


_COUNTED = {
    "Passed": (Fate.PASSED,),
    "Failed honestly": (Fate.FAILED,),
    "Found": tuple(fate for fate in Fate if fate.is_finding),
    "Not reached": (Fate.NOT_REACHED,),
    "Put off": (Fate.PUT_OFF,),
    "Not tried": (Fate.NOT_TRIED,),
}
"""{column: the fates that it counts}"""


def _tables(report: Report) -> Iterator[tuple[str, Sequence[Survey]]]:
    """Yield a table a firmware; of many firmwares one for all of them."""
    explored = [survey for survey in report.surveys if survey.columns]
    if len(explored) > _FEW:
        yield f"{len(explored)} firmwares", explored
    else:
        yield from ((survey.firmware, [survey]) for survey in explored)


def _kinds(name: str, surveys: Sequence[Survey], width: int | None) -> Iterator[str]:
    """Yield a row a kind of steps: how many had which fate. A column that counts none is left out."""
    natures = list(Nature)
    kinds = dict.fromkeys(column for survey in surveys for column in survey.columns)
    counted = {
        column: sum((survey.counts(column.kind) for survey in surveys), Counter[Fate]())
        for column in sorted(kinds, key=lambda column: natures.index(column.nature))
    }
    shown = {
        title: fates
        for title, fates in _COUNTED.items()
        if any(counts[fate] for counts in counted.values() for fate in fates)
    }
    rows = [(f"Steps on {name}", "Nature", "  All", *shown)]
    for column, counts in counted.items():
        numbers = (sum(counts[fate] for fate in fates) for fates in shown.values())
        cells = (f"{number or '-':>{len(title)}}" for title, number in zip(shown, numbers, strict=True))
        rows.append((column.kind, str(column.nature), f"{counts.total():5}", *cells))
    yield from columns(rows, width)


def _last_lines(report: Report) -> Iterator[str]:
    yield f"{report.counts}, {report.seconds:.0f} s, seed {report.seed}"
    yield from remarks(report)
    yield from (f"to see finding 1 again: {command}" for command in report.replays(report.findings[:1]))
    yield f"to explore again: {report.again}"


def _paragraph(text: str, width: int | None, indent: str = "") -> str:
    if width is None:
        return f"{indent}{text}"
    room = max(width, _LEAST)
    further = indent or "  "
    return fill(
        text, room, initial_indent=indent, subsequent_indent=further, break_on_hyphens=False, break_long_words=False
    )
