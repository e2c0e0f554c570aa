"""Reports the runs as a table for a terminal."""

from collections.abc import Iterator, Sequence
from textwrap import fill, wrap

from emulator.matrix.reports.model import Report, alike, column_of_why, shows_status

_WIDTH = 100
"""Characters of a line below the table."""
_BETWEEN = "  "
_LEAST = 40
"""Characters of a line of the last column, however narrow the terminal is."""


def render(report: Report, width: int | None = None) -> str:
    """Make a row a firmware; then its remarks, and the firmwares that it stands for.

    The last column goes on below itself where the terminal is not wide enough; without a `width` a row is a line.
    """
    known = shows_status(report)
    rows = [("Firmware", *["Status"] * known, "Outcome", "Seconds", "Seed", column_of_why(report))]
    for run in report.runs:
        seconds, status = f"{run.ending.seconds:.1f}", [run.firmware.status or "-"] * known
        rows.append((run.firmware.name, *status, run.ending.in_words, seconds, str(run.story.seed), run.why))
    return "\n".join([*columns(rows, width), *map(_paragraph, _remarks(report)), *map(_paragraph, _stand_for(report))])


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


def columns(rows: Sequence[Sequence[str]], width: int | None) -> Iterator[str]:
    """Yield the lines of columns; the last one goes on below itself where a row is longer than `width`."""
    *columns, _ = zip(*rows, strict=True)
    widths = [max(map(len, column)) for column in columns]
    begin = " " * sum(each + len(_BETWEEN) for each in widths)
    room = max(_LEAST, width - len(begin)) if width is not None else None
    for *cells, last in rows:
        head = "".join(f"{cell:{each}}{_BETWEEN}" for cell, each in zip(cells, widths, strict=True))
        first, *others = (wrap(last, room, break_on_hyphens=False) if room is not None else [last]) or [""]
        yield f"{head}{first}".rstrip()
        yield from (f"{begin}{line}" for line in others)
