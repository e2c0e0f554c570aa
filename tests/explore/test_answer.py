"""The parts of an answer: where its lines, its prompt and its result are, and where a URC may stand."""

import pytest

from emulator.explore.steps.answer import parse


@pytest.mark.parametrize(
    ("data", "final", "final_at", "between"),
    [
        (b"\r\nOK\r\n", "OK", 0, []),
        (b"\r\n+CSQ: 20,0\r\n\r\nOK\r\n", "OK", 14, [14]),
        (b"\r\n#SI: 1,0\r\n#SI: 2,0\r\n\r\nOK\r\n", "OK", 22, [12, 22]),
        (b"\r\n+CME ERROR: 553\r\n", "+CME ERROR: 553", 0, []),
        (b"\r\nCONNECT\r\nOK\r\n", "CONNECT", 0, []),
        (b"\r\n#SSLRECV: 8\r\nab\r\nOK\r\n\r\n\r\nOK\r\n", "OK", 25, [25]),
        (b"\r\n#SRECV: 1,6\r\n\r\nOK\r\n\r\n\r\nOK\r\n", "OK", 23, [23]),
        (b'\r\n#SRECV: "10.0.0.1",7,1,4,0\r\n\r\nab\r\n\r\nOK\r\n', "OK", 36, [36]),
        (b"\r\n<<<HTTP/1.0 200\r\n#A: 1\r\n\r\nOK\r\n", "OK", 26, [26]),
        (b'\r\n+CMGL: 1,"REC READ"\r\nHello\r\n\r\nOK\r\n', "OK", 30, [30]),
        (b"\r\n> \r\nOK\r\n", "OK", 4, [4]),
        (b"\r\n> \r\n+CMGS: 7\r\n\r\nOK\r\n", "OK", 16, [16]),
        (b"\r\n> hi\x1a\r\n+CMGS: 7\r\n\r\nOK\r\n", "OK", 19, [7, 19]),
        (b"\r\nSRING: 1\r\n", "", 12, []),
        (b"", "", 0, []),
    ],
)
def test_a_line_may_stand_only_between_lines(data: bytes, final: str, final_at: int, between: list[int]) -> None:
    """Never within data or a text, nor while an entry is typed."""
    answer = parse(data)

    assert (final, final_at, between) == (answer.final, answer.final_at, list(answer.between))


def test_what_follows_the_result_is_no_part_of_the_answer() -> None:
    """A URC, or the echo of the next command."""
    answer = parse(b"\r\nOK\r\n\r\nSRING: 1\r\nAT+CSQ\r")

    assert 6 == answer.size


def test_the_prompt_ends_where_the_entry_begins() -> None:
    """A pause there is one of what follows the entry."""
    assert 4 == parse(b"\r\n> \r\nOK\r\n").prompt
    assert parse(b"\r\nOK\r\n").prompt is None


@pytest.mark.parametrize(
    ("byte", "place"),
    [
        (0, {"byte": 0}),
        (3, {"byte": 3}),
        (12, {"line": 2}),
        (16, {"line": 2, "byte": 4}),
        (22, {"line": "result"}),
        (25, {"line": "result", "byte": 3}),
        (28, {"line": "end"}),
        (30, {"line": "end", "byte": 2}),
    ],
)
def test_a_position_is_written_by_its_line(byte: int, place: dict[str, int | str]) -> None:
    """So that a scenario hits the same place in an answer of another length."""
    assert place == parse(b"\r\n#SI: 1,0\r\n#SI: 2,0\r\n\r\nOK\r\n").place(byte)
