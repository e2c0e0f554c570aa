"""The page is well-formed, self-contained, the same in a browser, and nothing that a module says is markup."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from emulator.conformance.items import exchange
from emulator.conformance.reports import html
from emulator.conformance.reports.model import Report
from emulator.conformance.session import ParitySession, Wishes
from emulator.conformance.verdict import Result, Verdict
from emulator.dte.identity import Identity
from emulator.firmware.loader import load_firmware
from tests.peers.browser import Browser
from tests.peers.pages import defects, open_ids, open_page, parsed, text_of

NASTY = '"\'><script>document.title = "taken"</script>&amp;</pre></details>'
IDENTITY = Identity("Telit", NASTY, NASTY)


def _result(command: str, verdict: Verdict) -> Result:
    item = replace(exchange(f"AT{command}", command, "identity", NASTY), all_because=NASTY)
    diff = f"--- HE910\n+++ module\n@@ -1,2 +1,2 @@\n > AT{command}\n-< {NASTY}\n+< {NASTY}"
    shown = diff if verdict is Verdict.DIFFERS else ""
    return Result(item, command, f"> AT{command}", verdict, NASTY, shown, [f"refused {NASTY}"])


def _page(*results: Result) -> str:
    session = ParitySession(IDENTITY, load_firmware("HE910"), Wishes(), datetime.now(UTC), results=list(results))
    return html.render(Report(session, f"telit-emulator conform --port {NASTY}"))


@pytest.fixture(scope="module")
def page() -> str:
    return _page(*(_result(f"+C{verdict.name}", verdict) for verdict in Verdict), _result("+CMANY", Verdict.DIFFERS))


def test_nothing_that_is_said_is_markup(page: str) -> None:
    root = parsed(page)

    (script,) = root.iter("script")
    assert "taken" not in text_of(script)
    assert NASTY in text_of(root)
    assert ["-< " + NASTY] * 2 == [text_of(each) for each in root.iter("del") if NASTY in text_of(each)]


def test_the_page_needs_nothing_else_and_everybody_can_find_the_way(page: str) -> None:
    """Landmarks, headings in their order, labels, what scrolls by keyboard; no address leads away from it."""
    assert [] == defects(page)
    assert any((link.get("href") or "").startswith("#") for link in parsed(page).iter("a"))


def test_every_verdict_is_told_in_words(page: str) -> None:
    """Signs and colours alone tell nothing to a reader who cannot see them."""
    shown = {text_of(each).split(maxsplit=1)[1] for each in parsed(page).iter("span") if each.get("class") == "outcome"}

    assert {str(verdict) for verdict in Verdict} == shown


def test_the_address_names_the_command_that_is_open(page: str, tmp_path: Path, browser: Browser) -> None:
    open_page(browser, page, tmp_path, "chapter-identity")

    shown = browser.dom()

    assert "chapter-identity" in open_ids(shown)


def test_a_module_that_agrees_wholly_has_a_page_too() -> None:
    root = parsed(_page(_result("+CGMI", Verdict.AGREED)))

    assert "Nothing: whatever was played agrees." in text_of(root)


def test_the_page_is_readable_on_a_telephone_and_a_large_screen_by_day_and_night(
    page: str, tmp_path: Path, browser: Browser
) -> None:
    open_page(browser, page, tmp_path)

    assert [] == browser.complaints_of_all()
