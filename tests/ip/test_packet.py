"""IPv4 headers, fragments and checksums, against scapy. RFC 791, RFC 1071."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.ip.addresses import is_a_host
from emulator.ip.checksum import checksum
from emulator.ip.packet import UDP as UDP_PROTOCOL
from emulator.ip.packet import Malformed, Packet
from emulator.ip.reassembly import TIMEOUT, Reassembly
from tests.ip.wire import HOST, PEER, UDP, Raw, built, read

ADDRESSES = st.ip_addresses(v=4).map(str)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (bytes.fromhex("0001f203f4f5f6f7"), 0x220D),  # RFC 1071 3: its sum is ddf2
        (bytes.fromhex("45000073000040004011b861c0a80001c0a800c7"), 0),
        (b"\x01", 0xFEFF),
        (bytes(8), 0xFFFF),
        (b"\xff\xff", 0),
    ],
)
def test_the_checksum_is_that_of_rfc_1071(data: bytes, expected: int) -> None:
    assert expected == checksum(data)


OTHER_PROTOCOLS = st.integers(0, 255).filter(lambda protocol: protocol not in (1, 6, 17))
"""All but ICMP, TCP and UDP, whose payloads have checksums of their own."""


@given(ADDRESSES, ADDRESSES, OTHER_PROTOCOLS, st.binary(max_size=100), st.integers(0, 255), st.integers(0, 65535))
def test_what_is_written_is_read(
    source: str, target: str, protocol: int, payload: bytes, ttl: int, identification: int
) -> None:
    """By us as by others."""
    packet = Packet(source, target, protocol, payload, ttl, identification)

    seen = read(packet.packed())

    assert packet == Packet.parse(packet.packed())
    assert (source, target, protocol, ttl, identification) == (seen.src, seen.dst, seen.proto, seen.ttl, seen.id)
    assert len(payload) + 20 == seen.len


def test_options_and_what_follows_the_packet_are_dropped() -> None:
    """The length of the header says where the payload begins, the total length where it ends."""
    packet = built(Raw(b"payload"), proto=253, options=[]) + b"padding"
    with_options = built(Raw(b"payload"), proto=253, options=b"\x01\x01\x01\x00")

    assert [b"payload"] * 2 == [Packet.parse(each).payload for each in (packet, with_options)]


GOOD = built(UDP(sport=1, dport=2), Raw(b"data"))


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(GOOD[:19], id="cut in the header"),
        pytest.param(GOOD[:-1], id="cut in the data"),
        pytest.param(b"\x65" + GOOD[1:], id="IPv6"),
        pytest.param(b"\x44" + GOOD[1:], id="header too short"),
        pytest.param(b"\x4f" + GOOD[1:], id="header longer than the packet"),
        pytest.param(GOOD[:8] + b"\x00" + GOOD[9:], id="checksum"),
        pytest.param(built(Raw(b""), len=10), id="total length below the header's"),
    ],
)
def test_what_is_no_packet_is_refused(packet: bytes) -> None:
    with pytest.raises(Malformed):
        Packet.parse(packet)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("192.0.2.1", True),
        ("10.0.0.1", True),
        ("0.0.0.0", False),
        ("0.1.2.3", False),
        ("127.0.0.1", False),
        ("127.255.255.255", False),
        ("224.0.0.1", False),
        ("239.1.2.3", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
    ],
)
def test_some_addresses_are_no_hosts(address: str, may: bool) -> None:
    assert may == is_a_host(address)


PIECES = st.lists(st.integers(1, 20), min_size=1, max_size=12)


@given(st.binary(min_size=1, max_size=4000), st.integers(68, 1500), st.randoms())
def test_fragments_in_any_order_make_the_packet(payload: bytes, mtu: int, chance: object) -> None:
    """Each fits into the link; some come twice."""
    packet = Packet(HOST, PEER, 200, payload, identification=7)
    pieces = list(packet.fragments(mtu))
    assert all(len(piece) <= mtu for piece in pieces)
    arriving = pieces + pieces[::3]
    chance.shuffle(arriving)  # type: ignore[attr-defined]  # a Random

    made = _reassembled([*arriving, *pieces])

    assert packet in made


def _reassembled(pieces: Sequence[bytes], now: float = 0.0) -> list[Packet]:
    reassembly = Reassembly()
    parsed = (Packet.parse(piece) for piece in pieces)
    added = (reassembly.add(piece, now) if piece.is_fragment else piece for piece in parsed)
    return [packet for packet in added if packet is not None]


def _fragment(offset: int, data: bytes, *, more: bool = True, identification: int = 1) -> Packet:
    return Packet(HOST, PEER, UDP_PROTOCOL, data, 64, identification, offset, more)


def test_of_fragments_that_overlap_the_later_counts() -> None:
    """RFC 791 3.2 says so."""
    reassembly = Reassembly()
    reassembly.add(_fragment(0, b"a" * 16), 0)
    reassembly.add(_fragment(8, b"b" * 16), 0)
    whole = reassembly.add(_fragment(24, b"c", more=False), 0)

    assert whole is not None
    assert b"a" * 8 + b"b" * 16 + b"c" == whole.payload


@pytest.mark.parametrize(
    "fragment",
    [
        pytest.param(_fragment(0, b"1234567"), id="no whole units"),
        pytest.param(_fragment(65528, b"12345678", more=False), id="beyond the longest packet"),
        pytest.param(_fragment(8, b""), id="empty"),
    ],
)
def test_impossible_fragments_are_dropped(fragment: Packet) -> None:
    reassembly = Reassembly()

    assert reassembly.add(fragment, 0) is None
    assert repr(reassembly) == "<Reassembly of 0 packets>"


def test_fragments_do_not_wait_for_ever() -> None:
    """The rest that comes after the timeout makes no packet."""
    reassembly = Reassembly()
    reassembly.add(_fragment(0, b"a" * 8), 0)

    assert reassembly.add(_fragment(8, b"b", more=False), TIMEOUT) is None


def test_only_so_many_packets_are_put_together_at_a_time() -> None:
    """The oldest gives way."""
    reassembly = Reassembly()
    for number in range(17):
        reassembly.add(_fragment(0, b"a" * 8, identification=number), 0)

    made = [reassembly.add(_fragment(8, b"b", more=False, identification=number), 0) for number in (16, 0)]

    assert [True, False] == [packet is not None for packet in made]


@given(st.binary(max_size=200))
def test_nothing_but_malformed_comes_of_any_bytes(data: bytes) -> None:
    try:
        Packet.parse(data)
    except Malformed:
        return
