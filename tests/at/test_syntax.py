"""A command line becomes commands."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emulator.at.syntax import Argument, Call, Form, Malformed, UnevenQuotes, parse_line, split_arguments


def values(*texts: str) -> tuple[Argument, ...]:
    return tuple(Argument(text) for text in texts)


LINES: dict[str, list[Call]] = {
    "": [],
    "E0V1&K0": [Call("E", Form.SET, values("0")), Call("V", Form.SET, values("1")), Call("&K", Form.SET, values("0"))],
    "e": [Call("E", Form.EXECUTE)],
    "\\Q3%": [Call("\\Q", Form.SET, values("3"))],
    "S12=50S7?": [Call("S12", Form.SET, values("50")), Call("S7", Form.READ)],
    "S0": [Call("S0", Form.EXECUTE)],
    "S7=?": [Call("S7", Form.TEST)],
    "+CREG?;+CSQ;#SSLEN=?": [Call("+CREG", Form.READ), Call("+CSQ", Form.EXECUTE), Call("#SSLEN", Form.TEST)],
    "E0+CMEE=2": [Call("E", Form.SET, values("0")), Call("+CMEE", Form.SET, values("2"))],
    "+cmee=2;E0": [Call("+CMEE", Form.SET, values("2")), Call("E", Form.SET, values("0"))],
    "#SSLD = 1 , 443, host ,0": [Call("#SSLD", Form.SET, values("1", "443", "host", "0"))],
    '#X="a,b;c",d': [Call("#X", Form.SET, (Argument("a,b;c", True), Argument("d")))],
    '#X="",,': [Call("#X", Form.SET, (Argument("", True), Argument(""), Argument("")))],
    "#X=": [Call("#X", Form.SET, (Argument(""),))],
    "#X= ?": [Call("#X", Form.TEST)],
    "D*99***1#;": [Call("D", Form.SET, values("*99***1#;"))],
    ";;E0;": [Call("E", Form.SET, values("0"))],
    " E0 V1 ": [Call("E", Form.SET, values("0")), Call("V", Form.SET, values("1"))],
    " E 0 + X = 1 ": [Call("E", Form.SET, values("0")), Call("+X", Form.SET, values("1"))],
    '#X=" a  b ", c d': [Call("#X", Form.SET, (Argument(" a  b ", True), Argument("cd")))],
    "+X!y z": [Call("+X!YZ", Form.EXECUTE)],
    "S007=60": [Call("S7", Form.SET, values("60"))],
    "S" + "0" * 5000 + "?": [Call("S0", Form.READ)],
    "S7=": [],
    "+X=ß;E0": [Call("+X", Form.SET, values("ß")), Call("E", Form.SET, values("0"))],
    "E=0&K=3V1": [
        Call("E", Form.SET, values("0")),
        Call("&K", Form.SET, values("3")),
        Call("V", Form.SET, values("1")),
    ],
    "&K?;E= 1": [Call("&K", Form.READ), Call("E", Form.SET, values("1"))],
    "E0=1": [],
    "V1;E=x": [Call("V", Form.SET, values("1"))],
    "E=1,2": [],
    "S3=33,1": [],
    'E0"x"': [],
    "E?E=?": [Call("E", Form.READ), Call("E", Form.TEST)],
}

MALFORMED = ["!", "E0!", '#X="a', '#X="a"b', '#X=a"b"c', "+X?y", "+X(1)", "%", "&", "ßE0", "+Xß=1", '#X="a";+Y="']


@pytest.mark.parametrize(("line", "calls"), LINES.items(), ids=map(repr, LINES))
def test_a_line_is_split_into_its_commands(line: str, calls: list[Call]) -> None:
    """V.250 5.3 and 5.4."""
    found = [call for call in parse_line(line) if isinstance(call, Call)]

    assert calls == found


@pytest.mark.parametrize("line", MALFORMED)
def test_what_is_no_command_is_marked_where_it_stands(line: str) -> None:
    """So that what comes before it can run."""
    assert isinstance(parse_line(line)[-1], Malformed)
    assert not any(isinstance(call, Malformed) for call in parse_line(line)[:-1])


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('+CPIN=1"2', "+CPIN"),
        ('e0;#x="a"b', "#X"),
        ("E0!1", "E"),
        ("!1", ""),
        ("+x(1", "+X"),
        ("^cvoice?", "^CVOICE"),
        ("\u00ffk", "\u00ffK"),
    ],
)
def test_what_is_malformed_is_known_by_the_name_it_begins_with(line: str, name: str) -> None:
    """And by nothing of its values, which may be secret."""
    malformed = parse_line(line)[-1]

    assert isinstance(malformed, Malformed)
    assert malformed.name == name
    assert not {"1", "2", "b"} & set(malformed.reason.split())


@pytest.mark.parametrize("text", ['"', 'a"b', '"a",b"'])
def test_arguments_with_an_open_quote_are_refused(text: str) -> None:
    """Wherever it stands."""
    with pytest.raises(UnevenQuotes):
        split_arguments(text)


@given(st.text(max_size=400))
@example("S" + "9" * 5000)
def test_any_text_is_parsed_without_an_exception(line: str) -> None:
    """Whatever a host sends."""
    parse_line(line)


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[+#][A-Z]{2,8}", fullmatch=True),
            st.lists(st.from_regex(r"[A-Za-z0-9.:/ ,;]{0,20}", fullmatch=True), min_size=1, max_size=6),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_quoted_values_come_back_as_they_were(commands: list[tuple[str, list[str]]]) -> None:
    """Commas, semicolons and blanks within quotes are text."""
    line = ";".join(name + "=" + ",".join(f'"{text}"' for text in texts) for name, texts in commands)

    expected = [Call(name, Form.SET, tuple(Argument(text, True) for text in texts)) for name, texts in commands]
    assert expected == list(parse_line(line))
