"""The page of an exploration: well-formed, self-contained, readable without colours; nothing said is markup."""

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from emulator.at.syntax import Form
from emulator.explore.findings.finding import Finding
from emulator.explore.reports import html
from emulator.explore.reports.map import SIGNS
from emulator.explore.reports.survey import Fate
from emulator.explore.schedule.tried import State, Tried
from emulator.explore.steps.step import Nature
from emulator.explore.trials.verdict import Outcome
from emulator.trace.events import Event, Fault, HostSent, ModuleSent
from tests.explore.explored import FIRMWARE, exploration, guilty, report, result, step, survived
from tests.peers.browser import Browser
from tests.peers.pages import defects, open_ids, open_page, parsed, text_of

NASTY = '"\'><script>document.title = "taken"</script>&amp;</pre></details></mark>\r\x00'
SHOWN = NASTY.replace("\r", "<CR>").replace("\x00", "<00>")
EVENTS: list[Event] = [
    HostSent(terminal="1", mode="command", text=f"AT{NASTY}", size=9),
    Fault(rule=f"1: {NASTY}"),
    ModuleSent(terminal="1", mode="command", text=f"\r\n{NASTY}ERROR\r\n", size=9),
]
PIECES, URC, DROP = "answer in two pieces", "URC between lines", "connection lost"
TWICE = "+CREG? (number 2)"


@pytest.fixture(scope="module")
def page() -> str:
    """A step of every fate, and a finding; places and kinds as nasty as they can be."""
    group = [step(PIECES, "+CSQ", detail=f"after byte {byte}") for byte in range(3)]
    together = result(Outcome.PASSED, *group, events=EVENTS)
    places = [("+CSQ", Form.EXECUTE), ("+CREG", Form.READ), ("#SD", Form.EXECUTE)]
    outcomes = [outcome for outcome in Outcome if outcome.is_finding]
    hang = result(Outcome.HANG, step(PIECES, "+CREG?"), events=EVENTS, printed=f"{NASTY}\n")
    found = Finding(1, FIRMWARE, Outcome.HANG, f"+CREG? {NASTY}", f"It {NASTY}.", hang.trial.steps, hang, 4)
    made = exploration(
        *(Tried(one, State.SURVIVED, together) for one in group),
        Tried(hang.trial.steps[0], State.GUILTY, hang),
        survived(step(PIECES, "+CREG?", detail="after byte 2")),
        *(guilty(step(f"kind {outcome}", "+CREG?", 2), outcome) for outcome in outcomes),
        survived(step(DROP, "#SD", nature=Nature.FAULT), Outcome.FAILED),
        Tried(step(URC, "#SD"), State.NOT_REACHED, together),
        Tried(step(URC, "+CSQ")),
        Tried(step(URC, "+CREG?"), State.PUT_OFF),
        survived(step(f"{NASTY}", "", nature=Nature.NOISE)),
        findings=[found],
        places=places,
    )
    return html.render(report(made, command=["./host", NASTY]))


def test_nothing_that_is_said_or_printed_is_markup(page: str) -> None:
    """Whoever says it: the host, the module, a fault, a sentence, a kind of steps."""
    root = parsed(page)

    (script,) = root.iter("script")
    assert "taken" not in text_of(script)
    shown = [text_of(element).strip() for element in root.iter() if element.tag in ("td", "span", "p", "code")]
    for text in (f"AT{SHOWN}", f"1: {SHOWN}", f"{SHOWN}ERROR", f"It {SHOWN}.", f"+CREG? {SHOWN}", SHOWN):
        assert text in shown
    assert any(f"fault   1: {SHOWN}" in text_of(mark) for mark in root.iter("mark"))


def test_the_page_needs_nothing_else_and_everybody_can_find_the_way(page: str) -> None:
    """Landmarks, headings in their order, labels, what scrolls by keyboard; no address leads away from it."""
    assert [] == defects(page)
    assert any((link.get("href") or "").startswith("#") for link in parsed(page).iter("a"))


def test_the_map_has_a_row_a_place_and_a_column_a_kind(page: str) -> None:
    """In the order of the healthy run, and by nature; headers of both are marked as such."""
    table = _map(page)

    assert all(header.get("scope") for header in table.iter("th"))
    rows = [text_of(header) for header in table.findall("./tbody/tr/th")]
    assert ["(the whole run)", "+CSQ", "+CREG?", "#SD", TWICE] == rows
    natures, kinds = table.findall("./thead/tr")
    assert [("Place", None), ("variation", "8"), ("fault", "1"), ("noise", "1")] == [
        (text_of(head), head.get("colspan")) for head in natures
    ]
    assert [PIECES, *(f"kind {outcome}" for outcome in Outcome if outcome.is_finding), URC, DROP, SHOWN] == [
        text_of(head) for head in kinds
    ]


@pytest.mark.parametrize(
    ("place", "kind", "fate", "count"),
    [
        ("+CSQ", PIECES, Fate.PASSED, "3"),
        ("+CREG?", PIECES, Fate.HANG, "1/2"),
        ("#SD", DROP, Fate.FAILED, "1"),
        ("#SD", URC, Fate.NOT_REACHED, "1"),
        ("+CSQ", URC, Fate.NOT_TRIED, "1"),
        ("+CREG?", URC, Fate.PUT_OFF, "1"),
        *((TWICE, f"kind {outcome}", Fate(outcome.value), "1") for outcome in Outcome if outcome.is_finding),
    ],
)
def test_a_cell_says_the_worst_by_sign_and_words(page: str, place: str, kind: str, fate: Fate, count: str) -> None:
    """So that neither colours nor eyes are needed; how many steps had it, and of how many."""
    cell = _cell(page, place, kind)

    assert f"{SIGNS[fate]}{count}" == text_of(cell)
    link = cell.find("a")
    told = cell.get("title") if link is None else link.get("aria-label")
    assert f"{fate}, {count.replace('/', ' of ')}" == told
    assert (fate in (Fate.NOT_TRIED, Fate.PUT_OFF)) == (link is None)


def test_a_cell_leads_to_the_dialogue_of_its_run(page: str) -> None:
    """Cells of one packed run lead to the same one."""
    root = parsed(page)
    runs = {f"#{run.get('id')}": run for run in root.iter("details")}

    hang, packed, not_reached = (
        runs[_cell(page, place, kind).find("a").get("href", "")]  # type: ignore[union-attr]  # each has one
        for place, kind in (("+CREG?", PIECES), ("+CSQ", PIECES), ("#SD", URC))
    )

    assert "hang" in text_of(hang) and f"AT{SHOWN}" in text_of(hang) and 'fault = "bytes-late"' in text_of(hang)
    assert "3 steps in one run" in text_of(packed) and packed.get("id") == not_reached.get("id")


def test_no_two_fates_have_one_sign_and_the_legend_names_all(page: str) -> None:
    """Each with its own look."""
    (legend,) = (each for each in parsed(page).iter("ul") if each.get("class") == "legend")

    assert len(Fate) == len(set(SIGNS.values()))
    assert [f"{SIGNS[fate]}{fate}" for fate in Fate] == [text_of(item).partition(":")[0] for item in legend]


def test_a_passing_run_shows_what_lies_around_a_fault() -> None:
    """Of a long one; how much is left out is told."""
    lines = [f"AT+CSQ{number}" for number in range(500)]
    said: list[Event] = [HostSent(terminal="1", mode="command", text=line, size=9) for line in lines]
    said.insert(250, Fault(rule="1: here"))
    one = step(PIECES, "+CSQ")
    made = exploration(Tried(one, State.SURVIVED, result(Outcome.PASSED, one, events=said)))

    (run,) = parsed(html.render(report(made))).iter("details")
    shown = [line for pre in run.iter("pre") for line in text_of(pre).splitlines() if "AT+CSQ" in line]
    assert [*lines[247:253], *lines[494:]] == [line.split()[-1] for line in shown]
    assert "(247 lines are left out)" in text_of(run) and "(241 lines are left out)" in text_of(run)


def test_a_large_map_stays_small() -> None:
    """Two hundred commands and thirty kinds, each tried in packed runs."""
    kinds = [f"kind of step number {number}" for number in range(30)]
    tried = []
    for kind in kinds:
        packed = [step(kind, f"+C{number}") for number in range(200)]
        run = result(Outcome.PASSED, *packed, events=EVENTS)
        tried += [Tried(one, State.SURVIVED, run) for one in packed]

    assert len(html.render(report(exploration(*tried))).encode()) < 1_500_000


def test_a_browser_opens_the_run_that_a_cell_names(page: str, tmp_path: Path, browser: Browser) -> None:
    """From a file; the page's own script is allowed, and none that somebody has said."""
    open_page(browser, page, tmp_path, "run-2")

    root = browser.dom()

    assert ["finding-1", "run-2"] == open_ids(root)
    assert "taken" != root.findtext(".//title")


def _map(page: str) -> Element:
    (table,) = (each for each in parsed(page).iter("table") if each.get("class") == "map")
    return table


def _cell(page: str, place: str, kind: str) -> Element:
    table = _map(page)
    column = [text_of(head) for head in table.findall("./thead/tr")[1]].index(kind)
    (row,) = (row for row in table.findall("./tbody/tr") if row[0].text == place)
    return row[column + 1]


def test_the_page_is_readable_on_a_telephone_and_a_large_screen_by_day_and_night(
    page: str, tmp_path: Path, browser: Browser
) -> None:
    open_page(browser, page, tmp_path)

    assert [] == browser.complaints_of_all()
