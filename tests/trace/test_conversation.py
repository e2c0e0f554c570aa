"""One TCP connection as packets: from its SYN to its FIN or RST."""

from collections.abc import Callable
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.trace.conversation import SEGMENT, TcpConversation
from emulator.trace.events import Direction
from emulator.trace.packets import Endpoint
from tests.trace.captures import Segment, carried, numbers_go_on, parse_packet, shape

MODULE = Endpoint(ip_address("212.195.45.65"), 49152)
PEER = Endpoint(ip_address("10.0.0.1"), 443)
WINDOW = 65535


class Wire:
    """Keeps the packets of one conversation."""

    def __init__(self, caller: Direction = "sent", first: int = 1000) -> None:
        self.segments: list[Segment] = []
        self.conversation = TcpConversation(MODULE, PEER, caller=caller, first=first, write=self._write)

    def _write(self, packet: bytes, direction: Direction, comment: str) -> None:
        self.segments.append(Segment(*parse_packet(packet), direction=direction, comment=comment))


def test_a_dial_begins_with_three_packets() -> None:
    """The module's SYN stands alone until the peer has answered."""
    wire = Wire()
    assert shape(wire.segments) == ["sent SYN"]

    wire.conversation.opened()

    assert shape(wire.segments) == ["sent SYN", "received SYN ACK", "sent ACK"]
    assert wire.segments[0].source == ("212.195.45.65", 49152)
    assert wire.segments[0].target == ("10.0.0.1", 443)
    numbers_go_on(wire.segments)


def test_a_connection_from_the_peer_begins_with_its_syn() -> None:
    """As in active FTP."""
    wire = Wire("received")
    wire.conversation.opened()

    assert shape(wire.segments) == ["received SYN", "sent SYN ACK", "received ACK"]
    numbers_go_on(wire.segments)


def test_a_refused_dial_is_answered_by_a_reset() -> None:
    """Of sequence number 0, since the peer has none yet (RFC 9293 3.5.2)."""
    wire = Wire()
    wire.conversation.reset("received")

    assert shape(wire.segments) == ["sent SYN", "received RST ACK"]
    assert (wire.segments[1].sequence, wire.segments[1].acknowledgement) == (0, 1001)


@given(
    pieces=st.lists(
        st.tuples(
            st.sampled_from(["sent", "received"]),
            st.one_of(st.integers(0, 4), st.integers(SEGMENT - 1, SEGMENT + 1), st.integers(0, 200_000)),
        ),
        max_size=6,
    ),
    first=st.one_of(st.integers(0, 2**32 - 1), st.integers(2**32 - 3000, 2**32 - 1)),
)
def test_data_is_split_acknowledged_and_numbered_across_the_end_of_the_numbers(
    pieces: list[tuple[Direction, int]], first: int
) -> None:
    """And nobody sends more than the other's window holds."""
    wire = Wire(first=first)
    wire.conversation.opened()
    sent = {"sent": b"", "received": b""}
    for direction, size in pieces:
        data = bytes(index % 251 for index in range(size))
        wire.conversation.carried(direction, data)
        sent[direction] += data

    numbers_go_on(wire.segments)
    assert {way: carried(wire.segments, way) for way in sent} == sent
    assert all(len(segment.payload) <= SEGMENT for segment in wire.segments)
    unacknowledged = 0
    for segment in wire.segments[3:]:
        unacknowledged = unacknowledged + len(segment.payload) if segment.payload else 0
        assert unacknowledged <= WINDOW
    assert not wire.segments[-1].payload, "all is acknowledged"


@pytest.mark.parametrize("first", ["sent", "received"])
def test_each_end_finishes_once_and_the_other_may_go_on(first: Direction) -> None:
    """A half-closed connection carries data in the other direction."""
    second: Direction = "received" if first == "sent" else "sent"
    wire = Wire()
    wire.conversation.opened()
    for direction in (first, first):
        wire.conversation.finished(direction)
    wire.conversation.carried(first, b"too late")
    wire.conversation.carried(second, b"farewell")
    wire.conversation.finished(second)

    numbers_go_on(wire.segments)
    assert shape(wire.segments[3:]) == [
        f"{first} FIN ACK",
        f"{second} ACK",
        f"{second} ACK data",
        f"{first} ACK",
        f"{second} FIN ACK",
        f"{first} ACK",
    ]


AFTERWARDS: dict[str, Callable[[TcpConversation], None]] = {
    "data": lambda conversation: conversation.carried("sent", b"data"),
    "the module's end": lambda conversation: conversation.finished("sent"),
    "the peer's end": lambda conversation: conversation.finished("received"),
    "another reset": lambda conversation: conversation.reset("sent"),
}


@pytest.mark.parametrize("direction", ["sent", "received"])
@pytest.mark.parametrize("then", AFTERWARDS.values(), ids=AFTERWARDS)
def test_nothing_follows_a_reset(direction: Direction, then: Callable[[TcpConversation], None]) -> None:
    """Whoever sent it."""
    wire = Wire()
    wire.conversation.opened()
    wire.conversation.reset(direction)
    then(wire.conversation)

    numbers_go_on(wire.segments)
    assert shape(wire.segments[3:]) == [f"{direction} RST ACK"]
