"""The command line as it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.at.line import BlankLine, CommandLine, Line, LineEditor, LineTooLong, LineWithoutPrefix, RepeatLine
from tests.at.terminals import settings

LIMIT = 40

CASES: dict[bytes, list[Line | BlankLine]] = {
    b"AT\r": [CommandLine("")],
    b"at+cmee=1\r": [CommandLine("+cmee=1")],
    b"aT+X\r": [CommandLine("+X")],
    b"  AT+X\r": [CommandLine("+X")],
    b"noise AT+X\r": [CommandLine("+X")],
    b"AAT+X\r": [CommandLine("+X")],
    b"\r": [BlankLine()],
    b" \r": [BlankLine()],
    b"\n\r": [BlankLine()],
    b"hello\r": [LineWithoutPrefix("hello")],
    b"A\r": [LineWithoutPrefix("A")],
    b"AT+A\rAT+B\r": [CommandLine("+A"), CommandLine("+B")],
    b"AT+AX\b\r": [CommandLine("+A")],
    b"AX\bT+A\r": [CommandLine("+A")],
    b"AT\b\bAT+A\r": [CommandLine("+A")],
    b"AT\b\r": [LineWithoutPrefix("A")],
    b"AT\b\b\r": [BlankLine()],
    b"xAT\b\bAT+A\r": [CommandLine("+A")],
    b"AT+X=a/b\b\bc\r": [CommandLine("+X=ac")],
    b"AT\x00+\x1aA\x1b\t\r": [CommandLine("+A")],
    b"AT+X\xff \r": [CommandLine("+X\xff")],
    b"\x1a\x1b\r": [BlankLine()],
    b"\b\bAT\r": [CommandLine("")],
    b"A/": [RepeatLine()],
    b"a/": [RepeatLine()],
    b"A/AT+X\r": [RepeatLine(), CommandLine("+X")],
    b"AX\b/": [RepeatLine()],
    b"AT\b/": [RepeatLine()],
    b"xA/": [RepeatLine()],
    b"A /\r": [LineWithoutPrefix("A /")],
    b"AT#/\r": [RepeatLine()],
    b"AT+X=a/b\r": [CommandLine("+X=a/b")],
    b"AT" + b"x" * (LIMIT - 2) + b"\r": [CommandLine("x" * (LIMIT - 2))],
    b"AT" + b"x" * (LIMIT - 1) + b"\r": [LineTooLong()],
    b"AT" + b"x" * (LIMIT - 1) + b"\b\r": [CommandLine("x" * (LIMIT - 2))],
    b"AT" + b"x" * 500 + b"\b" * 470 + b"\r": [CommandLine("x" * 30)],
    b"AT" + b"x" * 500 + b"\b" * 490 + b"=a\b/b\r": [CommandLine("x" * 10 + "=/b")],
    b"junk" * 100 + b"\b" * 400 + b"\r": [LineWithoutPrefix("")],
    b" " * 100 + b"\r": [BlankLine()],
    b"junk" * 100 + b"AT\r": [CommandLine("")],
    b"junk" * 100 + b"\r": [LineWithoutPrefix(("junk" * 100)[-LIMIT:])],
    b"AT" + b"x" * 100000 + b"\rAT\r": [LineTooLong(), CommandLine("")],
}


def lines_of(editor: LineEditor, data: bytes) -> list[Line | BlankLine]:
    found = list[Line | BlankLine]()
    while data:
        _, line, data = editor.feed(data)
        if line is not None:
            found.append(line)
    return found


@pytest.mark.parametrize(("typed", "lines"), CASES.items(), ids=[repr(typed[:20]) for typed in CASES])
def test_what_is_typed_becomes_lines(typed: bytes, lines: list[Line | None]) -> None:
    """Prefix, editing, repetition and the limit, as V.250 5.2 has them."""
    editor = LineEditor(settings(), LIMIT)

    assert lines == lines_of(editor, typed)


@pytest.mark.parametrize(("typed", "lines"), CASES.items(), ids=[repr(typed[:20]) for typed in CASES])
def test_typing_byte_by_byte_makes_the_same_lines(typed: bytes, lines: list[Line | None]) -> None:
    """A slow typist is understood as a program is."""
    editor = LineEditor(settings(), LIMIT)

    found = [line for byte in typed for line in lines_of(editor, bytes([byte]))]

    assert lines == found


@pytest.mark.parametrize("typed", [b"x", b"/", b"A", b"AT" + b"x" * 100, b"\b", b"x\b", b" ", b"\0"])
def test_endless_input_takes_no_memory(typed: bytes) -> None:
    """A megabyte without a terminator, with and without the prefix."""
    editor, data = LineEditor(settings(), LIMIT), typed * (1_000_000 // len(typed))
    for start in range(0, len(data), 10_000):
        editor.feed(data[start : start + 10_000])

    assert len(editor._line) <= LIMIT


@given(
    pieces=st.lists(
        st.sampled_from([b"A", b"T", b"/", b"AT", b"\b", b"\r", b"\n", b" ", b"#", b"x" * 30]), max_size=30
    ),
    backspace=st.sampled_from([8, ord("/"), ord("A"), ord("]"), ord("^")]),
)
def test_how_the_bytes_are_cut_makes_no_difference(pieces: list[bytes], backspace: int) -> None:
    """Echo and lines are the same for a line in one piece, in a few, and byte by byte; whatever S5 is."""

    def typed(data: list[bytes]) -> tuple[bytes, list[Line]]:
        editor, echoed, lines = LineEditor(settings(S5=backspace), LIMIT), b"", list[Line]()
        for piece in data:
            while piece:
                echo, line, piece = editor.feed(piece)
                echoed += echo
                if line is not None and not isinstance(line, BlankLine):
                    lines.append(line)
        return echoed, lines

    whole = b"".join(pieces)
    expected = typed([whole])

    assert expected == typed(pieces)
    assert expected == typed([bytes([byte]) for byte in whole])


def test_what_is_half_typed_is_not_shown_by_repr() -> None:
    """It may be a PIN."""
    editor = LineEditor(settings(), LIMIT)

    editor.feed(b"AT+CPIN=7391")

    assert repr(editor) == "<LineEditor 12 characters typed>"


def test_there_is_nothing_to_wipe_on_an_empty_line() -> None:
    """A backspace too many leaves the screen as it is."""
    echo, _, _ = LineEditor(settings(), LIMIT).feed(b"\bA\b\b")

    assert echo == b"A\b \b"


def test_echo_shows_what_was_typed_with_its_terminator() -> None:
    """A deleted character is wiped from the screen."""
    editor = LineEditor(settings(), LIMIT)

    echo, _, _ = editor.feed(b"ATX\b\r")

    assert echo == b"ATX\b \b\r"


def test_another_terminator_and_backspace_are_obeyed() -> None:
    """S3 and S5."""
    editor = LineEditor(settings(S3=33, S5=35), LIMIT)

    _, line, _ = editor.feed(b"AT+AB#!")

    assert line == CommandLine("+A")
