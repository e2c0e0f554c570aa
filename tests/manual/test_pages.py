"""Pages of the manual: what they say is what the module does."""

import pytest

from emulator.commands.catalogue import command_table
from emulator.commands.ledger import Standing
from emulator.firmware.loader import load_firmware
from emulator.manual.asking import asked_page
from emulator.manual.markdown import as_markdown
from emulator.manual.observing import Observed
from emulator.manual.page import Page
from emulator.manual.pages import page_of
from emulator.manual.text import as_text
from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, LINES

_NOTHING = Observed((), (), (), ())
_WIDTH = 60


def page(name: str, model: str = "HE910") -> Page:
    return asked_page(name, load_firmware(model), model)


@EVERY_LINE
def test_every_page_is_written_within_the_width(firmware: str) -> None:
    """For a narrow terminal and as Markdown, with each form and each parameter; only longer words stand out."""
    found = load_firmware(firmware)
    for bound in command_table(found):
        shown = page_of(bound, found, _NOTHING)
        text, markdown = as_text(shown, _WIDTH), as_markdown(shown)

        too_long = [line for line in text.splitlines() if len(line) > _WIDTH and len(line.split()) > 1]
        assert [] == too_long
        for form in shown.forms:
            assert f"`{form.typed}`" in markdown
        for parameter in shown.parameters:
            assert f"<{parameter.name}>" in text
            assert f"| `<{parameter.name}>` |" in markdown


def test_a_page_says_what_a_command_takes_needs_refuses_and_keeps() -> None:
    """Each part of it, for a command that has all of them."""
    shown = page("#SSLSECCFG")

    assert [form.typed.partition("<")[0] for form in shown.forms] == [
        "AT#SSLSECCFG=",
        "AT#SSLSECCFG?",
        "AT#SSLSECCFG=?",
    ]
    assert [(one.name, one.values, one.required) for one in shown.parameters][1:] == [
        ("cipher_suite", "0-4", True),
        ("authentication", "0-2", True),
        ("certificate_format", "0-1", False),
    ]
    assert shown.needs == ["SSL enabled: AT#SSLEN=1,1"]
    (disabled,) = [refusal for refusal in shown.refusals if refusal.situation == "while SSL is not enabled"]
    assert (disabled.number, disabled.text) == ("+CME ERROR: 836", "+CME ERROR: SSL not activated")
    assert shown.kept == ["In NVM at once (secure sockets); it stays without power."]
    assert shown.elsewhere["10.00"] == ["<cipher_suite> takes 0-3.", "<certificate_format> is not there."]
    assert shown.source == "guide 3.2"


def test_a_page_has_the_refusals_that_stand_in_the_code() -> None:
    """With what only the running command knows left open, and none that a line of the page meets."""
    shown = page("#SSLSECDATA")

    otherwise = {refusal.reason: refusal.number for refusal in shown.refusals if not refusal.typed}
    assert otherwise["size is missing; <Action> 1 needs it"] == "+CME ERROR: 4"
    met = [refusal.reason for refusal in page("#SNUM").refusals if "enhanced network selection" in refusal.reason]
    assert len(met) == 1


def test_a_refusal_has_the_cause_of_the_firmware() -> None:
    """One that the profile names, too."""
    by_another = [one for one in page("#FTPPWD").refusals if one.reason == "another AT instance uses FTP"]

    assert [one.number for one in by_another] == ["+CME ERROR: 612"]


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("+CMEE", "In the AT instance, until power-off; AT&W stores it in the extended part of a user profile."),
        ("&K", "In the AT instance, until power-off; AT&W stores it in the base part of a user profile."),
        ("#CPUMODE", "In the module, until power-off."),
        ("#TCPREASS", "In NVM at once; it stays without power."),
    ],
)
def test_a_page_says_where_values_are_kept(name: str, where: str) -> None:
    """As the module has shown it."""
    assert page(name, "GE865-QUAD").kept == [where]


def test_a_command_needs_nothing_that_it_brings_about() -> None:
    """What the exchange has before its line is told apart."""
    shown = page("#SSLEN")

    assert shown.needs == []
    assert [(one.typed, one.text) for one in shown.refusals if one.situation] == [
        ("AT#SSLEN=1,1", "+CME ERROR: SSL already activated")
    ]


def test_a_command_without_effect_says_so() -> None:
    """In both forms of the page."""
    shown = page("+CRSL")

    assert shown.standing is Standing.KEPT
    assert "It has no effect" in as_text(shown, 100)
    assert "It has no effect" in as_markdown(shown)


@pytest.mark.parametrize("model", LINES)
@pytest.mark.parametrize("name", ["+CNMI", "+CGDCONT", "#SSLCFG"])
async def test_the_exchange_is_what_a_module_says(name: str, model: str) -> None:
    """Typed at another module in the same state, every line has the same answer."""
    import asyncio

    shown = await asyncio.to_thread(page, name, model)
    assert any("ERROR" in line for spoken in shown.exchange for line in spoken.heard), "it ends with a refusal"
    async with Bench(model) as bench:
        for line in ('AT+CGDCONT=1,"IP","lab"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
            await bench.command(line)
        for spoken in shown.exchange:
            heard = [line for line in (await bench.command(spoken.typed)).split("\r\n") if line]
            assert heard == list(spoken.heard), spoken.typed


def test_an_exchange_with_a_server_has_its_answer() -> None:
    """The lab's servers take part; an entry stands behind its prompt."""
    spoken = {one.typed: list(one.heard) for one in page("#SRECV").exchange}

    assert spoken["> hello"] == ["OK", "SRING: 1"]
    assert spoken["AT#SRECV=1,100"] == ["#SRECV: 1,5", "hello", "OK"]


@pytest.mark.parametrize("model", [*LINES, "LE910C1"])
@pytest.mark.parametrize(
    ("name", "typed", "heard"),
    [
        ("+CHLD", "AT+CHLD=2", ["OK"]),
        ("+VTS", "AT+VTS=1", ["OK"]),
        ("+CNMA", "AT+CNMA=0", ["OK"]),
        ("#SNUM", "AT+CNUM", ['+CNUM: "","123",129', "OK"]),
    ],
)
def test_the_exchange_brings_about_what_the_command_needs(name: str, typed: str, heard: list[str], model: str) -> None:
    """An active call, a message to acknowledge, a setting that counts from the next start."""
    spoken = {one.typed: list(one.heard) for one in page(name, model).exchange}

    assert heard == spoken[typed]


def test_a_page_is_the_same_each_time() -> None:
    """No time, port or address of the machine is in it."""
    assert page("#SSLRECV") == page("#SSLRECV")


def test_without_the_lab_the_page_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything else is there."""
    monkeypatch.setitem(__import__("sys").modules, "tlslite", None)
    monkeypatch.setitem(__import__("sys").modules, "tlslite.api", None)

    shown = page("#SSLD")

    assert "the lab needs the extra `lab`" in shown.unheard
    assert shown.unheard in " ".join(as_text(shown, 200).split())
    assert shown.needs
