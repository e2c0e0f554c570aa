"""A mail as SMTP transfers it: line ends, dots and the end, in pieces of any size. RFC 5321 4.5.2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.device.email.content import ContentEncoder, header

CASES = {
    b"": b".\r\n",
    b"One line": b"One line\r\n.\r\n",
    b"One line\r\n": b"One line\r\n.\r\n",
    b"a\rb\nc\r\n\r\nd": b"a\r\nb\r\nc\r\n\r\nd\r\n.\r\n",
    b".": b"..\r\n.\r\n",
    b".a\r.\r..\r": b"..a\r\n..\r\n...\r\n.\r\n",
    b"a.b": b"a.b\r\n.\r\n",
    b"a\n\rb": b"a\r\n\r\nb\r\n.\r\n",
}


@pytest.mark.parametrize(("text", "sent"), CASES.items())
def test_lines_end_with_cr_lf_and_a_dot_is_doubled(text: bytes, sent: bytes) -> None:
    """So that no text can end the mail."""
    encoder = ContentEncoder()

    assert sent == encoder.feed(text) + encoder.end()


@given(st.lists(st.binary(max_size=9) | st.sampled_from([b"\r", b"\n", b".", b"\r\n."]), max_size=9))
def test_pieces_make_no_difference(pieces: list[bytes]) -> None:
    """And the only line of one dot is the last."""
    encoder, whole = ContentEncoder(), ContentEncoder()

    sent = b"".join([*(encoder.feed(piece) for piece in pieces), encoder.end()])

    assert whole.feed(b"".join(pieces)) + whole.end() == sent
    assert sent.endswith(b".\r\n")
    assert b"." not in sent.split(b"\r\n")[:-2]


def test_a_field_cannot_begin_another() -> None:
    """Line ends in it are dropped; blanks stay."""
    assert b"To: a  bX: y\r\nSubject: \r\n\r\n" == header(("To", "a  b\r\nX: y"), ("Subject", ""))
