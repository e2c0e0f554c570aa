"""The escape sequence and its guard times: a second of silence before, at most a second between, a second after."""

import pytest

from emulator.at.escape import EscapeDetector

Step = tuple[float, bytes]


def play(steps: list[Step], *, is_sent: bool = True, until: float = 100.0) -> tuple[bytes, bool]:
    """What reaches the peer, and whether the sequence was complete in the end."""
    detector = EscapeDetector(b"+", 1.0, is_sent=is_sent, now=0.0)
    sent, complete = b"", False
    for now, data in [*steps, (until, b"")]:
        while detector.deadline is not None and detector.deadline <= now:
            held, escaped = detector.expire(detector.deadline)
            sent += held
            complete = complete or escaped
        if data:
            sent += detector.feed(data, now)
    return sent, complete


ESCAPES: dict[str, tuple[list[Step], bytes]] = {
    "at once": ([(1.5, b"+++")], b""),
    "one by one": ([(1.5, b"+"), (1.7, b"+"), (1.9, b"+")], b""),
    "one and two": ([(1.5, b"+"), (2.4, b"++")], b""),
    "just in time": ([(1.0, b"+"), (1.9, b"++")], b""),
    "again after one that was taken for data": ([(0.5, b"+++"), (2.0, b"+++")], b"+++"),
    "after four": ([(1.5, b"++++"), (3.0, b"+++")], b"++++"),
    "after data": ([(0.5, b"data"), (1.6, b"+++")], b"data"),
    "after an attempt": ([(1.5, b"++"), (4.0, b"+++")], b"++"),
    "data after the guard time": ([(1.5, b"+++"), (2.6, b"data")], b"data"),
}
"""The steps, and what of them is data but for the sequence itself."""

NO_ESCAPES: dict[str, list[Step]] = {
    "no silence after CONNECT": [(0.5, b"+++")],
    "no silence before": [(1.5, b"data"), (2.0, b"+++")],
    "data in front": [(1.5, b"x+++")],
    "data behind": [(1.5, b"+++x")],
    "data within the guard time": [(1.5, b"+++"), (2.4, b"x")],
    "four": [(1.5, b"++++")],
    "a fourth one": [(1.5, b"+++"), (2.0, b"+")],
    "two": [(1.5, b"++")],
    "too slow": [(1.5, b"+"), (2.6, b"+"), (3.7, b"+")],
    "data in the middle": [(1.5, b"+"), (1.6, b"x"), (1.7, b"++")],
    "two and two": [(1.5, b"++"), (1.6, b"++")],
    "another character": [(1.5, b"---")],
}


@pytest.mark.parametrize(("steps", "_"), ESCAPES.values(), ids=ESCAPES)
def test_three_characters_between_silences_are_an_escape(steps: list[Step], _: bytes) -> None:
    """Guide 4.2.1 and S12."""
    assert play(steps)[1]


@pytest.mark.parametrize("steps", NO_ESCAPES.values(), ids=NO_ESCAPES)
def test_anything_else_is_data(steps: list[Step]) -> None:
    """And all of it reaches the peer, in order, whether the sequence is sent or held back."""
    data = b"".join(data for _, data in steps)

    assert (data, False) == play(steps)
    assert (data, False) == play(steps, is_sent=False)


@pytest.mark.parametrize(("steps", "data"), ESCAPES.values(), ids=ESCAPES)
def test_the_sequence_reaches_the_peer_only_where_it_is_sent(steps: list[Step], data: bytes) -> None:
    """#SKIPESC: 0 sends the three characters, 1 keeps them."""
    assert play(steps)[0] == b"".join(typed for _, typed in steps)
    assert play(steps, is_sent=False)[0] == data


@pytest.mark.parametrize("pieces", [[b"!!!"], [b"!", b"!", b"!"], [b"!!", b"!"]])
def test_the_character_is_that_of_s2(pieces: list[bytes]) -> None:
    """Three of them, in whatever pieces."""
    detector = EscapeDetector(b"!", 1.0, is_sent=True, now=0.0)
    for piece in pieces:
        detector.feed(piece, 5.0)

    assert detector.expire(6.0) == (b"", True)


def test_a_detector_shows_how_far_the_sequence_has_come() -> None:
    """For whoever looks for a lost escape."""
    detector = EscapeDetector(b"+", 1.0, is_sent=True, now=0.0)
    detector.feed(b"++", 5.0)

    assert (repr(detector), detector.deadline) == ("<EscapeDetector 2 of 3 seen>", 6.0)
