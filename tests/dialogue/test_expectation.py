"""What a module may say, and when it is clear that it says something else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.dialogue.expectation import Expectation, Expected
from emulator.dialogue.reading import load
from emulator.dialogue.shapes import Pattern
from emulator.dialogue.steps import Answer, Lines, Said
from emulator.dialogue.texts import as_pattern, parse_text
from emulator.dialogue.words import parse_line

HERE = Path()
OK = "\r\nOK\r\n"


def expected(*lines: str) -> list[Expected]:
    """The steps of these lines."""
    steps = [parse_line(line, number, HERE) for number, line in enumerate(lines, 1)]
    return [filled(step) for step in steps if isinstance(step, Said)]


def filled(said: Said) -> Expected:
    """A step without values."""
    return Expected(said, tuple(as_pattern(form, {}) for form in said.forms))


def heard(text: str, *lines: str, unsolicited: str | None = None) -> Expectation:
    """What is expected, after that was said."""
    asked_for: list[Pattern] = (
        [as_pattern(parse_text(f"<CR><LF>{unsolicited}<CR><LF>", HERE), {})] if unsolicited else []
    )
    expectation = Expectation(asked_for).then(expected(*lines))
    expectation.feed(text.encode("latin-1"))
    return expectation


def fits(text: str, *lines: str, unsolicited: str | None = None) -> bool:
    """Whether all of it was said, and nothing else."""
    expectation = heard(text, *lines, unsolicited=unsolicited)
    return expectation.is_met and not expectation.is_stuck


SHAPES = {
    "number": (["0", "-113", "20"], ["", "-", "a", "1-2", "+1"]),
    "hex": (["0", "00fF"], ["", "0x1", "G"]),
    "ip": (["10.0.0.1", "212.195.45.65"], ["10.0.0", "1.2.3.4.5", "1234.1.1.1", "a.b.c.d"]),
    "text": (["a", "any words, {}"], ["", 'a"b', "a\nb"]),
    "any": (["", "any", 'a"b'], ["a\rb"]),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape(name: str) -> None:
    """What it stands for, between two other things, and what not."""
    fitting, wrong = SHAPES[name]

    assert [] == [text for text in fitting if not fits(f'\r\n+X: "{text}"\r\n', f'< +X: "{{{name}}}"')]
    assert [] == [text for text in wrong if fits(f'\r\n+X: "{text}"\r\n', f'< +X: "{{{name}}}"')]


def test_a_difference_is_clear_at_its_first_byte() -> None:
    """Nothing is waited for."""
    expectation = heard("\r\nER", "< OK")

    assert expectation.is_stuck and not expectation.is_met
    assert (1, b"\r\nER") == _stuck_at(expectation)


def test_what_is_missing_is_the_line_that_has_begun() -> None:
    """Not the one before it."""
    expectation = heard(f"\r\n+CSQ: 20,0\r\n{OK[:4]}", "< +CSQ: {number},{number}", "< OK")

    assert not expectation.is_stuck and not expectation.is_met
    assert (2, b"\r\nOK") == _stuck_at(expectation)


def _stuck_at(expectation: Expectation) -> tuple[int | None, bytes]:
    said, data = expectation.stuck_at
    return said.at.first if said is not None else None, data


def test_a_line_that_may_be_absent() -> None:
    """Once or not at all."""
    ring = "\r\nRING\r\n"

    assert [True, True, False] == [fits(f"{ring * times}{OK}", "<? RING", "< OK") for times in range(3)]


def test_a_line_that_may_come_again() -> None:
    """Any number of times, each with another text, alone or as the next line of an answer."""
    assert fits(f'\r\n+COPS: "a"\r\n\r\n+COPS: "b"\r\n{OK}', '<* +COPS: "{text}"', "< OK")
    assert fits(f'\r\n+COPS: "a"\r\n+COPS: "b"\r\n{OK}', '<* +COPS: "{text}"', "< OK")
    assert fits(f"\r\n#SGACT: 1,1\r\n#SGACT: 2,0\r\n#SGACT: 3,0\r\n{OK}", "< #SGACT: 1,1", "<* #SGACT: {any}", "< OK")
    assert fits(OK, '<* +COPS: "{text}"', "< OK")
    assert not fits(f"\r\n+CREG: 1\r\n{OK}", '<* +COPS: "{text}"', "< OK")


def test_one_of_several_forms(tmp_path: Path) -> None:
    """Any, but only one."""
    (tmp_path / "it").write_text("< HE910\n<| UE910\n< OK\n")
    (answer,) = load(tmp_path / "it").steps
    assert isinstance(answer, Answer)
    forms = [filled(said) for said in answer.said]

    for text, is_met in {"HE910": True, "UE910": True, "GE910": False, "HE910\r\n\r\nUE910": False}.items():
        expectation = Expectation().then(forms)
        expectation.feed(f"\r\n{text}\r\n{OK}".encode())
        assert is_met is expectation.is_met, text


def test_an_unsolicited_line_may_come_between_any_others() -> None:
    """Again and again, but not inside one."""
    ring = "\r\n#SSLSRING: 1,23\r\n"
    lines = ("< #SSLRCV: 1", "<+ a", "< OK")

    assert fits(f"{ring}\r\n#SSLRCV: 1\r\na\r\n{ring * 2}{OK}{ring}", *lines, unsolicited="#SSLSRING: 1,{number}")
    assert not fits(f"\r\n#SSLRCV: 1\r\n{ring}", "< #SSLRCV: 1{any}!", unsolicited="#SSLSRING: 1,{number}")


def test_what_comes_too_early_is_kept_for_the_next_answer() -> None:
    """Also where a line that may be absent could have begun in the same way."""
    expectation = heard(f"{OK}\r\nNO CARRIER\r\n", "< OK", "<? NEVER: {number}")
    assert expectation.is_met and b"\r\nNO CARRIER\r\n" == expectation.more

    after = expectation.then(expected("< NO CARRIER"))

    assert after.is_met and not after.is_stuck


def test_a_line_that_may_be_absent_may_come_after_something_else_was_done() -> None:
    """A module takes its time; the next answer ends the waiting."""
    expectation = heard(OK, "< OK", "<? RING").then(expected("< CONNECT"))
    expectation.feed(b"\r\nRING\r\n\r\nCONNECT\r\n")

    assert expectation.is_met and not expectation.is_stuck


def test_half_an_unsolicited_line_is_no_difference_yet() -> None:
    """On a slow line the rest of it follows."""
    expectation = heard(f"{OK}\r\nRI", "< OK", unsolicited="RING")
    assert b"" == expectation.more

    expectation.feed(b"CK")

    assert b"\r\nRICK" == expectation.more


def test_forgetting_what_was_heard() -> None:
    """Before something is asked again."""
    expectation = heard(f"{OK}garbage", "< OK").silent().then(expected("< OK"))
    expectation.feed(OK.encode())

    assert expectation.is_met and "met" in repr(expectation)


@given(st.binary(max_size=40), st.lists(st.integers(0, 40)))
def test_it_does_not_matter_how_the_bytes_arrive(data: bytes, cuts: list[int]) -> None:
    """In one piece or in many."""
    step = Expected(Said(forms=(), at=Lines(1, 1)), ((data, b"!", *as_pattern(parse_text("{any}<CR>", HERE), {})),))
    stream = data + b"!any\r"
    expectation = Expectation().then([step])

    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(stream)], strict=True):
        expectation.feed(stream[start:end])

    assert expectation.is_met and not expectation.is_stuck
