"""The table of RFC 1661 4.1, and two automata on one line."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from emulator.ppp.automaton import STEPS, TIMED, Action, Event, State
from emulator.ppp.control_protocol import ControlProtocol, Timers
from emulator.ppp.ipcp import IpcpNegotiation
from emulator.ppp.lcp import LcpNegotiation
from emulator.ppp.packets import ControlPacket, parse_packet

UP = {State.CLOSED, State.STOPPED, *TIMED, State.OPENED}


def test_every_packet_has_its_step_once_the_layer_below_is_up() -> None:
    """Only Up, and the timer where none runs, have no place there."""
    for state in UP:
        for event in Event:
            if event is Event.UP or (event in (Event.TIMEOUT, Event.LAST_TIMEOUT) and state not in TIMED):
                assert (state, event) not in STEPS
            else:
                assert (state, event) in STEPS


def test_the_layer_above_hears_of_each_opening_and_of_each_end() -> None:
    """tlu leads to Opened, tld leaves it (RFC 1661 4.4)."""
    for (state, _), step in STEPS.items():
        enters = step.state is State.OPENED and state is not State.OPENED
        leaves = state is State.OPENED and step.state is not State.OPENED
        assert (Action.LAYER_UP in step.actions) is enters
        assert (Action.LAYER_DOWN in step.actions) is leaves


def test_the_restart_timer_is_set_wherever_a_state_with_one_is_entered() -> None:
    """By a request, by a Terminate-Request, or by the wait after a Terminate-Ack."""
    sets = {Action.SEND_REQUEST, Action.SEND_TERMINATE_REQUEST, Action.ZERO_COUNT}
    for (state, _), step in STEPS.items():
        if step.state in TIMED and state not in TIMED:
            assert sets & set(step.actions)


class End:
    """One automaton and what it has sent."""

    def __init__(self, negotiation: LcpNegotiation | IpcpNegotiation) -> None:
        self.sent: list[ControlPacket] = []
        self.heard: list[str] = []
        self.protocol = ControlProtocol(negotiation, Timers(), self.sent.append, self)

    def layer_up(self, now: float) -> None:
        self.heard.append("up")

    def layer_down(self, now: float) -> None:
        self.heard.append("down")

    def layer_finished(self, now: float) -> None:
        self.heard.append("finished")


def random_bytes(seed: int) -> Callable[[int], bytes]:
    numbers = iter(range(seed, seed + 1000))
    return lambda size: next(numbers).to_bytes(size, "big")


def lcp_end(seed: int) -> End:
    return End(LcpNegotiation((), random_bytes(seed)))


@given(st.lists(st.booleans(), max_size=9))
def test_two_ends_agree_on_a_line_that_loses_packets(lost: list[bool]) -> None:
    """As long as it loses fewer than the times that a request is sent."""
    one, other = lcp_end(1), lcp_end(5000)
    for end in (one, other):
        end.protocol.open(0.0)
        end.protocol.up(0.0)
    losses, now = iter(lost), 0.0
    for _ in range(200):
        for sender, receiver in ((one, other), (other, one)):
            packets, sender.sent[:] = list(sender.sent), []
            for packet in packets:
                parsed = parse_packet(packet.encode())
                assert parsed == packet
                if not next(losses, False):
                    receiver.protocol.receive(packet, now)
        due = [end.protocol.deadline for end in (one, other) if end.protocol.deadline is not None]
        if not one.sent and not other.sent and due:
            now = min(due)
            one.protocol.expire(now)
            other.protocol.expire(now)

    assert [State.OPENED, State.OPENED] == [one.protocol.state, other.protocol.state]
    assert one.heard[-1] == other.heard[-1] == "up"


CODES = st.integers(0, 14)
PACKETS = st.builds(ControlPacket, CODES, st.integers(0, 3), st.binary(max_size=12))
OPTIONS = st.sampled_from(
    [b"", b"\x02\x06\0\0\0\0", b"\x03\x04\xc0\x23", b"\x05\x06abcd", b"\x07\x02\x08\x02", b"\x11\x02"]
)
MOVES = st.one_of(
    PACKETS,
    st.builds(ControlPacket, st.integers(1, 4), st.integers(0, 3), OPTIONS),
    st.sampled_from(["expire", "open", "close", "down", "up", "reject"]),
)


@given(st.lists(MOVES, max_size=60))
def test_no_order_of_packets_and_events_breaks_it(moves: list[ControlPacket | str]) -> None:
    """Each is a step of the table or dropped; up and down alternate; a timer runs exactly where the table has one."""
    end = lcp_end(1)
    end.protocol.open(0.0)
    end.protocol.up(0.0)
    now = 0.0
    for move in moves:
        below_is_up = end.protocol.state in UP
        match move:
            case ControlPacket():
                end.protocol.receive(move, now)
            case "expire":
                now = end.protocol.deadline or now
                end.protocol.expire(now)
            case "open":
                end.protocol.open(now)
            case "close":
                end.protocol.close(now)
            case "down":
                end.protocol.down(now)
            case "up" if not below_is_up:
                end.protocol.up(now)
            case "reject" if below_is_up:
                end.protocol.reject_protocol(now)
        assert (end.protocol.deadline is not None) is (end.protocol.state in TIMED)
    changes = [word for word in end.heard if word != "finished"]
    assert changes == [("up", "down")[number % 2] for number in range(len(changes))]
