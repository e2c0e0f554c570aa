"""Reports a comparison as one page of HTML, which needs nothing else."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from emulator.conformance.reports.model import ChapterReport, CommandReport, Report
from emulator.conformance.verdict import Result, Verdict
from emulator.firmware.status import with_status
from emulator.pages.elements import badge, diff, facts, listed, note, part, section, story, table, text
from emulator.pages.frame import framed

_SIGNS = {Verdict.AGREED: "✓", Verdict.DIFFERS: "✗", Verdict.NOT_THERE: "∅", Verdict.NOT_TRIED: "-"}
_MOST_OPEN = 3
"""Differing commands that are open at first, where there are no more."""


def render(report: Report) -> str:
    """Make the facts, the chapters, what differs, and every command by its chapter."""
    main = chain(
        [_facts(report)],
        section("Chapters", [table("Chapters", _chapters(report), "conformity ruled")]),
        section("What is not alike", _parted(report)),
        section("Command by command", (_story(number, command, report) for number, command in _numbered(report))),
        section("Not tried", listed([f"{why}: {', '.join(names)}" for why, names in report.untried.items()])),
        section("All commands", (_chapter(chapter, report) for chapter in report.chapters)),
    )
    return framed(
        maker="telit-emulator conform",
        title=report.title,
        program=report.program,
        started=report.session.started,
        main="\n".join(main),
        style=(Path(__file__).parent / "conformity.css").read_text(encoding="utf-8"),
        note="A verdict on a command is the worst one of its exchanges.",
    )


def _facts(report: Report) -> str:
    session = report.session
    named = [
        ("Module", f"{session.identity.maker} {session.identity}"),
        ("Compared with", with_status(session.firmware.name, session.firmware.status)),
        ("Date", f"{session.started:%Y-%m-%d}"),
        ("Exchanges", ", ".join(f"{verdict} {count}" for verdict, count in report.exchange_counts.items())),
    ]
    if session.wishes.server is not None:
        named.append(("Server", str(session.wishes.server)))
    return facts([*named, *(("Not put back", each) for each in session.left)])


def _chapters(report: Report) -> Iterator[str]:
    yield '<thead><tr><th scope="col">Chapter</th>'
    yield from (f'<th scope="col" class="number">{verdict}</th>' for verdict in Verdict)
    yield "</tr></thead><tbody>"
    for chapter in report.chapters:
        yield f'<tr><th scope="row"><a href="#chapter-{text(chapter.name)}">{text(chapter.name)}</a></th>'
        yield from (f'<td class="number">{count}</td>' for count in chapter.counts.values())
        yield "</tr>"
    yield "</tbody>"


def _numbered(report: Report) -> Iterator[tuple[int, CommandReport]]:
    yield from enumerate(report.parted, 1)


def _parted(report: Report) -> Iterator[str]:
    if not report.parted:
        yield "<p>Nothing: whatever was played agrees.</p>"
        return
    yield table("What is not alike", _parted_rows(report), "conformity ruled")


def _parted_rows(report: Report) -> Iterator[str]:
    yield '<thead><tr><th scope="col">Command</th><th scope="col">Verdict</th>'
    yield '<th scope="col" class="number">Exchanges</th><th scope="col">Why</th></tr></thead><tbody>'
    for number, command in _numbered(report):
        yield f'<tr class="{_class(command.verdict)}"><th scope="row"><a href="#command-{number}">'
        yield f"<code>{text(command.name)}</code></a></th><td>{_outcome(command.verdict)}</td>"
        yield f'<td class="number">{len(command.parted)}</td><td class="why">{_why(command)}</td></tr>'
    yield "</tbody>"


def _why(command: CommandReport) -> str:
    sent = next((result.sent for result in command.parted if result.sent), "")
    return f"<code>{text(sent)}</code> {text('; '.join(command.whys))}"


def _story(number: int, command: CommandReport, report: Report) -> str:
    return story(
        f"command-{number}",
        _class(command.verdict),
        f"<code>{text(command.name)}</code>",
        _outcome(command.verdict) + note(f"{len(command.parted)} of {len(command.results)} exchanges"),
        chain.from_iterable(map(_exchange, command.parted)),
        is_open=len(report.parted) <= _MOST_OPEN,
    )


def _exchange(result: Result) -> Iterator[str]:
    yield from part(text(result.sent or result.command), [f"<p>{text(result.why)}</p>", *map(diff, [result.diff])])
    yield from (f'<p class="reason">{text(reason)}</p>' for reason in result.reasons)
    yield f'<p class="note">{text(result.item.source)}</p>\n'


def _chapter(chapter: ChapterReport, report: Report) -> str:
    numbers = {command.name: number for number, command in _numbered(report)}
    items = "".join(_mention(command, numbers.get(command.name)) for command in chapter.commands)
    name = text(chapter.name)
    beside = note(f"{len(chapter.commands)} commands")
    return story(f"chapter-{name}", "chapter", name, beside, [f'<ul class="commands">{items}</ul>'])


def _mention(command: CommandReport, number: int | None) -> str:
    name = f"<code>{text(command.name)}</code>"
    shown = f'<a href="#command-{number}">{name}</a>' if number is not None else name
    return f'<li class="{_class(command.verdict)}">{shown} {_outcome(command.verdict)}</li>'


def _outcome(verdict: Verdict) -> str:
    return badge(str(verdict), _SIGNS[verdict])


def _class(verdict: Verdict) -> str:
    return str(verdict).replace(" ", "-")
