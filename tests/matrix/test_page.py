"""The report as a page: well-formed, self-contained, and nothing that a host prints is markup."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from emulator.firmware.selection import Choice
from emulator.matrix.reports import html
from emulator.matrix.reports.model import Report
from emulator.matrix.result import Ending, Outcome, Run
from emulator.matrix.story import Story
from emulator.trace.events import Event, Fault, FaultTally, HostSent, ModuleSent, Refused, Seeded, TlsOutcome
from tests.peers.browser import Browser
from tests.peers.pages import defects, open_ids, open_page, parsed, text_of

NASTY = '"\'><script>document.title = "taken"</script>&amp;</pre></details>\r\x00'
SHOWN = NASTY.replace("\r", "<CR>").replace("\x00", "<00>")
EVENTS: list[Event] = [
    Seeded(seed=7),
    HostSent(terminal="1", mode="command", text=f"AT{NASTY}", size=9),
    Fault(rule=f"1: {NASTY}"),
    TlsOutcome(outcome=f"untrusted: {NASTY}"),
    Refused(terminal="1", command="#SSLD", cause=None, reason=f"untrusted: {NASTY}"),
    ModuleSent(terminal="1", mode="command", text=f"\r\n{NASTY}ERROR\r\n", size=9),
    FaultTally(number=1, rule=NASTY, fired=0, times=1, why=NASTY),
]


def _run(name: str, outcome: Outcome, *events: Event) -> Run:
    story = Story()
    for at, event in enumerate(events):
        story(at / 8, event)
    code = {Outcome.PASSED: 0, Outcome.FAILED: 1}.get(outcome)
    return Run(Choice(name, alike=(f"{name}-2",)), Ending(outcome, code, 1.25, NASTY, f"{NASTY}\n"), story)


def _page(*runs: Run) -> str:
    return html.render(Report(["./host", NASTY], ["telit-emulator", "matrix"], runs, datetime.now(UTC)))


@pytest.fixture(scope="module")
def page() -> str:
    runs = [_run(f"HE910<{outcome}>", outcome, *EVENTS) for outcome in Outcome]
    return _page(*runs)


def test_nothing_that_is_said_or_printed_is_markup(page: str) -> None:
    """Whoever says it: the host to the module, the module, a reason, a fault, the program on both its streams."""
    root = parsed(page)

    (script,) = root.iter("script")
    assert "taken" not in text_of(script)
    shown = [text_of(element).strip() for element in root.iter() if element.tag in ("td", "pre", "code", "p")]
    for text in (f"AT{SHOWN}", f"1: {SHOWN}", f"#SSLD: untrusted: {SHOWN}", f"{SHOWN}ERROR", f"never fired: {SHOWN}"):
        assert text in shown
    assert [SHOWN] * 6 == [text for text in shown if text == SHOWN and text][:6]


def test_the_page_needs_nothing_else_and_everybody_can_find_the_way(page: str) -> None:
    """Landmarks, headings in their order, labels, what scrolls by keyboard; no address leads away from it."""
    assert [] == defects(page)
    assert any((link.get("href") or "").startswith("#") for link in parsed(page).iter("a"))


def test_a_row_says_outcome_and_reason_in_words(page: str) -> None:
    """So that colours are not the only sign; the header of each row and column is marked as such."""
    root = parsed(page)
    table = next(root.iter("table"))

    assert all(header.get("scope") in ("row", "col") for header in root.iter("th"))
    rows = [[text_of(cell) for cell in row] for row in table.findall("./tbody/tr")]
    assert [["HE910<passed>", "✓ passed"], ["HE910<failed>", "✗ failed, exit code 1"]] == [row[:2] for row in rows[:2]]
    assert ["HE910<timed out>", "… timed out", "1.2", "7"] == rows[2][:4]
    assert "" == rows[0][4] and f"untrusted: {SHOWN}" in rows[1][4]


def test_few_failing_runs_are_open_at_first(page: str) -> None:
    """Those that passed are not, and where many failed, none is."""
    many = _page(*(_run(f"HE910-{number}", Outcome.FAILED) for number in range(9)))

    assert [False, True, True] == ["open" in details.attrib for details in parsed(page).iter("details")]
    assert {False} == {"open" in details.attrib for details in parsed(many).iter("details")}


def test_a_long_time_line_and_output_are_shortened() -> None:
    """The beginning and the end of the one, the end of the other, with how much is left out."""
    said = [HostSent(terminal="1", mode="command", text=f"AT+CSQ{number}", size=9) for number in range(5000)]
    run = _run("HE910", Outcome.FAILED, *said)
    run.ending = Ending(Outcome.FAILED, 1, 1.0, "x" * 30_000 + "end", "")

    told = text_of(parsed(_page(run)))

    assert "AT+CSQ0" in told and "AT+CSQ4999" in told
    assert "lines are left out" in told
    assert "(10003 characters before this are left out)" in told and "xend" in told


def test_a_browser_opens_the_run_that_the_address_names(page: str, tmp_path: Path, browser: Browser) -> None:
    """From a file; the page's own script is allowed, and none that somebody has said."""
    open_page(browser, page, tmp_path, "run-1")

    root = browser.dom()

    assert ["run-1", "run-2", "run-3"] == open_ids(root)
    assert "telit" not in str(root.findtext(".//title")) and "taken" != root.findtext(".//title")


def test_the_page_is_readable_on_a_telephone_and_a_large_screen_by_day_and_night(
    page: str, tmp_path: Path, browser: Browser
) -> None:
    open_page(browser, page, tmp_path)

    assert [] == browser.complaints_of_all()
