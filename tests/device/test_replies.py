"""Replies of FTP servers, in any pieces and however odd. RFC 959 4.2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.device.connection.replies import Reply, ReplyParser

CASES: dict[str, tuple[bytes, list[tuple[int, str]]]] = {
    "one line": (b"220 ready\r\n", [(220, "220 ready")]),
    "a line feed alone": (b"220 ready\n", [(220, "220 ready")]),
    "a code alone": (b"220\r\n", [(220, "220")]),
    "two replies": (b"150 now\r\n226 done\r\n", [(150, "150 now"), (226, "226 done")]),
    "several lines": (b"220-Hello\r\nthere\r\n220 ready\r\n", [(220, "220-Hello\r\nthere\r\n220 ready")]),
    "numbers inside": (
        b"211-Files:\r\n 211 of them\r\n2110 bytes\r\n220 no\r\n211-and\r\n211 end\r\n",
        [(211, "211-Files:\r\n 211 of them\r\n2110 bytes\r\n220 no\r\n211-and\r\n211 end")],
    ),
    "an empty line inside": (b"220-\r\n\r\n220 \r\n", [(220, "220-\r\n\r\n220 ")]),
    "no reply": (b"hello\r\n\r\n12 no\r\n2200 no\r\n600 no\r\n020 no\r\n", []),
    "unfinished": (b"220-Hello\r\n220", []),
    "bytes of any kind": (b'257 "caf\xe9\xff"\r\n', [(257, '257 "caf\xe9\xff"')]),
}


def parse(pieces: list[bytes]) -> list[Reply]:
    parser = ReplyParser()
    return [reply for piece in pieces for reply in parser.feed(piece)]


@pytest.mark.parametrize("name", CASES)
def test_replies_are_cut_out_of_what_the_server_says(name: str) -> None:
    """Byte by byte, too."""
    said, expected = CASES[name]

    for pieces in ([said], [bytes([byte]) for byte in said]):
        assert expected == [(reply.code, reply.text) for reply in parse(pieces)]


@given(st.lists(st.binary(max_size=60) | st.sampled_from([b"220 a\r\n", b"220-", b"\r\n", b"226 ", b"x" * 3000])))
def test_the_pieces_make_no_difference(pieces: list[bytes]) -> None:
    """Whatever they are, and no line that is too long is kept."""
    whole = b"".join(pieces)
    if max(map(len, whole.split(b"\n"))) < 1000:
        assert parse([whole]) == parse(pieces)
    for reply in parse(pieces):
        assert 100 <= reply.code <= 599
        assert reply.lines[-1].startswith(str(reply.code))


def test_a_server_without_an_end_takes_no_memory() -> None:
    """Neither by one line nor by one reply."""
    parser = ReplyParser()
    for _ in range(2000):
        parser.feed(b"x" * 10_000)
    parser.feed(b"\r\n220-\r\n")
    for _ in range(2000):
        parser.feed(b"y" * 2000 + b"\r\n")

    (reply,) = parser.feed(b"220 end\r\n")

    assert len(reply.text) < 100_000
    assert reply.last_line == "220 end"


def test_a_reply_says_what_it_means() -> None:
    """By its first digit."""
    kinds = {code: Reply(code, (str(code),)) for code in (150, 226, 331, 421, 530)}

    assert [code for code, reply in kinds.items() if reply.is_preliminary] == [150]
    assert [code for code, reply in kinds.items() if reply.is_success] == [226]
    assert [code for code, reply in kinds.items() if reply.wants_more] == [331]


def test_a_parser_shows_what_it_waits_for() -> None:
    """Not what was said."""
    parser = ReplyParser()
    parser.feed(b"220-Hello\r\n220")

    assert repr(parser) == "<ReplyParser 1 lines of a reply, 3 bytes of the next>"
    assert not parser.is_empty
