"""Data entered at the prompt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.at.prompt import CountedPrompt, Entry, Prompt, PromptCancelled, PromptData, TextPrompt

TEXTS: dict[bytes, Entry | None] = {
    b"data\x1a": PromptData(b"data"),
    b"\x1a": PromptData(b""),
    b"dataX\b\x1a": PromptData(b"data"),
    b"\b\bdata\x1a": PromptData(b"data"),
    b"line\r\nline\x1a": PromptData(b"line\r\nline"),
    b"da\x1bta\x1a": PromptCancelled(),
    b"data": None,
    b"0123456789ABC\x1a": PromptData(b"0123456789", 3),
    b"0123456789ABC\b\b\b\b\x1a": PromptData(b"012345678"),
}


def entry_of(prompt: Prompt, data: bytes) -> Entry | None:
    return prompt.feed(data)[1]


@pytest.mark.parametrize(("typed", "entry"), TEXTS.items(), ids=map(repr, TEXTS))
def test_a_text_entry_obeys_its_control_characters(typed: bytes, entry: Entry | None) -> None:
    """Guide 3.3: Ctrl-Z ends, escape cancels, backspace deletes."""
    assert entry == entry_of(TextPrompt(10), typed)


@pytest.mark.parametrize(("typed", "entry"), TEXTS.items(), ids=map(repr, TEXTS))
def test_a_text_entry_byte_by_byte_is_the_same(typed: bytes, entry: Entry | None) -> None:
    """Until it has ended."""
    prompt, found = TextPrompt(10), None
    for byte in typed:
        found = found or entry_of(prompt, bytes([byte]))

    assert entry == found


@given(st.binary(min_size=1, max_size=300), st.integers(1, 50))
def test_a_counted_entry_takes_every_byte_for_data(data: bytes, piece: int) -> None:
    """Guide 3.3, DER: control characters are not interpreted; exactly the size is taken."""
    prompt, rest, found = CountedPrompt(len(data)), b"", None
    for start in range(0, len(data), piece):
        _, found, left = prompt.feed(data[start : start + piece])
        rest += left

    assert (found, rest) == (PromptData(data), b"")


def test_what_follows_an_entry_is_left() -> None:
    """It is the next command."""
    for prompt, data in ((TextPrompt(10), b"abc\x1aAT\r"), (CountedPrompt(3), b"abcAT\r")):
        _, _, rest = prompt.feed(data)

        assert rest == b"AT\r"


def test_the_echo_wipes_what_was_deleted_and_shows_no_control_character() -> None:
    """Only what can be deleted is wiped."""
    echo, _, _ = TextPrompt(10).feed(b"\babX\b\x1a")

    assert echo == b"abX\b \b"


def test_a_prompt_shows_no_data_in_its_repr() -> None:
    """It may be a private key."""
    for prompt in (TextPrompt(10), CountedPrompt(10)):
        prompt.feed(b"geheim")

        assert "geheim" not in repr(prompt)
