"""Reports the runs as a table for a terminal."""

from collections.abc import Iterator, Sequence
from textwrap import fill

from emulator.matrix.reports.model import Report, alike, column_of_why

_WIDTH = 100
"""Characters of a line below the table."""


def render(report: Report) -> str:
    """Make a row a firmware; then its remarks, and the firmwares that it stands for."""
    rows = [("Firmware", "Outcome", "Seconds", "Seed", column_of_why(report))]
    for run in report.runs:
        seconds = f"{run.ending.seconds:.1f}"
        rows.append((run.firmware.name, run.ending.in_words, seconds, str(run.story.seed), run.why))
    return "\n".join([_columns(rows), *map(_paragraph, _remarks(report)), *map(_paragraph, _stand_for(report))])


def _remarks(report: Report) -> Iterator[str]:
    """Yield each remark once, with the firmwares that it is about."""
    about: dict[str, list[str]] = {}
    for run in report.runs:
        for remark in run.remarks():
            about.setdefault(remark, []).append(run.firmware.name)
    for remark, names in about.items():
        everywhere = 1 < len(names) == len(report.runs)
        yield f"{'every firmware' if everywhere else ', '.join(names)}: {remark}"


def _stand_for(report: Report) -> Iterator[str]:
    for run in report.runs:
        if run.firmware.alike:
            yield f"{run.firmware.name} stands for {alike(run.firmware)}"


def _paragraph(text: str) -> str:
    return fill(text, _WIDTH, initial_indent="\n", subsequent_indent="    ", break_on_hyphens=False)


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)
