"""The report in Markdown: what it shows once a CI system has rendered it."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from emulator.firmware.selection import Choice
from emulator.matrix.reports import markdown
from emulator.matrix.reports.model import Report
from emulator.matrix.result import Ending, Outcome, Run
from emulator.matrix.story import Story
from emulator.trace.events import HostSent, ModuleSent, Refused

NASTY = "a|b `c` ``d`` *e* _f_ <g> [h](i) \\| & # ~~j~~ <!-- k"


class _Cells(HTMLParser):
    """Collects the text of the cells of a table, and of list items."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("td", "li"):
            self._within = True
            self.texts.append("")
        if tag == "br":
            self.texts[-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "li"):
            self._within = False

    def handle_data(self, data: str) -> None:
        if self._within:
            self.texts[-1] += data


def _run(name: str, said: str = "AT+CSQ", reason: str = "why") -> Run:
    story = Story()
    story(0.0, HostSent(terminal="1", mode="command", text=said, size=len(said)))
    story(0.1, Refused(terminal="1", command="+CSQ", cause=None, reason=reason))
    story(0.2, ModuleSent(terminal="1", mode="command", text="\r\nERROR\r\n", size=9))
    return Run(Choice(name), Ending(Outcome.FAILED, 1, 0.5, "", ""), story)


def _report(*runs: Run) -> Report:
    return Report(["./host", NASTY], ["telit-emulator", "matrix"], runs, datetime.now(UTC))


def _shown(text: str) -> list[str]:
    cells = _Cells()
    cells.feed(MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough").render(text))
    return [cell.strip() for cell in cells.texts]


@pytest.mark.parametrize("text", [NASTY, "`", "``a", "a\\", "|", "<CR> 1. - + !"])
def test_no_character_is_markup(text: str) -> None:
    """Neither in what was said nor in a reason, nor does one end a cell."""
    shown = _shown(markdown.render(_report(_run("HE910", text, text))))

    told = f"last: {text} → ERROR\n{text}"
    assert ["❌", "HE910", "failed, exit code 1", "0.5", "0", told] == shown[:6]
    assert f"last: {text} -> ERROR [{text}]" == shown[6]


def test_control_characters_are_named() -> None:
    """CR as such."""
    shown = _shown(markdown.render(_report(_run("HE910", "a\rb\n\x00"))))

    assert "last: a<CR>b<LF><00> → ERROR\nwhy" == shown[5]


def test_a_report_that_is_too_long_says_so() -> None:
    """It ends after a whole row or part, and its table is still one."""
    report = _report(*(_run(f"HE910-{number}") for number in range(50)))
    whole = markdown.render(report)

    for most in (len(whole.encode()) - 1, 3000, 500):
        short = markdown.render(report, most)
        assert len(short.encode()) <= most
        assert short.endswith("The rest is left out: it is too long for a summary.\n")
        assert len(_shown(short)) % 6 == 0 or "To do this run again" in short
    assert "" == markdown.render(report, 10)
