"""What the lab's servers answer."""

import pytest

from emulator.lab.conversations import Conversation, Reply, echo, guide, https

QUESTION = b"Send this string to the SSL server!"


def test_the_guides_server_answers_example_4_5_2_after_the_first_timeout() -> None:
    """The answer comes after the default timeout of 10 s and before a second one: just one #SSLRCV times out."""
    reply = guide()(QUESTION)

    assert reply is not None
    assert reply.data == b"Response of the server!"
    assert 10 < reply.delay < 20


def test_the_answer_of_example_4_5_2_falls_into_pieces_where_the_guide_breaks_it() -> None:
    """Reads of 15 bytes give the two pieces that the guide prints; the second has 8 bytes where it prints 6."""
    reply = guide()(QUESTION)

    assert reply is not None
    assert (reply.data[:15], reply.data[15:]) == (b"Response of the", b" server!")


def test_how_long_the_guides_server_thinks_can_be_chosen() -> None:
    """`thinking` is the delay of that one answer."""
    assert guide(3.5)(QUESTION) == Reply(b"Response of the server!", delay=3.5)


def test_the_guides_server_answers_example_4_5_3_at_once() -> None:
    """The answer has the 24 bytes that the guide prints."""
    reply = guide()(b"Send data in command mode!")

    assert Reply(b"Response in command mode") == reply
    assert len(reply.data) == 24


def test_the_guides_server_takes_no_notice_of_an_escape_sequence() -> None:
    """The +++ that a module passes on before it suspends does not spoil the question after it."""
    converse = guide()

    assert converse(b"+++") is None
    assert converse(b"+++Send data in command mode!") == Reply(b"Response in command mode")


@pytest.mark.parametrize("converse", [guide(), echo], ids=["guide", "echo"])
def test_anything_else_comes_back(converse: Conversation) -> None:
    """Every byte value, so that online mode has something to show."""
    everything = bytes(range(256))

    assert converse(everything) == Reply(everything)


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"], ids=["CR LF", "LF"])
def test_the_https_server_waits_for_the_whole_request_and_closes(line_end: bytes) -> None:
    """Guide 4.5.5: the server closes after one request. Its answer says how long its body is."""
    request = b"GET / HTTP/1.0" + line_end

    assert https(request) is None
    reply = https(request + line_end)

    assert reply is not None
    head, _, body = reply.data.partition(b"\r\n\r\n")
    assert reply.closes
    assert head.splitlines()[0] == b"HTTP/1.0 200 OK"
    assert b"Content-Length: %d" % len(body) in head.splitlines()
