"""A host that sends any packets: right ones, wrong ones, and right ones at the wrong time."""

from random import Random
from typing import Any

from emulator.ip import dns
from emulator.ip.checksum import checksum
from emulator.ip.icmp import Unreachable
from emulator.ip.packet import ICMP, TCP, UDP, Malformed, Packet, pseudo_header
from emulator.ip.stack import MOST_CONNECTIONS, DatagramReceived, EchoRequested, IpStack, TcpRequested
from emulator.ip.tcp.connection import TcpConnection
from emulator.ip.tcp.incoming import CAPACITY
from emulator.ip.tcp.segment import ACK, FIN, PSH, RST, SYN, Segment
from emulator.ip.tcp.states import TcpState
from emulator.ip.udp import Datagram
from fuzzing.case import Case, Finding, Step

_HOST, _ROUTER, _PEER = "10.1.1.2", "10.1.1.1", "192.0.2.1"
_START = 2**32 - 2000
"""The number of the host's SYN: numbers wrap soon."""
_MOST_PACKETS = 128
"""Packets that may answer one: no more than the send buffer of a connection holds."""
_FLAGS = (ACK, ACK, ACK | PSH, ACK | PSH, SYN, SYN, FIN | ACK, RST, RST | ACK, SYN | ACK, 0, 0xFF)
_OFFSETS = (0, 0, 0, 0, 0, 1, -1, 2, 100, -100, 1000, 20000, -20000, 2**31)
_SIZES = (0, 0, 0, 1, 2, 100, 1460, 1460, 4000)
_ACTIONS = ("accept", "accept", "accept", "refuse", "send", "send", "finish", "abort", "forget", "read", "read")
_PATTERN = Random(7).randbytes(4096)
"""What is said: by its number, which wraps at a multiple of this length."""
_VERBS = {
    "segment": 30,
    "peer": 25,
    "wait": 8,
    "damage": 6,
    "bytes": 4,
    "datagram": 4,
    "echo": 2,
    "fragment": 5,
    "query": 3,
    "pause": 1,
    "resume": 3,
}
"""What may go wrong, and its share; the rest is what a host does that wants to get on."""
_QUERY = bytes.fromhex("004d01000001000000000000036c6162076578616d706c650000010001")


class Packets:
    """Send anything to the IP stack: nothing is raised, its answers are right, and the next connection works."""

    name = "packets"
    summary = "packets of a host to the IP stack of a data call: any bytes, segments at any time, fragments, queries"
    weight = 1.0

    def make(self, dice: Random) -> Case:
        return Case(self.name, tuple(_step(dice) for _ in range(dice.choice([3, 10, 40, 80]))))

    def inputs(self, case: Case) -> int:
        return len(case.steps)

    def play(self, case: Case) -> Finding | None:
        run = _Run()
        for step in case.steps:
            run.do(step.verb, step.argument)
            if (finding := run.settle()) is not None:
                return finding
        return run.connects_anew()


def _step(dice: Random) -> Step:
    size, data = dice.choice(_SIZES), dice.randbytes(dice.choice(_SIZES)).hex()
    verb = dice.choices(
        ["connect", "say", *_VERBS],
        [15, 25, *_VERBS.values()],
    )[0]
    match verb:
        case "connect":
            return Step(verb, dice.randrange(3))
        case "say":
            return Step(verb, [dice.randrange(3), dice.choice([1, 500, 1460, 9000])])
        case "segment":
            numbers = [dice.choice(_OFFSETS), dice.choice(_OFFSETS)]
            options = dice.choice(["", "", "020405b4", "02040001", "0204", "0800", "01010100"])
            window = dice.choice([0, 1, 500, 65535])
            return Step(verb, [dice.randrange(3), dice.choice(_FLAGS), *numbers, window, size, options])
        case "peer":
            return Step(verb, [dice.choice(_ACTIONS), dice.choice([1, 100, 5000, 40000])])
        case "wait":
            return Step(verb, dice.choice([0.1, 1.0, 5.0, 61.0, 400.0]))
        case "damage":
            return Step(verb, [dice.randrange(60), dice.randint(1, 255), dice.choice([0, 1])])
        case "bytes":
            return Step(verb, dice.randbytes(dice.choice([0, 1, 19, 20, 40, 100])).hex())
        case "datagram" | "echo":
            return Step(verb, [dice.choice([0, 7, 53, 65535]), data])
        case "fragment":
            return Step(verb, [dice.choice([0, 8, 16, 1480, 65528]), dice.random() < 0.7, dice.randrange(3), data])
        case "query":
            return Step(verb, [dice.randrange(len(_QUERY)), dice.randint(0, 255), dice.randrange(len(_QUERY) + 1)])
    return Step(verb)


class _Run:
    """A stack, and what the host and the peers know of it."""

    def __init__(self) -> None:
        self.stack = IpStack(_ROUTER, _HOST)
        self.now = 0.0
        self.latest = b""
        """The packet that was sent last."""
        self.opened: list[TcpConnection] = []
        self.heard: list[Segment] = []
        self._is_honest = True
        """Whether the host says the same under the same number."""
        self._wrong: Finding | None = None
        self._taken: dict[TcpConnection, int] = {}
        self._given: dict[TcpConnection, int] = {}
        """Bytes that the peer has taken and given."""

    def do(self, verb: str, argument: Any) -> None:
        match verb:
            case "connect":
                self._connect(argument)
            case "say":
                port, size = argument
                self._send(Packet(_HOST, _PEER, TCP, self._segment(port, ACK, 0, 0, 65535, size, "")).packed())
            case "segment":
                self._send(Packet(_HOST, _PEER, TCP, self._segment(*argument)).packed())
            case "peer":
                self._let_peer(*argument)
            case "wait":
                self._wait(argument)
            case "damage":
                self._is_honest = False  # what is said under a number may differ now
                self._send(_damaged(self.latest, *argument))
            case "bytes":
                self._send(bytes.fromhex(argument))
            case "datagram":
                packed = Datagram(1024, argument[0], bytes.fromhex(argument[1])).packed(_HOST, _PEER)
                self._send(Packet(_HOST, _PEER, UDP, packed).packed())
            case "echo":
                head = b"\x08\0\0\0" + argument[0].to_bytes(2, "big") + b"\0\1"
                self._send(Packet(_HOST, _PEER, ICMP, head + bytes.fromhex(argument[1])).packed())
            case "fragment":
                offset, more, identification, data = argument
                self._send(Packet(_HOST, _PEER, UDP, bytes.fromhex(data), 64, identification, offset, more).packed())
            case "query":
                _answer_query(_damaged(_QUERY[: argument[2]], argument[0], argument[1], 0))
            case "pause":
                self.stack.paused = True
            case "resume":
                self.stack.resume()

    def _connect(self, port: int) -> None:
        """Open a connection as it should be, if the host has none on the port."""
        if any(one.request.source_port == 1024 + port for one in self.stack.connections):
            return
        self.heard = [one for one in self.heard if one.target_port != 1024 + port]
        self._send(Packet(_HOST, _PEER, TCP, self._segment(port, SYN, 0, 0, 65535, 0, "")).packed())
        self.settle()
        self._let_peer("accept", 0)
        self.settle()
        self._send(Packet(_HOST, _PEER, TCP, self._segment(port, ACK, 0, 0, 65535, 0, "")).packed())

    def _segment(self, port: int, flags: int, seq: int, ack: int, window: int, size: int, options: str) -> bytes:
        """Make a segment whose numbers are right but for the offsets."""
        ours = next((one for one in reversed(self.opened) if one.request.source_port == 1024 + port), None)
        latest = next((one for one in reversed(self.heard) if one.target_port == 1024 + port), None)
        sequence = latest.acknowledgement if latest is not None and latest.flags & ACK else _START
        acknowledged = (latest.sequence + latest.length) if latest is not None and ours is not None else 0
        numbers = (sequence + seq) % 2**32, (acknowledged + ack) % 2**32
        segment = Segment(1024 + port, 80, *numbers, flags, window, _text(numbers[0], _START + 1, size))
        packed = segment.packed(_HOST, _PEER)
        if not options:
            return packed
        words = (len(packed[:20]) + len(bytes.fromhex(options)) + 3) // 4
        longer = packed[:12] + bytes([words << 4]) + packed[13:20] + bytes.fromhex(options).ljust(words * 4 - 20, b"\0")
        return _signed(Packet(_HOST, _PEER, TCP, longer + packed[20:]))

    def _send(self, packet: bytes) -> None:
        self.latest = packet
        self.stack.receive(packet, self.now)

    def _let_peer(self, action: str, size: int) -> None:
        connection = self.opened[-1] if self.opened else None
        if connection is None or (action in ("accept", "refuse")) != (connection.state is TcpState.REQUESTED):
            return
        if action == "send":
            self._give(connection, size)
        elif action == "read":
            self._take(connection)
        else:
            getattr(connection, action)()
        self.stack.touch(connection)

    def _give(self, connection: TcpConnection, size: int) -> None:
        if not connection.congested:
            given = self._given.get(connection, 0)
            connection.send(_text(given, 0, size))
            self._given[connection] = given + size

    def _take(self, connection: TcpConnection) -> None:
        """Read what the host has said, and compare it with what it says under those numbers."""
        taken, data = self._taken.get(connection, 0), connection.read()
        self._taken[connection] = taken + len(data)
        first = (connection.request.sequence + 1 + taken) % 2**32
        if self._is_honest and data != _text(first, _START + 1, len(data)):
            self._wrong = Finding("wrong data", f"{connection!r} after {taken} bytes")

    def _check_text(self, segment: Segment) -> None:
        """Compare what goes to the host with what the peer has given."""
        connection = next(
            (one for one in reversed(self.opened) if one.request.source_port == segment.target_port), None
        )
        synchronization = next(
            (one for one in reversed(self.heard) if one.flags & SYN and one.target_port == segment.target_port), None
        )
        if segment.data and connection is not None and synchronization is not None:
            first = (synchronization.sequence + 1) % 2**32
            if segment.data != _text(segment.sequence, first, len(segment.data)):
                self._wrong = Finding("wrong data", f"{segment} to the host")

    def _wait(self, seconds: float) -> None:
        end = self.now + seconds
        for _ in range(20):
            due = self.stack.deadline()
            if due is None or due > end:
                break
            self.now = max(self.now, due)
            self.stack.expire(self.now)
            self.settle()
        self.now = end

    def settle(self) -> Finding | None:
        """Take events and answers, and judge them."""
        for event in self.stack.take_events():
            match event:
                case TcpRequested(connection):
                    self.opened = [*self.opened[-20:], connection]
                case DatagramReceived(datagram, packet):
                    self.stack.send_datagram(packet.target, datagram)
                case EchoRequested(request, packet):
                    self.stack.send_unreachable(packet, Unreachable.HOST)
                    self.stack.send_echo_reply(request, packet)
        packets = self.stack.take_output(self.now)
        segments = _segments(packets)
        self.heard += segments
        for segment in segments:
            self._check_text(segment)
        if self._wrong is not None:
            return self._wrong
        if len(packets) > _MOST_PACKETS:
            return Finding("many answers", f"{len(packets)} packets at once")
        if len(self.stack.connections) > MOST_CONNECTIONS:
            return Finding("many connections", repr(self.stack))
        full = [one for one in self.stack.connections if one.readable > CAPACITY]
        return Finding("receive buffer", repr(full[0])) if full else None

    def connects_anew(self) -> Finding | None:
        """Check that a host which has come to its senses can connect, say something and hear it."""
        if self.stack.paused:
            self.stack.resume()
            self.settle()
        self._say(Segment(2000, 80, 1, 0, SYN, 1000))
        connection = self.opened[-1]
        connection.accept()
        self.stack.touch(connection)
        self.settle()
        theirs = self.heard[-1].sequence + 1
        self._say(Segment(2000, 80, 2, theirs % 2**32, ACK | PSH, 1000, b"hello"))
        if (said := connection.read()) != b"hello":
            return Finding("deaf", f"{connection!r} has heard {said!r}")
        connection.send(b"world")
        self.stack.touch(connection)
        self.settle()
        return None if self.heard[-1].data == b"world" else Finding("dumb", str(self.heard[-1]))

    def _say(self, segment: Segment) -> None:
        self.stack.receive(Packet(_HOST, _PEER, TCP, segment.packed(_HOST, _PEER)).packed(), self.now)
        self.settle()


def _text(number: int, first: int, size: int) -> bytes:
    """Return what is always said under these numbers."""
    start = (number - first) % 2**32
    return (_PATTERN * (size // len(_PATTERN) + 2))[start % len(_PATTERN) :][:size]


def _segments(packets: list[bytes]) -> list[Segment]:
    """Read the segments of the answers; whatever is malformed is raised."""
    parsed = [Packet.parse(packet) for packet in packets]
    assert all(packet.target == _HOST for packet in parsed)
    return [Segment.parse(packet) for packet in parsed if packet.protocol == TCP and not packet.is_fragment]


def _damaged(packet: bytes, position: int, change: int, signs: int) -> bytes:
    """Change one byte; with `signs`, make the checksums right again."""
    if not packet:
        return packet
    position %= len(packet)
    changed = packet[:position] + bytes([packet[position] ^ change]) + packet[position + 1 :]
    try:
        parsed = Packet.parse(changed) if signs else None
    except Malformed:
        parsed = None
    return changed if parsed is None or parsed.protocol != TCP or len(parsed.payload) < 20 else _signed(parsed)


def _signed(packet: Packet) -> bytes:
    """Write a segment with a right checksum."""
    unsigned = packet.payload[:16] + b"\0\0" + packet.payload[18:]
    total = checksum(pseudo_header(packet.source, packet.target, TCP, len(unsigned)) + unsigned)
    return packet._replace(payload=unsigned[:16] + total.to_bytes(2, "big") + unsigned[18:]).packed()


def _answer_query(message: bytes) -> None:
    try:
        question = dns.Question.parse(message)
    except Malformed:
        dns.format_error(message)
        return
    answer = question.answer(dns.Response.NO_ERROR, dns.name_record(question.name))
    assert answer[12 : 12 + len(question.written)] == question.written
