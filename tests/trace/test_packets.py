"""IP packets with TCP in them, as RFC 791, 8200 and 9293 lay them out."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.trace.packets import Endpoint, Flags, tcp_packet
from tests.trace.captures import parse_packet

ADDRESSES = {"v4": ("212.195.45.65", "127.0.0.1"), "v6": ("::ffff:212.195.45.65", "2001:db8::5")}


@pytest.mark.parametrize("family", ADDRESSES)
@given(
    sequence=st.integers(0, 2**32 - 1),
    acknowledgement=st.integers(0, 2**32 - 1),
    flags=st.sampled_from([Flags.SYN, Flags.SYN | Flags.ACK, Flags.ACK, Flags.ACK | Flags.PSH, Flags.FIN | Flags.ACK]),
    payload=st.binary(max_size=1400),
    ports=st.tuples(st.integers(1, 65535), st.integers(1, 65535)),
)
def test_a_packet_holds_what_it_was_made_of_and_its_checksums_are_right(
    family: str, sequence: int, acknowledgement: int, flags: Flags, payload: bytes, ports: tuple[int, int]
) -> None:
    """The parser verifies both checksums."""
    source, target = ADDRESSES[family]

    packet = tcp_packet(
        Endpoint(ip_address(source), ports[0]),
        Endpoint(ip_address(target), ports[1]),
        sequence,
        acknowledgement,
        flags,
        payload,
    )

    addresses = tuple((str(ip_address(host)), port) for host, port in zip((source, target), ports, strict=True))
    assert (*addresses, sequence, acknowledgement, flags, payload) == parse_packet(packet)


def test_a_sum_of_all_ones_gives_a_checksum_of_zero() -> None:
    """The other zero of ones' complement is none that a sender writes (RFC 1071)."""
    ends = Endpoint(ip_address("10.0.0.1"), 1), Endpoint(ip_address("10.0.0.2"), 2)
    packets = [tcp_packet(*ends, number, 0, Flags.ACK, b"") for number in range(65536)]
    checksums = [int.from_bytes(packet[36:38], "big") for packet in packets]

    assert 0 in checksums
    assert 0xFFFF not in checksums
    parse_packet(packets[checksums.index(0)])
