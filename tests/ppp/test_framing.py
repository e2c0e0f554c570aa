"""Frames on the line. RFC 1662 4 and appendix C, RFC 1661 6.5 and 6.6."""

from hypothesis import given
from hypothesis import strategies as st

from emulator.ppp.fcs import fcs_of
from emulator.ppp.framing import Frame, FrameDecoder, FrameFormat, encode_frame
from tests.ppp.host import fcs_16, frame, unframed

PROTOCOLS = st.sampled_from([0xC021, 0x8021, 0x0021, 0x00FD, 0x80FD])
FORMATS = st.builds(FrameFormat, st.integers(0, 0xFFFFFFFF), st.booleans(), st.booleans())


def test_the_check_sequence_is_that_of_the_catalogue() -> None:
    """CRC-16/X-25 of the digits is 906E; the low octet goes first."""
    assert bytes.fromhex("6e90") == fcs_of(b"123456789")


@given(st.binary(max_size=64))
def test_the_check_sequence_is_that_of_the_polynomial(data: bytes) -> None:
    """Whatever the data."""
    assert fcs_16(data).to_bytes(2, "little") == fcs_of(data)


@given(PROTOCOLS, st.binary(max_size=300), FORMATS)
def test_what_is_sent_is_what_another_reader_finds(protocol: int, information: bytes, form: FrameFormat) -> None:
    """Also with every form of header, and no character on the line that the map forbids."""
    line = encode_frame(Frame(protocol, information), form)

    (content,) = unframed(line)
    header = b"" if form.short_header else b"\xff\x03"
    size = 1 if form.short_protocol and protocol < 0x100 else 2
    assert header + protocol.to_bytes(size, "big") + information == content
    assert not [octet for octet in line if octet < 32 and form.controls >> octet & 1]


@given(
    st.lists(st.tuples(PROTOCOLS, st.binary(max_size=60)), max_size=4),
    st.booleans(),
    st.booleans(),
    st.lists(st.integers(1, 20), min_size=1, max_size=30),
)
def test_frames_are_found_wherever_the_line_cuts_them(
    sent: list[tuple[int, bytes]], short_header: bool, short_protocol: bool, cuts: list[int]
) -> None:
    """With header and protocol in the long form or the short one."""
    line = b""
    for protocol, information in sent:
        size = 1 if short_protocol and protocol < 0x100 else 2
        line += frame((b"" if short_header else b"\xff\x03") + protocol.to_bytes(size, "big") + information)
    decoder, found = FrameDecoder(), list[Frame]()
    while line:
        cut = cuts.pop() if cuts else len(line)
        found += decoder.receive(line[:cut])
        line = line[cut:]

    assert [Frame(*each) for each in sent] == found


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_noise_is_no_frame_and_the_next_frame_is_found(noise: list[bytes]) -> None:
    """The flag that begins it ends whatever stood before."""
    decoder = FrameDecoder()
    for part in noise:
        list(decoder.receive(part))

    found = list(decoder.receive(frame(b"\xff\x03\xc0\x21good") + frame(b"\xff\x03\xc0\x21good")))

    assert found[-1] == Frame(0xC021, b"good")


def test_a_damaged_frame_is_dropped() -> None:
    """One bit is enough."""
    line = bytearray(frame(b"\xff\x03\xc0\x21good"))
    line[8] ^= 0x40

    assert [] == list(FrameDecoder().receive(bytes(line)))


def test_an_aborted_frame_is_dropped() -> None:
    """An escape and a flag abort it (RFC 1662 4.3)."""
    line = frame(b"\xff\x03\xc0\x21good").removesuffix(b"~") + b"}~"

    assert [] == list(FrameDecoder().receive(line))


def test_control_characters_that_something_has_put_in_are_dropped() -> None:
    """As XON and XOFF of a line in between, until LCP has agreed that they are data (RFC 1662 4.2)."""
    line = frame(b"\xff\x03\xc0\x21good").replace(b"good", b"go\x13od\x11")
    decoder = FrameDecoder()

    assert [Frame(0xC021, b"good")] == list(decoder.receive(line))

    decoder.expect(0)
    assert [Frame(0x21, b"\x13\x11")] == list(decoder.receive(frame(b"\x21\x13\x11", controls=0)))


def test_a_frame_without_an_end_takes_no_memory() -> None:
    """It is dropped, and with it what comes up to the next flag."""
    decoder = FrameDecoder()
    for _ in range(1000):
        assert [] == list(decoder.receive(b"x" * 1000))
    assert len(repr(decoder)) < 40

    assert [] == list(decoder.receive(frame(b"\xff\x03\xc0\x21lost").removeprefix(b"~")))
    assert [Frame(0xC021, b"good")] == list(decoder.receive(frame(b"\xff\x03\xc0\x21good")))
