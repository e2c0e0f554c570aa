"""Reports what was found in Markdown, as the summaries of CI systems show it."""

from collections.abc import Iterator

from emulator.explore.findings.finding import Finding
from emulator.explore.reports.model import Report
from emulator.explore.reports.words import remarks, survived
from emulator.matrix.reports.markdown_text import MOST, block, code, fitted, plain, prose


def render(report: Report, most: int = MOST) -> str:
    """Make a table of the findings, and below it how to see each again, up to `most` bytes in all."""
    return fitted(_parts(report), most)


def _parts(report: Report) -> Iterator[str]:
    sign = "❌" if report.findings else "✅"
    yield f"## {sign} {plain(report.counts)}\n\n{code(report.program)}\n\n"
    if report.findings:
        yield "| | Outcome | Place | Firmware | Runs | Shown | What happened |\n|---:|---|---|---|---:|---:|---|\n"
        yield from (_row(finding) for finding in report.findings)
        yield "\n"
    for line in (*survived(report), *remarks(report)):
        yield f"- {plain(line)}\n"
    for finding in report.findings:
        for command in report.replays([finding]):
            yield f"\nTo see finding {finding.number} again:\n\n{block(command)}"
    yield f"\nTo explore again:\n\n{block(report.again)}"


def _row(finding: Finding) -> str:
    times, of = finding.shown
    cells = [
        str(finding.number),
        plain(str(finding.outcome)),
        code(finding.place),
        plain(finding.firmwares),
        str(finding.runs),
        f"{times}/{of}" if of else "-",
        prose(finding.sentence),
    ]
    return f"| {' | '.join(cells)} |\n"
