"""Reports the runs as one page of HTML, which needs nothing else: neither a network nor scripts."""

from collections.abc import Iterator
from itertools import chain

from emulator.firmware.status import with_status
from emulator.matrix.reports.elements import fault_table, time_line
from emulator.matrix.reports.model import Report, alike, column_of_why, shows_status
from emulator.matrix.result import Outcome, Run
from emulator.pages.elements import badge, facts, listed, note, part, pre, printed, section, story, table, text
from emulator.pages.frame import framed

_MOST_OPEN = 3
"""Failing runs that are open at first, where there are no more."""
_SIGNS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.TIMED_OUT: "…"}


def render(report: Report) -> str:
    """Make a table of the firmwares, and below it the story of each run."""
    failing = [run for run in report.runs if not run.passed]
    opened = failing if len(failing) <= _MOST_OPEN else []
    main = chain(
        section("Firmwares", [table("Firmwares and outcomes", _firmwares(report), "firmwares ruled")]),
        section("Dialogues", (_run(number, run, report, run in opened) for number, run in enumerate(report.runs, 1))),
    )
    return framed(
        maker="telit-emulator matrix",
        title=report.counts,
        program=report.program,
        started=report.started,
        main="".join(main),
    )


def _firmwares(report: Report) -> Iterator[str]:
    yield '<thead><tr><th scope="col">Firmware</th>'
    yield '<th scope="col">Status</th>' * shows_status(report)
    yield '<th scope="col">Outcome</th><th scope="col" class="number">Seconds</th>'
    yield f'<th scope="col" class="number">Seed</th><th scope="col">{column_of_why(report)}</th></tr></thead>\n<tbody>'
    yield from (_row(number, run, shows_status(report)) for number, run in enumerate(report.runs, 1))
    yield "</tbody>"


def _row(number: int, run: Run, known: bool) -> str:
    status = f"<td>{run.firmware.status or '-'}</td>" * known
    return (
        f'<tr class="{_class(run)}"><th scope="row"><a href="#run-{number}">{text(run.firmware.name)}</a></th>{status}'
        f'<td>{_outcome(run)}</td><td class="number">{run.ending.seconds:.1f}</td>'
        f'<td class="number">{run.story.seed}</td><td>{"".join(_why(run))}</td></tr>'
    )


def _run(number: int, run: Run, report: Report, is_open: bool) -> str:
    parts = chain(
        [_facts(run)],
        part("Why", _why(run)),
        part("Do this run again", [pre(report.replay(run))]),
        part("Faults", fault_table(run.story.faults)),
        part("Commands that are missing", listed(run.missing.in_words().splitlines())),
        part("Time line", time_line(list(run.story.time_line()))),
        part("Standard error", printed(run.ending.errors)),
        part("Standard output", printed(run.ending.output)),
    )
    title = text(with_status(run.firmware.name, run.firmware.status))
    beside = _outcome(run) + note(f"{run.ending.seconds:.1f} s")
    return story(f"run-{number}", _class(run), title, beside, parts, is_open=is_open)


def _outcome(run: Run) -> str:
    return badge(run.ending.in_words, _SIGNS[run.ending.outcome])


def _class(run: Run) -> str:
    return str(run.ending.outcome).replace(" ", "-")


def _why(run: Run) -> Iterator[str]:
    """Yield where a run failed."""
    for clue in run.clues:
        label = f"{note(f'{clue.label}:')} " if clue.label else ""
        yield f"<p>{label}<code>{text(clue.said)}</code> → <code>{text(clue.answer)}</code></p>"
        if clue.reason:
            yield f'<p class="reason">{text(clue.reason)}</p>'
        if clue.passing:
            yield f'<p class="note">passing: <code>{text(clue.passing)}</code></p>'
    if not run.clues:
        yield text(run.why)
    if run.last_error and not run.passed:
        yield f'<p class="note">stderr ends with: <code>{text(run.last_error)}</code></p>'


def _facts(run: Run) -> str:
    alike_ones = [("Stands for", alike(run.firmware))] if run.firmware.alike else []
    return facts([("Seed", str(run.story.seed)), *alike_ones])
