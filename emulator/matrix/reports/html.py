"""Reports the runs as one page of HTML, which needs nothing else: neither a network nor scripts."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import chain
from pathlib import Path
from string import Template

from emulator import __version__
from emulator.firmware.status import with_status
from emulator.matrix.reports.model import Report, alike, column_of_why, shows_status
from emulator.matrix.result import Outcome, Run
from emulator.matrix.story import TimeLine
from emulator.trace.events import FaultTally
from emulator.trace.printable import printable, printable_lines

_FOLDER = Path(__file__).parent
_MOST_LINES = 2000
"""Lines of a time line that the page shows, half of them from the end."""
_LONGEST = 20_000
"""Characters of what the program printed, from the end, that the page shows."""
_MOST_OPEN = 3
"""Failing runs that are open at first, where there are no more."""
_SIGNS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.TIMED_OUT: "…"}
_KINDS = ("host", "module", "net", "tls", "refused", "fault", "defect")
"""Kinds of lines that have a look of their own."""


def render(report: Report) -> str:
    """Make a table of the firmwares, and below it the story of each run."""
    script = (_FOLDER / "page.js").read_text(encoding="utf-8")
    page = Template((_FOLDER / "page.html").read_text(encoding="utf-8"))
    failing = [run for run in report.runs if not run.passed]
    opened = failing if len(failing) <= _MOST_OPEN else []
    return page.substitute(
        version=escape(__version__),
        title=_text(f"{report.counts}: {report.program}"),
        style=(_FOLDER / "page.css").read_text(encoding="utf-8"),
        script=script,
        script_hash=f"sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}",
        counts=_text(report.counts),
        program=_text(report.program),
        started=report.started.isoformat(timespec="seconds"),
        when=report.started.strftime("%d %B %Y, %H:%M:%S %Z"),
        status='<th scope="col">Status</th>' * shows_status(report),
        column=column_of_why(report),
        rows="\n".join(_row(number, run, shows_status(report)) for number, run in enumerate(report.runs, 1)),
        runs="\n".join(_run(number, run, report, run in opened) for number, run in enumerate(report.runs, 1)),
    )


def _row(number: int, run: Run, known: bool) -> str:
    status = f"<td>{run.firmware.status or '-'}</td>" * known
    return (
        f'<tr class="{_class(run)}"><th scope="row"><a href="#run-{number}">{_text(run.firmware.name)}</a></th>{status}'
        f'<td>{_outcome(run)}</td><td class="number">{run.ending.seconds:.1f}</td>'
        f'<td class="number">{run.story.seed}</td><td>{"".join(_why(run))}</td></tr>'
    )


def _run(number: int, run: Run, report: Report, is_open: bool) -> str:
    parts = chain(
        _facts(run),
        _part("Why", _why(run)),
        _part("Do this run again", [_pre(report.replay(run))]),
        _part("Faults", _faults(run.story.faults)),
        _part("Commands that are missing", _list(run.missing.in_words().splitlines())),
        _part("Time line", _time_line(list(run.story.time_line()))),
        _part("Standard error", _printed(run.ending.errors)),
        _part("Standard output", _printed(run.ending.output)),
    )
    return (
        f'<details class="run {_class(run)}" id="run-{number}"{" open" * is_open}>\n'
        f"<summary><h3>{_text(with_status(run.firmware.name, run.firmware.status))}</h3>{_outcome(run)}"
        f'<span class="note">{run.ending.seconds:.1f} s</span></summary>\n'
        f'<div class="body">\n{"".join(parts)}</div>\n</details>'
    )


def _outcome(run: Run) -> str:
    sign = f'<span aria-hidden="true">{_SIGNS[run.ending.outcome]}</span>'
    return f'<span class="outcome">{sign} {_text(run.ending.in_words)}</span>'


def _class(run: Run) -> str:
    return str(run.ending.outcome).replace(" ", "-")


def _why(run: Run) -> Iterator[str]:
    """Yield where a run failed."""
    for clue in run.clues:
        label = f'<span class="note">{clue.label}:</span> ' if clue.label else ""
        yield f"<p>{label}<code>{_text(clue.said)}</code> → <code>{_text(clue.answer)}</code></p>"
        if clue.reason:
            yield f'<p class="reason">{_text(clue.reason)}</p>'
        if clue.passing:
            yield f'<p class="note">passing: <code>{_text(clue.passing)}</code></p>'
    if not run.clues:
        yield _text(run.why)
    if run.last_error and not run.passed:
        yield f'<p class="note">stderr ends with: <code>{_text(run.last_error)}</code></p>'


def _facts(run: Run) -> Iterator[str]:
    facts = [("Seed", str(run.story.seed))]
    if run.firmware.alike:
        facts.append(("Stands for", alike(run.firmware)))
    yield f"<dl>{''.join(f'<dt>{name}</dt><dd>{_text(value)}</dd>' for name, value in facts)}</dl>\n"


def _part(title: str, content: Iterable[str]) -> Iterator[str]:
    """Yield a titled part; nothing where it has no content."""
    if text := "".join(content):
        yield f"<h4>{title}</h4>\n{text}\n"


def _faults(faults: Sequence[FaultTally]) -> Iterator[str]:
    if faults:
        yield '<div class="wide"><table class="faults"><thead><tr><th scope="col" class="number">No.</th>'
        yield '<th scope="col">Fault</th><th scope="col">Fired</th></tr></thead><tbody>'
        for fault in faults:
            yield f'<tr><td class="number">{fault.number}</td><td><code>{_text(fault.rule)}</code></td>'
            yield f"<td>{_text(fault.told)}</td></tr>"
        yield "</tbody></table></div>"


def _list(lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"<ul>{''.join(f'<li>{_text(line)}</li>' for line in lines)}</ul>"


def _time_line(lines: Sequence[TimeLine]) -> Iterator[str]:
    """Yield a table with a group of rows for each line of the host."""
    if not lines:
        return
    yield '<div class="wide"><table class="time-line"><thead><tr><th scope="col" class="number">Time</th>'
    yield '<th scope="col">Who, what</th><th scope="col">Text</th></tr></thead>\n<tbody>'
    for index, line in enumerate(_shortened(lines)):
        if line.kind == "host" and index:
            yield "</tbody>\n<tbody>"
        look = f' class="{line.kind}"' if line.kind in _KINDS else ""
        yield f'<tr{look}><td class="number">{line.at:.3f}</td>'
        yield f"<td>{_text(line.who)}</td><td>{_text(line.text)}</td></tr>\n"
    yield "</tbody></table></div>"


def _shortened(lines: Sequence[TimeLine]) -> Sequence[TimeLine]:
    left_out = len(lines) - _MOST_LINES
    if left_out <= 0:
        return lines
    half = _MOST_LINES // 2
    between = TimeLine(lines[-half].at, "", f"({left_out} lines are left out)")
    return [*lines[:half], between, *lines[-half:]]


def _printed(text: str) -> Iterator[str]:
    if len(text) > _LONGEST:
        yield f'<p class="note">({len(text) - _LONGEST} characters before this are left out)</p>'
    if text:
        yield _pre(text[-_LONGEST:])


def _pre(text: str) -> str:
    # The parser drops a line feed at the very beginning.
    return f'<pre tabindex="0">\n{escape(printable_lines(text))}</pre>'


def _text(text: str) -> str:
    return escape(printable(text))
