"""The story of a run: what is kept of a trace, and what an exchange says of its failure."""

from typing import Any

import pytest

from emulator.matrix.exchange import Exchange
from emulator.matrix.story import Story
from emulator.trace.events import ConnectionEnded, Dialled, Event, HostSent, ModuleSent, Refused, TlsOutcome, Unheard


def _said(text: str, terminal: str = "1", mode: Any = "command") -> Event:
    return HostSent(terminal=terminal, mode=mode, text=text, size=len(text))


def _answered(text: str, terminal: str = "1") -> Event:
    return ModuleSent(terminal=terminal, mode="command", text=f"\r\n{text}\r\n", size=len(text) + 4)


def _refused(reason: str) -> Event:
    return Refused(terminal="1", command="#SSLD", cause=None, reason=reason)


def _story(*events: Event) -> Story:
    story = Story()
    for at, event in enumerate(events):
        story(float(at), event)
    return story


def _failed_dial(outcome: str) -> Event:
    return Dialled(host="a", port=7, target="127.0.0.1:9", outcome=outcome)


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ([_refused("no context 1 is active")], "no context 1 is active"),
        ([TlsOutcome(outcome="untrusted: x"), _refused("untrusted: x; do y")], "untrusted: x; do y"),
        ([TlsOutcome(outcome="untrusted: x"), _refused("it has failed")], "untrusted: x; it has failed"),
        ([TlsOutcome(outcome="established", suite="RC4-MD5"), _failed_dial("connected")], ""),
        ([_failed_dial("refused"), _refused("refused")], "a:7: refused"),
        ([ConnectionEnded(terminal="1", reason="the server has reset it")], "the server has reset it"),
    ],
)
def test_an_exchange_says_why_it_failed(events: list[Event], reason: str) -> None:
    """Once, in the longest form; nothing where nothing failed."""
    (exchange,) = _story(_said("AT#SSLD=1"), *events, _answered("ERROR")).exchanges

    assert (reason, "ERROR") == (exchange.reason, exchange.words)


def test_what_the_module_does_not_hear_is_an_exchange_too() -> None:
    """It says what is missing."""
    unheard = [Unheard(terminal="1", lack=lack, text="hello", size=5) for lack in ("AT", "CR")]

    story = _story(*unheard)

    told = [(each.said, each.words, each.reason) for each in story.exchanges]
    nothing = ("hello", "(nothing)")
    assert [(*nothing, "ignored: a command begins with AT"), (*nothing, "not heard: a command ends with CR")] == told
    assert story.last_refused is story.exchanges[1]


def test_answers_belong_to_the_channel_that_asked() -> None:
    """The time line has all in the order in which it happened."""
    story = _story(
        _said("AT+CSQ", "1.1"), _said("AT+CGMM", "1.2"), _answered("+CSQ: 3", "1.1"), _answered("HE910", "1.2")
    )

    assert ["+CSQ: 3", "HE910"] == [exchange.words for exchange in story.exchanges]
    lines = [(line.who, line.text) for line in story.time_line()]
    said = [("host 1.1", "AT+CSQ"), ("host 1.2", "AT+CGMM")]
    assert [*said, ("module 1.1", "+CSQ: 3"), ("module 1.2", "HE910")] == lines


def test_the_beginning_and_the_end_of_a_long_run_are_kept() -> None:
    """With how much is left out between them; a long answer keeps its beginning."""
    story = _story(*(_said(f"AT+CSQ{number}") for number in range(5000)), *[_answered("x" * 300)] * 3)

    lines = [line.text for line in story.time_line()]
    assert ("AT+CSQ0", "AT+CSQ1999", "(2980 exchanges are left out)", "AT+CSQ4980") == (lines[0], *lines[1999:2002])
    assert story.last is not None and "AT+CSQ4999" == story.last.said
    assert 400 == len(story.last.answer)


def test_an_end_of_a_connection_is_no_refusal() -> None:
    """So that one in order is not taken for the reason of a later failure."""
    ended = Exchange("[online] x")
    ended.add(0.0, ConnectionEnded(terminal="1", reason="the server has closed it"))

    assert "the server has closed it" == ended.reason and not ended.is_refused
