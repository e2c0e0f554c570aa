"""UDP datagrams, ICMP messages and TCP segments, against scapy. RFC 768, RFC 792, RFC 9293 3.1."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.ip import icmp
from emulator.ip.checksum import checksum
from emulator.ip.icmp import EchoRequest, Unreachable
from emulator.ip.packet import ICMP as ICMP_PROTOCOL
from emulator.ip.packet import TCP as TCP_PROTOCOL
from emulator.ip.packet import UDP as UDP_PROTOCOL
from emulator.ip.packet import Malformed, Packet, pseudo_header
from emulator.ip.tcp.segment import ACK, FIN, PSH, SYN, Segment
from emulator.ip.tcp.sequence import advanced, distance
from emulator.ip.udp import Datagram
from tests.ip.wire import HOST, ICMP, PEER, TCP, UDP, Raw, built, read, tcp

PORTS = st.integers(0, 65535)
NUMBERS = st.integers(0, 2**32 - 1)


def parsed(packet: bytes) -> Packet:
    return Packet.parse(packet)


def carried(protocol: int, payload: bytes) -> bytes:
    return Packet(PEER, HOST, protocol, payload).packed()


@given(PORTS, PORTS, st.binary(max_size=100))
def test_datagrams_are_written_and_read_as_by_others(source: int, target: int, data: bytes) -> None:
    seen = read(carried(UDP_PROTOCOL, Datagram(source, target, data).packed(PEER, HOST)))

    assert (source, target, data) == (seen[UDP].sport, seen[UDP].dport, bytes(seen[UDP].payload))
    assert Datagram(source, target, data) == Datagram.parse(
        parsed(built(UDP(sport=source, dport=target), Raw(data) if data else b""))
    )


def test_a_datagram_without_a_checksum_is_read() -> None:
    """0 says that there is none; a sum of 0 is written as FFFF."""
    assert b"data" == Datagram.parse(parsed(built(UDP(sport=1, dport=2, chksum=0), Raw(b"data")))).data
    for word in range(0, 65536, 1):
        packed = Datagram(1, 2, word.to_bytes(2, "big")).packed(PEER, HOST)
        if packed[6:8] == b"\xff\xff":
            break
    assert b"\xff\xff" == packed[6:8]


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(built(Raw(b"1234567"), proto=17), id="short"),
        pytest.param(built(UDP(sport=1, dport=2, len=7, chksum=0)), id="length below the header's"),
        pytest.param(built(UDP(sport=1, dport=2, len=9, chksum=0)), id="length above the packet's"),
        pytest.param(built(UDP(sport=1, dport=2, chksum=1), Raw(b"data")), id="checksum"),
    ],
)
def test_what_is_no_datagram_is_refused(packet: bytes) -> None:
    with pytest.raises(Malformed):
        Datagram.parse(parsed(packet))


@given(PORTS, PORTS, st.binary(max_size=100))
def test_an_echo_request_is_answered_with_its_own_data(identifier: int, sequence: int, data: bytes) -> None:
    request = parsed(built(ICMP(type=8, id=identifier, seq=sequence), Raw(data) if data else b""))

    echo = icmp.parse_echo(request)

    assert echo == EchoRequest(identifier, sequence, data)
    seen = read(carried(ICMP_PROTOCOL, icmp.echo_reply(echo)))[ICMP]
    assert (0, 0, identifier, sequence, data) == (seen.type, seen.code, seen.id, seen.seq, bytes(seen.payload))


@pytest.mark.parametrize("kind", [0, 3, 5, 11, 13])
def test_other_messages_are_no_echo_requests(kind: int) -> None:
    assert icmp.parse_echo(parsed(built(ICMP(type=kind), Raw(b"12345678")))) is None


@pytest.mark.parametrize("packet", [built(Raw(b"\x08\x00\xf7\xff"), proto=1), built(ICMP(chksum=1), Raw(b"12345678"))])
def test_what_is_no_message_is_refused(packet: bytes) -> None:
    with pytest.raises(Malformed):
        icmp.parse_echo(parsed(packet))


def test_an_error_quotes_the_header_and_eight_bytes() -> None:
    """With the length of the whole packet in the header."""
    packet = parsed(built(UDP(sport=1, dport=2), Raw(b"0123456789"), ttl=9, id=77))

    refused = read(carried(ICMP_PROTOCOL, icmp.unreachable(packet, Unreachable.PORT)))[ICMP]
    late = read(carried(ICMP_PROTOCOL, icmp.time_exceeded(packet)))[ICMP]

    assert [(3, 3), (11, 0)] == [(each.type, each.code) for each in (refused, late)]
    quoted = bytes(refused.payload)
    assert packet.packed()[:28] == quoted


@pytest.mark.parametrize(("kind", "may"), [(8, True), (0, True), (3, False), (11, False), (12, False)])
def test_no_error_is_sent_about_an_error(kind: int, may: bool) -> None:
    assert may == icmp.may_be_answered(parsed(built(ICMP(type=kind))))


@given(PORTS, PORTS, NUMBERS, NUMBERS, st.integers(0, 31), st.integers(0, 65535), st.binary(max_size=100))
def test_segments_are_written_and_read_as_by_others(
    source: int, target: int, sequence: int, acknowledgement: int, flags: int, window: int, data: bytes
) -> None:
    segment = Segment(source, target, sequence, acknowledgement, flags, window, data)

    seen = read(carried(TCP_PROTOCOL, segment.packed(PEER, HOST)))[TCP]

    assert segment[:4] == (seen.sport, seen.dport, seen.seq, seen.ack)
    assert (flags, window, data) == (int(seen.flags), seen.window, bytes(seen.payload))
    assert segment == Segment.parse(
        parsed(
            built(
                TCP(sport=source, dport=target, seq=sequence, ack=acknowledgement, flags=flags, window=window),
                Raw(data) if data else b"",
            )
        )
    )


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (b"", None),
        (b"\x02\x04\x05\xb4", 1460),
        (b"\x01\x01\x01\x02\x04\x05\xb4\x00", 1460),
        (b"\x04\x02\x08\x0a" + bytes(8) + b"\x02\x04\x02\x18", 536),
        (b"\x00\x02\x04\x05", None),
        (b"\x01\x02\x04\x05", None),
        (b"\x02\x03\x05\x00", None),
        (b"\x08\x00\x02\x04", None),
        (b"\x08\x28\x02\x04", None),
        (b"\x08", None),
    ],
)
def test_the_maximum_segment_size_is_found_among_the_options(options: bytes, expected: int | None) -> None:
    """Behind others, not behind their end, and not where it is cut off."""
    options += bytes(-len(options) % 4)
    fields = struct.pack(">HHIIBBH", 1024, 80, 1, 0, (5 + len(options) // 4) << 4, SYN, 65535)
    unsigned = fields + bytes(4) + options
    total = checksum(pseudo_header(HOST, PEER, TCP_PROTOCOL, len(unsigned)) + unsigned)
    segment = fields + struct.pack(">HH", total, 0) + options

    assert expected == Segment.parse(Packet(HOST, PEER, TCP_PROTOCOL, segment)).maximum_size


def test_a_maximum_segment_size_is_written_as_an_option() -> None:
    segment = Segment(80, 1024, 1, 2, SYN | ACK, 3, b"", 1460)

    assert [("MSS", 1460)] == read(carried(TCP_PROTOCOL, segment.packed(PEER, HOST)))[TCP].options


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(built(Raw(bytes(19)), proto=6), id="short"),
        pytest.param(tcp("S", dataofs=4), id="header too short"),
        pytest.param(tcp("S", dataofs=6), id="header longer than the segment"),
        pytest.param(tcp("S", chksum=1), id="checksum"),
    ],
)
def test_what_is_no_segment_is_refused(packet: bytes) -> None:
    with pytest.raises(Malformed):
        Segment.parse(parsed(packet))


def test_a_segment_says_what_it_is() -> None:
    """In failures of tests."""
    assert str(Segment(1, 2, 3, 4, FIN | PSH | ACK, 5, b"six")) == "FIN|PSH|ACK seq 3 ack 4 win 5 data 3"
    assert [2, 1, 0] == [Segment(1, 2, 3, 4, flags, 5).length for flags in (SYN | FIN, SYN, ACK)]


@given(NUMBERS, st.integers(-(2**31), 2**31 - 1))
def test_sequence_numbers_wrap(number: int, by: int) -> None:
    assert by == distance(number, advanced(number, by))


@given(st.sampled_from([Datagram.parse, Segment.parse, icmp.parse_echo]), st.binary(max_size=100))
def test_nothing_but_malformed_comes_of_any_payload(parse: object, payload: bytes) -> None:
    try:
        parse(Packet(HOST, PEER, 0, payload))  # type: ignore[operator]  # one of three functions
    except Malformed:
        return
