"""How bytes are written in a dialogue."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emulator.dialogue.pieces import pieces
from emulator.dialogue.texts import as_bytes, as_pattern, has_shapes, parse_text, written

HERE = Path()


@given(st.binary() | st.text("<>{}ctrlZ0A.sizeca\r\n \x1a").map(lambda text: text.encode("latin-1")))
@example(b"<CR>")
@example(b"{ca}")
@example(b"<<1A>")
@example(b"blank at the end ")
def test_what_is_written_is_read_as_the_same_bytes(data: bytes) -> None:
    """And nothing in it is invisible, not even a blank at the end."""
    text = written(data)

    assert data == as_bytes(parse_text(text, HERE), {})
    assert text.isprintable() and not text.endswith(" ")


def test_values_are_filled_in() -> None:
    """Each with its size in bytes."""
    text = parse_text("{key.size}:{key}", HERE)

    assert b"3:abc" == as_bytes(text, {"key": b"abc"})


def test_the_number_of_the_suite_is_a_shape_where_nobody_knows_it() -> None:
    """On a real module; in the emulator it is exact."""
    text = parse_text("{suite}", HERE)

    assert has_shapes(text)
    assert (b"3",) == as_pattern(text, {"suite": b"3"})
    assert as_pattern(parse_text("{number}", HERE), {}) == as_pattern(text, {})


@pytest.mark.parametrize(
    ("data", "lines"),
    {
        b"\r\nOK\r\n": ["< OK"],
        b"\r\n#SSLRCV: 15\r\nResponse of the\r\n\r\nOK\r\n": ["< #SSLRCV: 15", "<+ Response of the", "< OK"],
        b"\r\n> ": ["<prompt"],
        b"\r\n>>>": ["<prompt >>>"],
        b"\r\n<<<Hello\r\nOK\r\n": ["< <<<Hello", "<+ OK"],
        b"Hello\r\nNO CARRIER\r\n": ["<< Hello", "< NO CARRIER"],
        b"\x00\xffOK": ["<x 00 FF 4F 4B"],
        b"\r\nOK": ["<< <CR><LF>OK"],
        b"\r\n{ca}\r\n": ["< <7B>ca}"],
        b"": [],
    }.items(),
)
def test_what_was_heard_is_cut_into_steps(data: bytes, lines: list[str]) -> None:
    """As a person would write them."""
    assert lines == [piece.line for piece in pieces(data, after_line=False)]


@given(
    st.lists(st.sampled_from([b"\r\n", b"OK", b"> ", b">>>", b"+C: 1", b"\0", b" ", b"\x1a"])).map(b"".join),
    st.booleans(),
)
def test_the_steps_are_what_was_heard(data: bytes, after_line: bool) -> None:
    """Together, to the byte; so that a diff can be taken into the file as it is."""
    found = list(pieces(data, after_line=after_line))

    assert data == b"".join(piece.data for piece in found)
