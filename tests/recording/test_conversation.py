"""The bytes of a recording as pieces of a conversation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.recording.chunk import Chunk, Side
from emulator.recording.conversation import Conversation, Said

Piece = tuple[str, str, bytes]


def heard(*chunks: tuple[str, bytes]) -> list[Piece]:
    """What a conversation makes of chunks of the host (`>`) and the module (`<`)."""
    conversation, pieces = Conversation(), list[Said]()
    for at, (sign, data) in enumerate(chunks):
        pieces += conversation.take(Chunk(Side.HOST if sign == ">" else Side.MODULE, data, at))
    pieces += conversation.finish()
    return [(">" if said.side is Side.HOST else "<", said.mode, said.data) for said in pieces]


def test_a_command_and_its_answer_are_told_without_the_echo() -> None:
    """However the echo is cut."""
    expected = [(">", "command", b"AT+CSQ\r"), ("<", "command", b"\r\n+CSQ: 20,0\r\n\r\nOK\r\n")]

    assert expected == heard((">", b"AT+CSQ\r"), ("<", b"AT+CSQ\r\r\n+CSQ: 20,0\r\n\r\nOK\r\n"))
    assert expected == heard(
        (">", b"AT"), ("<", b"AT"), (">", b"+CSQ\r"), ("<", b"+CSQ"), ("<", b"\r\r\n+CSQ: 20,0\r\n\r\nOK\r\n")
    )
    assert expected == heard((">", b"AT+CSQ\r"), ("<", b"\r\n+CSQ: 20,0\r\n\r\nOK\r\n"))


def test_commands_typed_ahead_are_answered_one_after_the_other() -> None:
    """Also where the second echo comes with the first answer."""
    assert [
        (">", "command", b"ATE1\r"),
        (">", "command", b"AT+CMGF=1\r"),
        ("<", "command", b"\r\nOK\r\n"),
        ("<", "command", b"\r\nERROR\r\n"),
    ] == heard((">", b"ATE1\r\nAT+CMGF=1\r\n"), ("<", b"ATE1\r\n\r\nOK\r\nAT+CMGF=1\r\n\r\nERROR\r\n"))


@pytest.mark.parametrize("line", [b"AT+CSQ\r", b"AT+COPS=?\r", b"AT#SD=?\r"])
def test_no_carrier_ends_no_answer_to_a_command_that_cannot_dial(line: bytes) -> None:
    """V.250 6.3: it tells that a connection has ended, before the answer or between two commands."""
    conversation, carrier, answer = Conversation(), b"\r\nNO CARRIER\r\n", b"\r\nOK\r\n"
    sides = (Side.HOST, line), (Side.MODULE, carrier), (Side.MODULE, answer), (Side.MODULE, carrier)

    said = [one for side, data in sides for one in conversation.take(Chunk(side, data, 0.0))]

    assert [(line, False), (carrier, False), (answer, True), (carrier, False)] == [
        (one.data, one.ends_answer) for one in said
    ]


@pytest.mark.parametrize("line", [b"ATD*99#\r", b"ATA\r", b"AT#SO=1\r"])
def test_no_carrier_is_the_answer_to_a_command_that_dials(line: bytes) -> None:
    """Also where another line was typed ahead."""
    conversation, carrier = Conversation(), b"\r\nNO CARRIER\r\n"
    sides = (Side.HOST, line + b"AT\r"), (Side.MODULE, carrier), (Side.MODULE, carrier)

    said = [one for side, data in sides for one in conversation.take(Chunk(side, data, 0.0))]

    assert [True, False] == [one.ends_answer for one in said if one.side is Side.MODULE]


def test_lines_that_a_module_has_not_heard_leave_no_trace_in_the_echo_of_later_ones() -> None:
    """It was still starting."""
    assert [
        (">", "command", b"AT\r"),
        (">", "command", b"ATE0\r"),
        ("<", "command", b"\r\nOK\r\n"),
        (">", "command", b"AT\r"),
        ("<", "command", b"\r\nOK\r\n"),
    ] == heard((">", b"AT\r"), (">", b"ATE0\r"), ("<", b"ATE0\r\r\nOK\r\n"), (">", b"AT\r"), ("<", b"\r\nOK\r\n"))


def test_an_entry_is_one_piece_and_comes_before_its_answer() -> None:
    """With the module's echo of it or without."""
    entry = [
        (">", "command", b"AT#SSLSEND=1\r"),
        ("<", "command", b"\r\n> "),
        (">", "prompt", b"Hello\x1a"),
        ("<", "command", b"\r\nOK\r\n"),
    ]

    assert entry == heard(
        (">", b"AT#SSLSEND=1\r"),
        ("<", b"\r\n> "),
        (">", b"Hel"),
        ("<", b"Hel"),
        (">", b"lo\x1a"),
        ("<", b"lo\r\nOK\r\n"),
    )
    assert entry == heard((">", b"AT#SSLSEND=1\r"), ("<", b"\r\n> "), (">", b"Hello\x1a"), ("<", b"\r\nOK\r\n"))


def test_data_mode_lasts_until_the_carrier_is_lost_or_escaped() -> None:
    """What looks like an answer meanwhile is data."""
    assert [
        (">", "command", b"ATD\r"),
        ("<", "command", b"\r\nCONNECT 115200\r\n"),
        ("<", "online", b"data"),
        (">", "online", b"AT\r"),
        ("<", "online", b"\r\nOK\r\n"),
        (">", "online", b"+++"),
        ("<", "command", b"\r\nOK\r\n"),
        (">", "command", b"ATO\r"),
        ("<", "command", b"\r\nCONNECT\r\n"),
        ("<", "online", b"end"),
        ("<", "command", b"\r\nNO CARRIER\r\n"),
    ] == heard(
        (">", b"ATD\r"),
        ("<", b"\r\nCONNECT 115200\r\ndata"),
        (">", b"AT\r"),
        ("<", b"\r\nOK\r\n"),
        (">", b"+++"),
        ("<", b"\r\nOK\r\n"),
        (">", b"ATO\r"),
        ("<", b"\r\nCONNECT\r\n"),
        ("<", b"end\r\nNO CARRIER\r\n"),
    )


def test_frames_of_the_multiplexer_are_data() -> None:
    """From the OK of +CMUX on, whatever they hold."""
    assert [
        (">", "command", b"AT+CMUX=0\r"),
        ("<", "command", b"\r\nOK\r\n"),
        (">", "online", b"\xf9AT\r\xf9"),
        ("<", "online", b"\xf9\r\nNO CARRIER\r\n"),
    ] == heard((">", b"AT+CMUX=0\r"), ("<", b"\r\nOK\r\n"), (">", b"\xf9AT\r\xf9"), ("<", b"\xf9\r\nNO CARRIER\r\n"))


@pytest.mark.parametrize("urc", [b"\r\nRING\r\n", b"\r\n+CREG: 1\r\n"])
def test_an_unsolicited_line_is_a_piece_of_its_own(urc: bytes) -> None:
    """Before a command it is no answer of it."""
    assert [("<", "command", urc), (">", "command", b"AT\r"), ("<", "command", b"\r\nOK\r\n")] == heard(
        ("<", urc), (">", b"AT\r"), ("<", b"AT\r\r\nOK\r\n")
    )


@given(st.lists(st.tuples(st.sampled_from("<>"), st.binary(min_size=1, max_size=20)), max_size=12))
def test_every_byte_of_the_host_is_told(chunks: list[tuple[str, bytes]]) -> None:
    """Whatever comes: a line feed behind the end of a line is the only byte that is left out."""
    typed = b"".join(data for sign, data in chunks if sign == ">")
    told = b"".join(data for sign, _, data in heard(*chunks) if sign == ">")

    assert typed.replace(b"\n", b"") == told.replace(b"\n", b"")
