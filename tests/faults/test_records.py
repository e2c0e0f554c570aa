"""TLS records as they pass: nothing is lost or added, messages are told apart, and what is no TLS passes as data."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from emulator.faults.records import Piece, RecordWatcher, begins_tls


def record(content_type: int, fragment: bytes) -> bytes:
    return bytes((content_type, 3, 1)) + len(fragment).to_bytes(2) + fragment


def message(kind: int, body: bytes) -> bytes:
    return bytes((kind,)) + len(body).to_bytes(3) + body


HELLO, CERTIFICATE, DONE = message(2, b"h" * 70), message(11, b"c" * 900), message(14, b"")
FLIGHT = record(22, HELLO + CERTIFICATE + DONE)
REST = record(20, b"\x01") + record(22, b"sealed finished") + record(23, b"data") + record(21, b"alert")


def watched(chunks: Sequence[bytes]) -> list[Piece]:
    watcher = RecordWatcher()
    watcher.in_tls = True
    return [piece for chunk in chunks for piece in watcher.feed(chunk)]


def names(pieces: Sequence[Piece]) -> list[str]:
    return [piece.message.name for piece in pieces if piece.message is not None]


def test_several_messages_in_one_record_become_a_record_each() -> None:
    pieces = watched([FLIGHT])

    assert ["server_hello", "certificate", "server_hello_done"] == names(pieces)
    assert [record(22, part) for part in (HELLO, CERTIFICATE, DONE)] == [piece.data for piece in pieces]
    assert [70, 900, 0] == [piece.message.size for piece in pieces if piece.message is not None]


def test_a_message_over_several_records_begins_once() -> None:
    pieces = watched([record(22, CERTIFICATE[:300]), record(22, CERTIFICATE[300:] + DONE)])

    assert ["certificate", "server_hello_done"] == names(pieces)
    assert 3 == len(pieces)


def test_behind_change_cipher_spec_a_handshake_record_is_the_finished_message() -> None:
    pieces = watched([REST])

    assert ["change_cipher_spec", "finished"] == names(pieces)
    assert [False, False, True, False] == [piece.is_data for piece in pieces]


@given(st.lists(st.integers(1, 400), max_size=30))
def test_it_does_not_matter_how_the_stream_is_cut(cuts: list[int]) -> None:
    """The pieces are the same."""
    stream, chunks = FLIGHT + REST, []
    for cut in cuts:
        chunks.append(stream[:cut])
        stream = stream[cut:]

    assert watched([FLIGHT + REST]) == watched([*chunks, stream])


@given(st.binary(max_size=400))
def test_garbage_passes_unharmed(garbage: bytes) -> None:
    """A record that never ends waits until the connection does; nothing else is kept, and nothing is lost."""
    watcher = RecordWatcher()
    watcher.in_tls = True

    pieces = list(watcher.feed(b"\xff" + garbage))

    assert b"\xff" + garbage == b"".join(piece.data for piece in pieces) + watcher.rest()


def test_what_is_no_tls_passes_at_once() -> None:
    """Until a client begins it, as after AUTH TLS."""
    watcher = RecordWatcher()

    assert [Piece(b"220 ready\r\n", is_data=True)] == list(watcher.feed(b"220 ready\r\n"))
    assert begins_tls(record(22, message(1, b"hello")))
    assert not begins_tls(b"AUTH TLS\r\n")
    assert not begins_tls(b"")


def test_a_stream_that_stops_being_tls_passes_as_data() -> None:
    pieces = watched([record(23, b"data"), b"HTTP/1.0 400 Bad Request\r\n"])

    assert [record(23, b"data"), b"HTTP/1.0 400 Bad Request\r\n"] == [piece.data for piece in pieces]
    assert [True, True] == [piece.is_data for piece in pieces]
