"""Reports the runs in Markdown, as the summaries of CI systems show it."""

from collections.abc import Iterator

from emulator.firmware.status import with_status
from emulator.matrix.reports.markdown_text import MOST, block, code, fitted, plain
from emulator.matrix.reports.model import Report, column_of_why, shows_status
from emulator.matrix.result import Outcome, Run

_SIGNS = {Outcome.PASSED: "✅", Outcome.FAILED: "❌", Outcome.TIMED_OUT: "⌛"}


def render(report: Report, most: int = MOST) -> str:
    """Make a table of the firmwares, and below it what is known of each failing run, up to `most` bytes in all."""
    return fitted(_parts(report), most)


def _parts(report: Report) -> Iterator[str]:
    yield f"## {plain(report.counts)}\n\n{code(report.program)}\n\n"
    known = shows_status(report)
    title, line = (" Status |", "---|") if known else ("", "")
    yield f"| | Firmware |{title} Outcome | Seconds | Seed | {column_of_why(report)} |\n"
    yield f"|---|---|{line}---|---:|---:|---|\n"
    yield from (_row(run, known) for run in report.runs)
    for run in report.runs:
        if not run.passed:
            yield _story(report, run)


def _row(run: Run, known: bool) -> str:
    cells = [
        _SIGNS[run.ending.outcome],
        plain(run.firmware.name),
        *[run.firmware.status or "-"] * known,
        plain(run.ending.in_words),
        f"{run.ending.seconds:.1f}",
        str(run.story.seed),
        "<br>".join(_why(run)),
    ]
    return f"| {' | '.join(cells)} |\n"


def _why(run: Run) -> Iterator[str]:
    """Yield where a run failed."""
    for clue in run.clues:
        label = f"{clue.label}: " if clue.label else ""
        yield f"{label}{code(clue.said)} → {code(clue.answer)}"
        if clue.reason:
            yield f"**{plain(clue.reason)}**"
    if not run.clues:
        yield plain(run.why)


def _story(report: Report, run: Run) -> str:
    remarks = "".join(f"- {plain(remark)}\n" for remark in (run.why, *run.remarks()))
    name = with_status(run.firmware.name, run.firmware.status)
    return f"\n### {plain(name)}\n\n{remarks}\nTo do this run again:\n\n{block(report.replay(run))}"
