"""The page in a real browser: what is shown, what is done there, and what becomes of it without the emulator."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import serial

pytest.importorskip("uvicorn", reason="the extra `web` is not installed")

from selenium.webdriver.common.keys import Keys

import emulator.web
from emulator.control import bounded_queue
from emulator.device.ssl.states import LOST_CAN_BE_CLOSED, TRANSITIONS
from emulator.testing import Bench
from emulator.web import application
from emulator.web.server import WebServer
from tests.cli.programs import TIMEOUT, Running, running
from tests.line.mux.hosts import multiplexed
from tests.peers.browser import Browser
from tests.peers.pages import lost_and_unlabelled

PAGE = Path(emulator.web.__file__).parent / "page"
DIAL = 'AT#SSLD=1,443,"123.124.125.126",0,1'
DIALOGUE = ".module:not([hidden]) .dialogue"
SENT = f"document.querySelectorAll('{DIALOGUE} .host').length"


@contextmanager
def _emulator(address: str = "127.0.0.1:0") -> Iterator[tuple[Running, str]]:
    """With the lab's servers; the address of its page."""
    with running("--lab", "--web", address) as modem:
        modem.wait_for("page-served")
        (url,) = [event["url"] for event in modem.events if event["event"] == "page-served"]
        yield modem, url


@pytest.fixture(scope="module")
def emulator_and_url() -> Iterator[tuple[Running, str]]:
    with _emulator() as both:
        yield both


@pytest.fixture
def modem(browser: Browser, emulator_and_url: tuple[Running, str]) -> Running:
    """One whose page is open; what one test has said stands above what the next one says."""
    modem, url = emulator_and_url
    _open(browser, url)
    return modem


def _open(browser: Browser, url: str) -> None:
    browser.show(1600, "light")
    browser.open(url)
    browser.until("document.querySelector('.typed input')")


def _type(browser: Browser, *lines: str) -> None:
    """Type lines on the page; go on when each has been answered by OK."""
    for line in lines:
        answered = f"{SENT} > arguments[0] && document.querySelector('{DIALOGUE}').innerText.trim().endsWith('OK')"
        before = browser.run(f"return {SENT}")
        browser.find(".typed input").send_keys(line, Keys.ENTER)
        browser.until(answered, before)


def _connect(browser: Browser) -> None:
    _type(browser, 'AT+CGDCONT=1,"IP","lab"', "AT#SGACT=1,1", "AT#SSLEN=1,1", DIAL)
    browser.until("document.querySelector('.machine svg').dataset.state === 'open'")


def test_what_a_host_says_and_why_it_is_refused_appear_at_once(browser: Browser, modem: Running) -> None:
    """As text: nothing that is said is markup."""
    modem.ask('AT+CGDCONT=2,"IP","<b id=taken>"', "AT+CREG=9")

    browser.until_shown("ERROR", DIALOGUE)
    assert "<b id=taken>" in browser.find(DIALOGUE).text
    assert browser.run("return document.getElementById('taken') === null")
    assert "+CREG: " in browser.find(f"{DIALOGUE} .refused").text
    assert [] == browser.log()


def test_a_handshake_is_told_message_by_message_and_a_fault_by_button_ends_the_session(
    browser: Browser, modem: Running
) -> None:
    """The state of the socket is lit; the page is readable with all this on it, and a reader by ear finds the way."""
    _connect(browser)

    messages = browser.run("return [...document.querySelectorAll('.message')].map((each) => each.textContent)")
    assert ["sent: client hello", "received: server hello", "received: certificate"] == messages[:3]
    told = browser.find(".handshake").text
    assert "established" in told and "TLS_RSA_WITH_" in told and "CN=PUBLIC demo Server" in told

    browser.find("[data-fault=context-dropped]").click()

    browser.until("document.querySelector('.machine svg').dataset.state === 'lost'")
    browser.until_shown("context-dropped", f"{DIALOGUE} .fault")
    assert "lost" == browser.find(".machine .lit").text
    assert [] == browser.complaints()
    assert [] == lost_and_unlabelled(browser.dom())
    assert [] == browser.log()


def test_a_fault_that_is_set_is_shown_until_it_is_ended(browser: Browser, modem: Running) -> None:
    browser.find(".faults input").send_keys("byte=2kB command=#SSLD", Keys.ENTER)
    browser.until_shown("connection-closed", ".at-work")

    browser.find(".at-work li:last-child button").click()

    browser.until("!document.querySelector('.at-work').innerText.includes('connection-closed')")


def test_all_can_be_done_by_keyboard_alone(browser: Browser, modem: Running) -> None:
    """Typing AT, a fault by its button, a state, a message that comes."""
    browser.tab_to(".typed input")
    browser.press("AT+CNMI=2,1", Keys.ENTER)
    browser.until_shown("OK", DIALOGUE)
    browser.tab_to("[data-fault=registration-lost]")
    browser.press(Keys.ENTER)
    browser.until_shown("searching", ".vitals")
    browser.tab_to(".registration")
    browser.press("1")
    browser.until_shown("home", ".vitals")
    browser.tab_to(".sms [name=text]")
    browser.press("hello", Keys.ENTER)

    browser.until_shown("from +393311234567: hello", ".services")
    outlined = "return getComputedStyle(document.activeElement).outlineStyle"
    assert "solid" == browser.run(outlined)


def test_a_page_without_its_emulator_says_so_and_goes_on_with_the_next_one(browser: Browser) -> None:
    with _emulator() as (modem, url):
        _open(browser, url)
        _type(browser, "AT+CSQ")
        modem.stop()
        browser.until_shown("not there", "#connection")
        assert browser.run("return document.querySelector('.typed input').disabled")

    with _emulator(urlsplit(url).netloc):
        browser.until_shown("started anew", "#connection")

        _type(browser, "AT+CREG?")
        assert "AT+CSQ" not in browser.find(DIALOGUE).text


def test_the_session_is_saved_as_a_dialogue_a_trace_and_a_capture(browser: Browser, modem: Running) -> None:
    modem.ask("AT+CSQ")

    links = browser.run("return [...document.querySelectorAll('.save a')].map((each) => each.href)")
    fetched = "return fetch(arguments[0]).then((file) => file.arrayBuffer()).then((all) => [...new Uint8Array(all)])"
    dialogue, trace, capture = (bytes(browser.run(fetched, link)) for link in links)
    assert b">= AT+CSQ\n< +CSQ: " in dialogue
    assert b'"text":"AT+CSQ"' in trace
    assert b"\x0a\x0d\x0d\x0a" == capture[:4]


def test_time_passes_by_the_button_where_the_clock_is_manual(browser: Browser) -> None:
    with running("--manual-clock", "--web", "127.0.0.1:0") as modem:
        modem.wait_for("page-served")
        _open(browser, next(event["url"] for event in modem.events if event["event"] == "page-served"))
        before = float(browser.find(".clock .time").text.split()[0])

        browser.find(".clock button").click()

        browser.until("parseFloat(document.querySelector('.clock .time').textContent) === arguments[0]", before + 10)


def test_a_long_dialogue_does_not_grow_without_a_bound(browser: Browser, modem: Running) -> None:
    with serial.Serial(modem.port, timeout=TIMEOUT) as port:
        for _ in range(600):
            port.write(b"AT\r")
            port.read_until(b"OK\r\n")
        port.write(b"AT+CGMI\r")
    browser.until_shown("Telit", DIALOGUE)

    assert 1000 == browser.run(f"return document.querySelectorAll('{DIALOGUE} li').length")


async def test_of_several_modules_one_is_chosen(browser: Browser) -> None:
    """What is typed goes to that one; the others are there in short."""
    async with Bench() as first, Bench("GE865-QUAD") as second:
        with WebServer("127.0.0.1:0") as server:
            server.serve({"first": first.modem, "second": second.modem})

            def choose() -> str:
                _open(browser, server.url)
                browser.find("#choice [data-module=second]").click()
                browser.find(".module:not([hidden]) .typed input").send_keys("AT+CGMM", Keys.ENTER)
                browser.until_shown("GE865", DIALOGUE)
                return browser.find("#choice").text

            told = await asyncio.to_thread(choose)

        assert "GE865" in second.read()
    assert "first: HE910@" in told and "second: GE865-QUAD@" in told


async def test_a_half_typed_line_stays_when_messages_were_lost(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is made anew by a snapshot; the focus stays where it was, and so do the lines typed before."""
    async with Bench() as bench:
        with WebServer("127.0.0.1:0") as server:
            server.serve({"1": bench.modem})

            def type_half() -> None:
                _open(browser, server.url)
                browser.find(".typed input").send_keys("AT+CGMI", Keys.ENTER)
                browser.until_shown("Telit", DIALOGUE)
                browser.find(".faults input").send_keys("byte=2kB")
                browser.find(".typed input").send_keys("AT+CO")

            await asyncio.to_thread(type_half)
            monkeypatch.setattr(bounded_queue, "MOST_WAITING", 0)
            await bench.command("AT+CSQ")
            await asyncio.to_thread(browser.until_shown, "+CSQ: ", DIALOGUE)

            def type_on() -> tuple[str, str, str]:
                browser.press("PS")
                fields = [browser.run("return document.querySelector(arguments[0]).value", one) for one in FIELDS]
                browser.press(Keys.ARROW_UP)
                return (*fields, browser.run("return document.activeElement.value"))

            typed = await asyncio.to_thread(type_on)
            lost = await asyncio.to_thread(lambda: browser.find("#connection").text)

    assert ("AT+COPS", "byte=2kB", "AT+CGMI") == typed
    assert "lost: the browser was too slow" in lost


FIELDS = (".typed input", ".faults input")


async def test_a_channel_of_the_multiplexer_has_a_dialogue_of_its_own(browser: Browser) -> None:
    """From the moment on that it is opened, or that the page is; what is typed there goes to that channel."""
    async with multiplexed() as (bench, host):
        channel = host.open(1)
        with WebServer("127.0.0.1:0") as server:
            server.serve({"1": bench.modem})

            def type_there() -> None:
                _open(browser, server.url)
                browser.until_shown("Port 1.1: a channel of the multiplexer", ".dialogues")
                browser.find("[data-terminal='1.1'] .typed input").send_keys("AT+CGMM", Keys.ENTER)
                browser.until_shown("HE910", "[data-terminal='1.1'] .dialogue")

            await asyncio.to_thread(type_there)
            assert "HE910" in await channel.answer()
            other = host.open(2)
            other.send("AT+CSQ\r")
            assert "+CSQ: " in await other.answer()
            await asyncio.to_thread(browser.until_shown, "+CSQ: ", "[data-terminal='1.2'] .dialogue")

        assert "+CSQ" not in await asyncio.to_thread(lambda: browser.find("[data-terminal='1.1'] .dialogue").text)


async def test_modules_beyond_those_that_a_page_shows_are_told(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "MOST_SHOWN", 1)
    async with Bench() as bench:
        with WebServer("127.0.0.1:0") as server:
            server.serve(dict.fromkeys(("1", "2", "3"), bench.modem))

            def told() -> str:
                _open(browser, server.url)
                return browser.find("#not-shown").text

            assert "2 further modules are not shown here." == await asyncio.to_thread(told)


def test_the_machine_that_is_drawn_is_that_of_the_secure_socket() -> None:
    """Each state and each way to another one; ways that lead back to where they begin are not drawn."""
    script = (PAGE / "machine.js").read_text(encoding="utf-8")
    drawn = re.findall(r'^  \["([a-z]+)", "([a-z]+)", "([a-z]+)", [\d.]+\],$', script, re.MULTILINE)
    known = {**TRANSITIONS, **LOST_CAN_BE_CLOSED}.items()

    assert sorted((a.value, b.value, why.value) for (a, why), b in known if a is not b) == sorted(drawn)
    assert {state for way in drawn for state in way[:2]} == set(re.findall(r"^  ([a-z]+): \[\d", script, re.MULTILINE))
