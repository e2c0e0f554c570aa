"""The oracle of command lines, on the declarations of one firmware and on lines that have a right verdict."""

import pytest
from fuzzing.declarations import commands
from fuzzing.oracle import Verdict, judge_line
from fuzzing.values import Described, read_description, split_groups


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("(0-3,5)", Described(ranges=((0, 3), (5, 5)))),
        ("(1)", Described(ranges=((1, 1),))),
        ('("SM","ME")', Described(words=("SM", "ME"))),
        ("200", Described(longest=200)),
        ("", Described()),
    ],
)
def test_a_description_is_read(text: str, described: Described) -> None:
    """As `=?` writes it."""
    assert described == read_description(text)


def test_an_answer_to_the_test_form_is_split_at_its_commas() -> None:
    """Those in brackets are its values'."""
    assert ["(1-6)", "(0,1)", "", '("A","B")'] == split_groups('(1-6),(0,1),,("A","B")')


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("AT+CREG=1", Verdict.IN_RANGE),
        ("at+creg = 2", Verdict.IN_RANGE),
        ("AT+CREG=3", Verdict.REFUSED),
        ("AT+CREG=-1", Verdict.REFUSED),
        ('AT+CREG="1"', Verdict.REFUSED),
        ("AT+CREG=1,1", Verdict.REFUSED),
        ("AT+CREG=?", Verdict.IN_RANGE),
        ("AT+CREG??", Verdict.REFUSED),
        ("AT+CREX?", Verdict.REFUSED),
        ("AT+CSQ=1", Verdict.REFUSED),
        ("AT#SD=1,0,80", Verdict.REFUSED),
        ('AT#SD=1,0,80,"host"', Verdict.ANYTHING),
        ('AT+CSCS="UCS2"', Verdict.IN_RANGE),
        ('AT+CSCS="UCS3"', Verdict.REFUSED),
        ('AT+CSCS="UCS2', Verdict.ANYTHING),
        ("AT+CMGF=1;+CREG=9", Verdict.REFUSED),
        ("AT+CMGF=1;+CREG=1", Verdict.ANYTHING),
        ("AT&K9", Verdict.REFUSED),
        ("AT&K0", Verdict.IN_RANGE),
        ("AT&K=0", Verdict.IN_RANGE),
        ("AT&K=9", Verdict.REFUSED),
        ("ATE0V1", Verdict.ANYTHING),
        ("ATS0012=20", Verdict.IN_RANGE),
        ("ATS12=10", Verdict.REFUSED),
        ("AT", Verdict.ANYTHING),
    ],
)
def test_a_line_is_judged(line: str, verdict: Verdict) -> None:
    """By what the module itself says of its commands."""
    assert verdict is judge_line(line, commands("HE910"))[0]
