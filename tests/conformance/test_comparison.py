"""What a module says is compared line by line; URCs are no part of it, and volatile values are left open."""

import pytest

from emulator.conformance.comparison import Comparison, as_line, steps_of
from emulator.conformance.unsolicited import patterns
from emulator.dialogue.volatile import as_written

EXPECTED = b"\r\n+CSQ: 20,0\r\n\r\nOK\r\n"


def compared(said: bytes, expected: bytes = EXPECTED, command: str = "AT+CSQ") -> Comparison:
    steps = steps_of(expected, lambda line: as_written(line, command))
    comparison = Comparison(steps, {}, patterns(command, any_line=False))
    comparison.feed(said)
    return comparison


@pytest.mark.parametrize(
    "said",
    [
        EXPECTED,
        EXPECTED.replace(b"20", b"7"),
        b"\r\n+CREG: 1\r\n" + EXPECTED,
        EXPECTED.replace(b"\r\n\r\nOK", b"\r\n\r\nRING\r\n\r\nOK"),
        EXPECTED + b"\r\nRING\r\n\r\n+CREG: 2\r\n",
    ],
)
def test_the_same_but_for_volatile_values_and_urcs_agrees(said: bytes) -> None:
    assert compared(said).agrees


def test_a_urc_of_the_command_itself_may_follow_its_result() -> None:
    said = b'\r\nOK\r\n\r\n+CUSD: 0,"text",15\r\n'

    assert compared(said, b"\r\nOK\r\n", 'AT+CUSD=1,"*1#"').agrees


WRONG = {
    b"": "the module says nothing",
    b"\r\nOK\r\n": "the module says something else",
    b"\r\n+CSQ: 20,0\r\n": "the module says less than that",
    EXPECTED + b"\r\nmore\r\n": "the module says more than that",
    b"\r\n+CSQ: 20,x\r\n\r\nOK\r\n": "the module says something else",
    b"+CSQ: 20,0\r\nOK\r\n": "the module says something else",
}


@pytest.mark.parametrize("said", WRONG)
def test_what_is_wrong_is_told_in_words(said: bytes) -> None:
    comparison = compared(said)

    assert (False, WRONG[said]) == (comparison.agrees, comparison.why())


def test_the_diff_has_the_exchange_with_shapes() -> None:
    """A line that fits stands as it is expected, so that only what is wrong is marked."""
    comparison = compared(b"\r\n+CSQ: 9,1\r\n\r\nERROR\r\n")

    assert (
        "--- HE910\n+++ module\n@@ -1,3 +1,3 @@\n > AT+CSQ\n < +CSQ: {number},{number}\n-< OK\n+< ERROR"
    ) == comparison.diff("> AT+CSQ", "HE910", lambda line: as_written(line, "AT+CSQ"))


@pytest.mark.parametrize(("data", "line"), [(b"AT\r", "> AT"), (b"text\x1a", ">> text<ctrl>Z"), (b"+++", ">> +++")])
def test_what_the_host_sends_is_written_as_in_a_dialogue(data: bytes, line: str) -> None:
    assert line == as_line(data)
