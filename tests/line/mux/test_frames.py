"""Frames of 27.010, basic option: known bytes, and finding them in whatever comes. 27.010 5.2, 5.7 and annex B."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.line.mux.frames import LONGEST, Frame, FrameReader, Kind
from tests.peers.mux_client import frame as octets

LARGEST = 128

KNOWN = {
    "F9 03 3F 01 1C F9": Frame(0, Kind.SABM, poll=True),
    "F9 07 3F 01 DE F9": Frame(1, Kind.SABM, poll=True),
    "F9 0B 3F 01 59 F9": Frame(2, Kind.SABM, poll=True),
    "F9 0F 3F 01 9B F9": Frame(3, Kind.SABM, poll=True),
    "F9 03 73 01 D7 F9": Frame(0, Kind.UA, poll=True),
    "F9 07 73 01 15 F9": Frame(1, Kind.UA, poll=True),
    "F9 03 53 01 FD F9": Frame(0, Kind.DISC, poll=True),
    "F9 07 53 01 3F F9": Frame(1, Kind.DISC, poll=True),
    "F9 0B 53 01 B8 F9": Frame(2, Kind.DISC, poll=True),
    "F9 0F 53 01 7A F9": Frame(3, Kind.DISC, poll=True),
    "F9 03 EF 05 C3 01 F2 F9": Frame(0, Kind.UIH, b"\xc3\x01"),
    "F9 03 EF 09 E3 05 07 0D FB F9": Frame(0, Kind.UIH, b"\xe3\x05\x07\x0d"),
}
"""What public code for modems of several makers sends and expects."""


def encoded(text: str) -> bytes:
    return bytes.fromhex(text)


def read(*pieces: bytes, largest: int = LARGEST) -> list[Frame]:
    """What a reader finds in a stream that comes in pieces."""
    reader = FrameReader(largest)
    return [frame for piece in pieces for frame in reader.feed(piece)]


FRAMES = st.builds(
    Frame,
    channel=st.integers(0, 61),
    kind=st.sampled_from([Kind.UIH, Kind.UI]),
    information=st.binary(max_size=LARGEST),
    command=st.booleans(),
    poll=st.booleans(),
) | st.builds(
    Frame,
    channel=st.integers(0, 61),
    kind=st.sampled_from([Kind.SABM, Kind.UA, Kind.DM, Kind.DISC]),
    command=st.booleans(),
    poll=st.booleans(),
)


@pytest.mark.parametrize(("text", "frame"), KNOWN.items(), ids=KNOWN)
def test_known_frames_are_written_and_read(text: str, frame: Frame) -> None:
    assert encoded(text) == frame.encoded()
    assert [frame] == read(encoded(text))


def test_the_check_is_that_of_annex_b() -> None:
    """Over address, control and length; of an UI frame over its information, too."""
    information = b"AT+CSQ\r"
    assert octets(0x07, 0xEF, information) == Frame(1, Kind.UIH, information).encoded()
    assert octets(0x07, 0x03, information) == Frame(1, Kind.UI, information).encoded()
    assert octets(0x09, 0xFF, information) == Frame(2, Kind.UIH, information, command=False, poll=True).encoded()


@pytest.mark.parametrize("size", [0, 1, 127, 128, 129, 300, 16383, 16384, LONGEST])
def test_lengths_of_one_and_of_two_bytes(size: int) -> None:
    """From 128 bytes on a second byte has the rest of the length."""
    information = bytes(number % 256 for number in range(size))
    frame = Frame(1, Kind.UIH, information)
    assert octets(0x07, 0xEF, information) == frame.encoded()
    assert [frame] == read(frame.encoded(), largest=LONGEST)


def test_a_short_length_in_two_bytes_is_read() -> None:
    assert [Frame(1, Kind.UIH, b"AT\r")] == read(octets(0x07, 0xEF, b"AT\r", long=True))


def test_more_than_a_frame_can_have_is_refused() -> None:
    with pytest.raises(ValueError, match="32768 bytes do not fit"):
        Frame(1, Kind.UIH, bytes(LONGEST + 1)).encoded()


def test_a_frame_over_the_limit_is_skipped() -> None:
    after = Frame(2, Kind.UIH, b"AT\r")
    assert [after] == read(Frame(1, Kind.UIH, bytes(LARGEST + 1)).encoded() + after.encoded())


def test_flags_may_be_shared_and_repeated() -> None:
    """27.010 5.2.7.1 lets the closing flag be the next frame's opening one."""
    first, second = Frame(1, Kind.UIH, b"A"), Frame(2, Kind.UIH, b"B")
    assert [first, second] == read(first.encoded() + second.encoded()[1:])
    assert [first, second] == read(b"\xf9\xf9\xf9" + first.encoded() + b"\xf9\xf9" + second.encoded() + b"\xf9")


def test_flags_within_information_are_information() -> None:
    frame = Frame(1, Kind.UIH, b"\xf9\xf9\x03\x3f\x01\x1c\xf9")
    assert [frame] == read(frame.encoded())
    assert [frame] == read(*(bytes((byte,)) for byte in frame.encoded()))


@pytest.mark.parametrize("garbage", [b"AT\r\r\nOK\r\n", bytes(range(0xF9)), b"\xf9", b"\xf9\x07\xef", bytes(1000)])
def test_garbage_before_between_and_behind_is_skipped(garbage: bytes) -> None:
    first, second = Frame(1, Kind.UIH, b"first"), Frame(2, Kind.UIH, b"second" * 20)
    assert [first, second] == read(garbage + first.encoded() + garbage + second.encoded() + garbage)


@pytest.mark.parametrize("place", [1, 2, 3, -2])
def test_a_frame_with_a_wrong_byte_is_skipped_and_the_next_is_not(place: int) -> None:
    spoilt = bytearray(Frame(1, Kind.UIH, b"AT+CSQ\r").encoded())
    spoilt[place] ^= 0x04
    after = [Frame(1, Kind.UIH, b"AT\r"), Frame(2, Kind.UIH, bytes(LARGEST))]
    assert after == read(bytes(spoilt) + b"".join(frame.encoded() for frame in after))


def test_wrong_information_is_noticed_in_ui_frames_only() -> None:
    assert [Frame(1, Kind.UIH, b"BT")] == read(Frame(1, Kind.UIH, b"AT").encoded().replace(b"A", b"B"))
    assert [] == read(Frame(1, Kind.UI, b"AT").encoded().replace(b"A", b"B"))


def test_a_frame_that_was_cut_off_does_not_take_those_after_it_along() -> None:
    cut = Frame(1, Kind.UIH, bytes(100)).encoded()[:20]
    after = [Frame(1, Kind.UIH, b"AT+CSQ\r"), Frame(2, Kind.UIH, b"more" * 30)]
    assert after == read(cut, *(frame.encoded() for frame in after))


def test_what_no_frame_can_begin_with_does_not_make_the_reader_wait() -> None:
    """A flag by chance, with a control field or a length that no frame has: the frame behind it is found at once."""
    frame = Frame(0, Kind.SABM, poll=True)
    for chance in (b"\xf9AT\xfe", b"\xf9\x03\x3f\x41", b"\xf9\x02\xef\x41", b"\xf9\x03\xef\xfe\xff"):
        assert [frame] == read(chance + frame.encoded())


@given(frames=st.lists(FRAMES, max_size=8), splits=st.lists(st.integers(0, 1200), max_size=30), shared=st.booleans())
def test_frames_come_through_in_whatever_pieces(frames: list[Frame], splits: list[int], shared: bool) -> None:
    stream = b""
    for frame in frames:
        stream += frame.encoded()[1:] if shared and stream else frame.encoded()
    assert frames == read(*split(stream, splits))


@given(
    noise=st.lists(st.binary(max_size=60) | st.just(b"\xf9\x03\xef\xff"), max_size=10),
    splits=st.lists(st.integers(0, 900)),
)
def test_any_noise_is_survived(noise: list[bytes], splits: list[int]) -> None:
    """What stands between frames may be taken for one by chance, but a frame that follows twice is found."""
    frame = Frame(1, Kind.UIH, b"AT\r")
    rescue = frame.encoded() * 40
    assert frame == read(*split(b"".join(noise), splits), rescue)[-1]


@given(st.binary(max_size=2000))
def test_a_reader_keeps_less_than_a_frame(stream: bytes) -> None:
    reader = FrameReader(LARGEST)
    for byte in stream:
        list(reader.feed(bytes((byte,))))
        assert len(reader._buffer) < LARGEST + 7
    assert "bytes kept" in repr(reader)


def split(stream: bytes, places: Iterable[int]) -> list[bytes]:
    """The stream, cut at these places."""
    cuts = [0, *sorted(min(place, len(stream)) for place in places), len(stream)]
    return [stream[start:end] for start, end in pairwise(cuts)]
