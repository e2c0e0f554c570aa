"""The command line as it is typed."""

import pytest

from emulator.at.line import CommandLine, Line, LineEditor, LineTooLong, LineWithoutPrefix, RepeatLine
from tests.at.terminals import settings

LIMIT = 40

CASES: dict[bytes, list[Line | None]] = {
    b"AT\r": [CommandLine("")],
    b"at+cmee=1\r": [CommandLine("+cmee=1")],
    b"aT+X\r": [CommandLine("+X")],
    b"  AT+X\r": [CommandLine("+X")],
    b"noise AT+X\r": [CommandLine("+X")],
    b"AAT+X\r": [CommandLine("+X")],
    b"\r": [None],
    b" \r": [None],
    b"\n\r": [None],
    b"hello\r": [LineWithoutPrefix()],
    b"A\r": [LineWithoutPrefix()],
    b"AT+A\rAT+B\r": [CommandLine("+A"), CommandLine("+B")],
    b"AT+AX\b\r": [CommandLine("+A")],
    b"AX\bT+A\r": [CommandLine("+A")],
    b"\b\bAT\r": [CommandLine("")],
    b"A/": [RepeatLine()],
    b"a/": [RepeatLine()],
    b"A/AT+X\r": [RepeatLine(), CommandLine("+X")],
    b"AT#/\r": [RepeatLine()],
    b"AT+X=a/b\r": [CommandLine("+X=a/b")],
    b"AT" + b"x" * (LIMIT - 2) + b"\r": [CommandLine("x" * (LIMIT - 2))],
    b"AT" + b"x" * (LIMIT - 1) + b"\r": [LineTooLong()],
    b"junk" * 100 + b"AT\r": [CommandLine("")],
    b"junk" * 100 + b"\r": [LineWithoutPrefix()],
    b"AT" + b"x" * 100000 + b"\rAT\r": [LineTooLong(), CommandLine("")],
}


def lines_of(editor: LineEditor, data: bytes) -> list[Line | None]:
    waiting, found = bytearray(data), list[Line | None]()
    while waiting:
        ended = b"\r" in waiting
        _, line = editor.feed(waiting)
        if line is not None or ended:
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


def test_endless_input_takes_no_memory() -> None:
    """100 kB without a terminator, with and without the prefix."""
    for typed in (b"x" * 100_000, b"AT" + b"x" * 100_000):
        editor = LineEditor(settings(), LIMIT)
        for start in range(0, len(typed), 1000):
            editor.feed(bytearray(typed[start : start + 1000]))

        assert len(repr(editor)) < 200


def test_echo_shows_what_was_typed_with_its_terminator() -> None:
    """A deleted character is wiped from the screen."""
    editor = LineEditor(settings(), LIMIT)

    echo, _ = editor.feed(bytearray(b"ATX\b\r"))

    assert echo == b"ATX\b \b\r"


def test_another_terminator_and_backspace_are_obeyed() -> None:
    """S3 and S5."""
    editor = LineEditor(settings(S3=33, S5=35), LIMIT)

    _, line = editor.feed(bytearray(b"AT+AB#!"))

    assert line == CommandLine("+A")
