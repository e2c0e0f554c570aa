"""A claim stays only where an emulated module that has it answers as the module did."""

from collections.abc import Iterator

import pytest

from emulator.api import VirtualModem
from emulator.dte.exchange import Exchange
from emulator.dte.module_line import ModuleLine
from emulator.firmware.layers import KeyPath
from emulator.firmware.loader import load_firmware
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.step import Act, Step
from emulator.learning.claims.alike import alike
from emulator.learning.claims.claim import ABSENT, Claim
from emulator.learning.claims.draft import Draft
from emulator.learning.claims.segment import Segment
from emulator.learning.claims.verifying import Verified, Verifier, replay

TIMEOUT: KeyPath = ("ftp", "timeout", "range")


@pytest.fixture
def inquiry() -> Iterator[Inquiry]:
    """A module that differs from an HE910, whose profile is begun from."""
    settings = ["ftp.timeout.range=[50,4000]"]
    with VirtualModem("HE910", settings=settings) as modem, ModuleLine(modem.port) as line:
        yield Inquiry(line, load_firmware("HE910"))


def _verified(inquiry: Inquiry, *claims: tuple[KeyPath, object], command: str = "AT#FTPTO=?") -> Verified:
    with inquiry.noting() as steps:
        exchange = inquiry.ask(command)
    made = [Claim(path, value, [exchange]) for path, value in claims]
    return Verifier([], [Segment("one", steps, made)]).verify(Draft.of(inquiry.base, made))


def _reasons(verified: Verified) -> dict[KeyPath, str]:
    return {one.key: one.reason for one in verified.withdrawn}


def test_a_claim_that_the_emulator_confirms_stays(inquiry: Inquiry) -> None:
    """The emulated module with it says the same."""
    verified = _verified(inquiry, (TIMEOUT, [50, 4000]))

    assert verified.draft.values == {TIMEOUT: [50, 4000]}
    assert verified.withdrawn == []


def test_a_claim_that_makes_another_answer_is_withdrawn(inquiry: Inquiry) -> None:
    """With the exchange, which is worth knowing."""
    verified = _verified(inquiry, (TIMEOUT, [50, 4001]))

    assert verified.draft.values == {}
    assert [one.exchange.sent for one in verified.withdrawn if one.exchange] == ["AT#FTPTO=?"]


def test_line_ends_are_compared_where_they_are_asked_for() -> None:
    """An LF that is echoed or not is no difference of any other exchange."""
    assert not alike(Exchange("AT\r\n", "AT\r\n\r\nOK\r\n"), Exchange("AT\r\n", "AT\r\r\nOK\r\n"))
    assert alike(Exchange("AT", "AT\r\n\r\nOK\r\n"), Exchange("AT", "AT\r\r\nOK\r\n"))


def test_claims_that_contradict_each_other_are_both_withdrawn(inquiry: Inquiry) -> None:
    """Even where one of them is right."""
    verified = _verified(inquiry, (TIMEOUT, [50, 4000]), (TIMEOUT, [50, 4001]))

    assert verified.draft.claims == ()
    assert _reasons(verified) == {TIMEOUT: "two answers contradict each other"}


def test_a_claim_on_which_no_answer_depends_is_withdrawn(inquiry: Inquiry) -> None:
    """It may be right; the exchange does not show it."""
    verified = _verified(inquiry, (TIMEOUT, [50, 4000]), (("ping", "sizes", "range"), [32, 1000]))

    assert set(verified.draft.values) == {TIMEOUT}
    assert _reasons(verified) == {("ping", "sizes", "range"): "no answer depends on it"}


def test_a_claim_that_no_profile_can_have_is_withdrawn_alone(inquiry: Inquiry) -> None:
    """The default would be outside the range; the others stay."""
    verified = _verified(inquiry, (TIMEOUT, [50, 4000]), (("ping", "sizes", "default"), 9999))

    assert set(verified.draft.values) == {TIMEOUT}
    assert _reasons(verified) == {("ping", "sizes", "default"): "no profile of the emulator can say so"}


def test_a_range_and_choices_of_the_same_values_are_one_claim(inquiry: Inquiry) -> None:
    """Two spellings do not contradict each other."""
    key = ("settings", "+CMEE")

    verified = _verified(inquiry, ((*key, "range"), [0, 2]), ((*key, "choices"), [0, 1, 2]), command="AT+CMEE=?")

    assert verified.withdrawn == []
    assert verified.draft.values == {}


def test_limits_that_exclude_the_default_of_the_base_get_another_one() -> None:
    """A profile with limits and a default that they exclude would not load."""
    draft = Draft.of(load_firmware("HE910"), [Claim(TIMEOUT, [200, 300], [Exchange("AT#FTPTO=?", "")])])

    assert draft.values == {TIMEOUT: [200, 300], ("ftp", "timeout", "default"): 200}


def test_a_key_that_the_module_lacks_is_taken_away() -> None:
    """Where the base has it."""
    base = load_firmware("ME310G1")
    key = ("identity", "package")

    assert Draft.of(base, [Claim(key, ABSENT, [])]).unset == [key]
    assert Draft.of(load_firmware("HE910"), [Claim(key, ABSENT, [])]).claims == ()


def test_an_entry_that_the_module_did_not_ask_for_is_cancelled() -> None:
    """Where the emulated module gives a prompt and the real one refused, the next steps are commands again."""
    refused = Step(Act.ASK, Exchange("AT+CMGW=20", "\r\nERROR\r\n"), 1.0)
    ok = Step(Act.ASK, Exchange("AT", "\r\nOK\r\n"), 1.0)

    answers = replay(Draft.of(load_firmware("HE910"), ()), [refused, ok])

    assert [answers[0].is_prompt, answers[1].is_ok] == [True, True]


def test_nothing_is_entered_where_there_is_no_prompt() -> None:
    """Where the real module gave a prompt and the emulated one refuses, the entry is left out, and nothing waits."""
    prompt = Step(Act.ASK, Exchange("AT+NONE=20", "\r\n> "), 1.0)
    entry = Step(Act.ENTER, Exchange("zz\x1a", "\r\nOK\r\n"), 60.0)
    ok = Step(Act.ASK, Exchange("AT", "\r\nOK\r\n"), 1.0)

    answers = replay(Draft.of(load_firmware("HE910"), ()), [prompt, entry, ok])

    assert [answer.final for answer in answers] == ["ERROR", None, "OK"]
