"""Reports a comparison for a terminal: what differs first, then the chapters, then the counts."""

from collections.abc import Callable, Iterator

from emulator.conformance.reports.model import CommandReport, Report
from emulator.conformance.verdict import Verdict
from emulator.matrix.reports.table import columns
from emulator.trace.printable import printable

Look = Callable[[str, Verdict], str]
"""Gives text the colour of what it tells."""
_MOST_NAMES = 8
"""Commands that a line names."""


def render(report: Report, width: int | None = None, look: Look = lambda text, verdict: text) -> str:
    """Make a paragraph for each command that differs, and a row a chapter."""
    parts = [
        *("\n".join(_differing(command, look)) for command in report.parted),
        "\n".join(columns([("Chapter", *map(str, Verdict)), *_chapters(report)], width)),
        "\n".join(_untried(report)),
        "\n".join(last_lines(report)),
    ]
    return "\n\n".join(part for part in parts if part)


def _differing(command: CommandReport, look: Look) -> Iterator[str]:
    for result in command.parted:
        yield f"{look(str(result.verdict), result.verdict)}  {command.name}: {result.why}  ({result.item.source})"
        yield from result.diff.splitlines()
        yield from map(printable, result.reasons)


def _chapters(report: Report) -> Iterator[tuple[str, ...]]:
    for chapter in report.chapters:
        yield (chapter.name, *(f"{count:{len(verdict)}}" for verdict, count in chapter.counts.items()))


def _untried(report: Report) -> Iterator[str]:
    for why, names in report.untried.items():
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        yield f"not tried, {why}: {', '.join(names[:_MOST_NAMES])}{more}"


def last_lines(report: Report) -> Iterator[str]:
    """Yield what came of it, in few lines."""
    session = report.session
    exchanges = ", ".join(f"{verdict} {count}" for verdict, count in report.exchange_counts.items() if count)
    yield f"{session.identity} compared with {session.firmware.name}, {session.started:%Y-%m-%d}"
    yield f"commands: {report.title}"
    yield f"exchanges: {exchanges or 'none'}"
    yield from (f"not put back: {printable(each)}" for each in session.left)
