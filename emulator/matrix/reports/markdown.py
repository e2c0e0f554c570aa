"""Reports the runs in Markdown, as the summaries of CI systems show it."""

import re
from collections.abc import Iterator

from emulator.firmware.status import with_status
from emulator.matrix.reports.model import Report, column_of_why, shows_status
from emulator.matrix.result import Outcome, Run
from emulator.trace.printable import printable

MOST = 1024 * 1024
"""Bytes that GitHub takes of the summary of a step."""
_ROOM = 200
"""Bytes that are kept for the note that something is left out."""
_SIGNS = {Outcome.PASSED: "✅", Outcome.FAILED: "❌", Outcome.TIMED_OUT: "⌛"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_TICKS = re.compile("`+")


def render(report: Report, most: int = MOST) -> str:
    """Make a table of the firmwares, and below it what is known of each failing run, up to `most` bytes in all."""
    text = ""
    if most < _ROOM:
        return text
    for part in _parts(report):
        if len((text + part).encode()) > most - _ROOM:
            return f"{text}\nThe rest is left out: it is too long for a summary.\n"
        text += part
    return text


def _parts(report: Report) -> Iterator[str]:
    yield f"## {_text(report.counts)}\n\n{code(report.program)}\n\n"
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
        _text(run.firmware.name),
        *[run.firmware.status or "-"] * known,
        _text(run.ending.in_words),
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
            yield f"**{_text(clue.reason)}**"
    if not run.clues:
        yield _text(run.why)


def _story(report: Report, run: Run) -> str:
    remarks = "".join(f"- {_text(remark)}\n" for remark in (run.why, *run.remarks()))
    name = with_status(run.firmware.name, run.firmware.status)
    return f"\n### {_text(name)}\n\n{remarks}\nTo do this run again:\n\n{_block(report.replay(run))}"


def code(text: str) -> str:
    """Return a code span, also within a table."""
    text = printable(text)
    ticks = "`" * (max(map(len, _TICKS.findall(text)), default=0) + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{padding}{text}{padding}{ticks}".replace("|", "\\|") if text else ""


def _block(text: str) -> str:
    fence = "`" * (max(map(len, _TICKS.findall(text)), default=2) + 1)
    return f"{fence}sh\n{printable(text)}\n{fence}\n"


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", printable(text))
