"""TCP over lines that lose, repeat and reorder: all arrives, once and in its order. Hypothesis looks for a line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.ip.packet import Packet
from emulator.ip.stack import IpStack, TcpRequested
from emulator.ip.tcp.connection import TcpConnection
from emulator.ip.tcp.incoming import Incoming
from emulator.ip.tcp.segment import ACK, FIN, PSH, SYN, Segment
from emulator.ip.tcp.sequence import advanced, distance
from tests.ip.wire import HOST, PEER, ROUTER

START = 2**32 - 700
"""So that numbers wrap on the way."""
SIZE = 300


class PlainHost:
    """The simplest host there is: one segment at a time, repeated until it is acknowledged, nothing kept early."""

    def __init__(self, data: bytes, largest: int = SIZE) -> None:
        """Send some data; take segments of `largest` bytes."""
        self._largest = largest
        self._pieces = [data[at : at + SIZE] for at in range(0, len(data), SIZE)]
        self._sent = START
        self._next: int | None = None
        self.heard = bytearray()
        self.ended = False

    @property
    def finished(self) -> bool:
        return not self._pieces

    def receive(self, packet: bytes) -> bool:
        """Take a segment; return whether it wants an answer."""
        segment = Segment.parse(Packet.parse(packet))
        if segment.flags & SYN:
            self._next = self._next or advanced(segment.sequence, 1)
            self._sent = advanced(START, 1) if self._sent == START else self._sent
            return True
        if self._next is None:
            return False
        if self._pieces and segment.acknowledgement == advanced(self._sent, len(self._pieces[0])):
            self._sent = segment.acknowledgement
            self._pieces.pop(0)
        if segment.sequence == self._next and not self.ended:
            self.heard += segment.data
            self.ended = bool(segment.flags & FIN)
            self._next = advanced(self._next, segment.length)
        return segment.length > 0

    def segment(self, window: int) -> bytes:
        """What it says now."""
        if self._next is None:
            return _packet(Segment(1024, 80, START, 0, SYN, window, b"", self._largest))
        data = self._pieces[0] if self._pieces else b""
        return _packet(Segment(1024, 80, self._sent, self._next, ACK | (PSH if data else 0), window, data))


def _packet(segment: Segment) -> bytes:
    return Packet(HOST, PEER, 6, segment.packed(HOST, PEER)).packed()


LINES = st.lists(st.sampled_from(["pass", "pass", "pass", "lose", "twice", "late"]), min_size=1, max_size=40)


@settings(max_examples=100, deadline=None)
@given(LINES, LINES, st.integers(0, 6000), st.integers(0, 6000), st.sampled_from([150, 1000, 65535]))
def test_all_arrives_on_any_line(out: list[str], back: list[str], ours: int, theirs: int, window: int) -> None:
    """Both ways, with the end of the peer."""
    to_host, to_peer = (bytes(number % 251 for number in range(size)) for size in (ours, theirs))
    host, stack, taken = PlainHost(to_peer), IpStack(ROUTER, HOST), bytearray()
    now = 0.0
    ways = [_Way(out), _Way(back)]
    opened: list[TcpConnection] = []

    def settle(packets: list[bytes]) -> None:
        """Carry what the host says, and what comes back of it, until nobody says anything."""
        for packet in ways[0].carry(packets):
            stack.receive(packet, now)
        for event in stack.take_events():
            if isinstance(event, TcpRequested):
                opened.append(event.connection)
                event.connection.accept()
                event.connection.send(to_host)
                event.connection.finish()
                stack.touch(event.connection)
        for connection in opened:
            taken.extend(connection.read())
            stack.touch(connection)
        answers = [host.segment(window) for packet in ways[1].carry(stack.take_output(now)) if host.receive(packet)]
        if answers:
            settle(answers)

    for _ in range(400):
        if host.finished and host.ended and taken == to_peer:
            break
        settle([host.segment(window)])
        now += 3.0
        stack.expire(now)

    assert (to_host, to_peer, True) == (bytes(host.heard), bytes(taken), host.ended)


class _Way:
    """One direction of a line; what it does with each packet is repeated from the beginning, then all passes."""

    def __init__(self, actions: list[str]) -> None:
        self._actions = [*actions, *actions]
        self._late: list[bytes] = []

    def carry(self, packets: list[bytes]) -> list[bytes]:
        arriving: list[bytes] = []
        for packet in packets:
            match self._actions.pop(0) if self._actions else "pass":
                case "pass":
                    arriving += [packet, *self._late]
                    self._late = []
                case "twice":
                    arriving += [packet, packet]
                case "late":
                    self._late.append(packet)
        return arriving


@settings(max_examples=100, deadline=None)
@given(
    st.binary(min_size=1, max_size=3000), st.lists(st.tuples(st.integers(0, 2999), st.integers(1, 700)), max_size=30)
)
def test_pieces_in_any_order_make_the_data(data: bytes, pieces: list[tuple[int, int]]) -> None:
    """Overlapping, repeated, early: what is ready is always the beginning of the data."""
    incoming, heard = Incoming(START, 1460), b""
    whole = [(at, 500) for at in range(0, len(data), 500)]
    for at, size in [*pieces, *whole]:
        piece = data[at : at + size]
        if piece and incoming.is_acceptable(advanced(START, at), len(piece)):
            incoming.add(advanced(START, at), piece, at + len(piece) == len(data))
        heard += incoming.read()
        assert data.startswith(heard)

    assert (data, True, len(data) + 1) == (heard, incoming.ended, distance(START, incoming.next))


@pytest.mark.parametrize("rate", [9600, 19200, 115200])
def test_what_waits_on_a_slow_line_is_not_taken_for_lost(rate: int) -> None:
    """All that has been sent is in the queue of the line, and arrives once."""
    host, stack, now, line = PlainHost(b"", 1460), IpStack(ROUTER, HOST), 0.0, list[bytes]()
    data = bytes(number % 251 for number in range(40000))
    segments: list[int] = []
    stack.receive(host.segment(65535), now)
    (request,) = stack.take_events()
    assert isinstance(request, TcpRequested)
    request.connection.accept()
    request.connection.send(data)
    stack.touch(request.connection)
    while line := [*line, *stack.take_output(now)]:
        packet = line.pop(0)
        now = _pass(stack, now, len(packet) * 10 / rate, line)
        segment = Segment.parse(Packet.parse(packet))
        segments += [segment.sequence] if segment.data else []
        if host.receive(packet):
            stack.receive(host.segment(65535), now)

    assert (data, len(segments)) == (bytes(host.heard), len(set(segments)))


def _pass(stack: IpStack, now: float, seconds: float, line: list[bytes]) -> float:
    """Let the time of a packet on the line pass; what the stack wants to say meanwhile waits behind it."""
    end = now + seconds
    while (due := stack.deadline()) is not None and due <= end:
        stack.expire(due)
        line += stack.take_output(due)
    return end
