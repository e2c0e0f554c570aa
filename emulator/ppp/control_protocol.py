"""Run one control protocol: the automaton with its packets, its restart timer and its counters. RFC 1661 4 and 5."""

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec
from msgspec.structs import replace

from emulator.ppp.automaton import STEPS, TIMED, Action, Event, State
from emulator.ppp.negotiation import Negotiation, NegotiationFailed, Verdict
from emulator.ppp.packets import Code, ControlPacket, Options, encode_options, parse_options

_CODES_OF_ALL = frozenset(range(Code.CONFIGURE_REQUEST, Code.CODE_REJECT + 1))
_LONGEST_REJECTED = 1400
"""Octets of a rejected packet that are returned; the whole has to fit the peer's MRU (RFC 1661 5.6, 5.7)."""


class Timers(msgspec.Struct, frozen=True):
    """Restart timer and counters (RFC 1661 4.6)."""

    restart: float = 3.0
    """Seconds until a request is repeated."""
    most_requests: int = 10
    most_terminations: int = 2
    most_naks: int = 5
    """Suggestions to the peer until they become refusals."""
    most_refusals: int = 20
    """Refusals of the peer until it is clear that nothing will come of it, as where the line echoes."""
    settling: float = 0.0
    """Seconds between the answer to the peer's Terminate-Request and the end of the link."""


STANDARD_TIMERS = Timers()


class LayerListener(Protocol):
    """Whoever uses the protocol."""

    def layer_up(self, now: float) -> None:
        """Take that both sides have agreed."""

    def layer_down(self, now: float) -> None:
        """Take that the agreement has ended."""

    def layer_finished(self, now: float) -> None:
        """Take that the protocol has given up or was terminated."""


class ControlProtocol:
    """LCP or IPCP, by the negotiation that it is given."""

    def __init__(
        self,
        negotiation: Negotiation,
        timers: Timers,
        send: Callable[[ControlPacket], None],
        listener: LayerListener,
    ) -> None:
        self.state = State.INITIAL
        self.deadline: float | None = None
        """When `expire` is to be called next."""
        self._negotiation = negotiation
        self._timers = timers
        self._send = send
        self._listener = listener
        self._left = 0
        """How many more times a request is sent (the restart counter)."""
        self._identifier = 0
        self._request: ControlPacket | None = None
        self._naks = 0
        self._refusals = 0
        self._rejects = 0
        self._received = ControlPacket(0, 0)
        self._verdict: Verdict | None = None
        self._perform: Mapping[Action, Callable[[float], None]] = {
            Action.LAYER_UP: listener.layer_up,
            Action.LAYER_DOWN: listener.layer_down,
            Action.LAYER_STARTED: lambda now: None,
            Action.LAYER_FINISHED: listener.layer_finished,
            Action.INITIALIZE_COUNT: self._initialize_count,
            Action.ZERO_COUNT: self._zero_count,
            Action.SEND_REQUEST: self._send_request,
            Action.SEND_ACK: self._answer_request,
            Action.SEND_NAK: self._answer_request,
            Action.SEND_TERMINATE_REQUEST: self._send_terminate_request,
            Action.SEND_TERMINATE_ACK: self._answer(Code.TERMINATE_ACK),
            Action.SEND_CODE_REJECT: self._reject_code,
            Action.SEND_ECHO_REPLY: lambda now: None,  # the link answers: it knows the magic number
        }

    def __repr__(self) -> str:
        return f"<ControlProtocol {self.state.value}, {self._left} requests left>"

    # From whoever uses it.

    def open(self, now: float) -> None:
        """Begin to negotiate as soon as the layer below is up."""
        self._apply(Event.OPEN, now)

    def close(self, now: float) -> None:
        """Terminate."""
        self._apply(Event.CLOSE, now)

    def up(self, now: float) -> None:
        """Take that the layer below is ready."""
        self._negotiation.begin()
        self._naks = self._refusals = 0
        self._apply(Event.UP, now)

    def down(self, now: float) -> None:
        """Take that the layer below is gone; harmless when it was not there."""
        if (self.state, Event.DOWN) in STEPS:
            self._apply(Event.DOWN, now)

    def reject_protocol(self, now: float) -> None:
        """Take that the peer has no such protocol."""
        self._apply(Event.FATAL_REJECT, now)

    def repeat_request(self) -> None:
        """Send the request once more, beside the restart timer, if there is no answer to it yet."""
        if self._request is not None and self.state is State.REQUEST_SENT:
            self._send(self._request)

    def expire(self, now: float) -> None:
        """Take that time has passed."""
        if self.deadline is not None and now >= self.deadline:
            self._apply(Event.TIMEOUT if self._left > 0 else Event.LAST_TIMEOUT, now)

    # From the peer.

    def receive(self, packet: ControlPacket, now: float) -> None:
        """Take a packet; one that is invalid is dropped in silence."""
        if self.state in (State.INITIAL, State.STARTING):
            return
        self._received = packet
        match packet.code:
            case Code.CONFIGURE_REQUEST:
                self._take_request(packet, now)
            case Code.CONFIGURE_ACK if packet == self._expected_ack:
                self._request = None  # the answer to one that was sent twice counts once
                self._apply(Event.ACK, now)
            case Code.CONFIGURE_NAK | Code.CONFIGURE_REJECT:
                self._take_refusal(packet, now)
            case Code.TERMINATE_REQUEST:
                self._apply(Event.TERMINATE_REQUEST, now)
            case Code.TERMINATE_ACK:
                self._apply(Event.TERMINATE_ACK, now)
            case Code.CODE_REJECT:
                fatal = packet.data[:1] and packet.data[0] in _CODES_OF_ALL
                self._apply(Event.FATAL_REJECT if fatal else Event.HARMLESS_REJECT, now)
            case code if code in self._negotiation.further_codes:
                self._apply(Event.ECHO, now)
            case code if code not in _CODES_OF_ALL:
                self._apply(Event.UNKNOWN_CODE, now)

    def _take_request(self, packet: ControlPacket, now: float) -> None:
        options = parse_options(packet.data)
        if options is None:
            return
        self._verdict = self._negotiation.judge(options)
        good = self._verdict.code is Code.CONFIGURE_ACK
        self._apply(Event.GOOD_REQUEST if good else Event.BAD_REQUEST, now)

    @property
    def _expected_ack(self) -> ControlPacket | None:
        return None if self._request is None else replace(self._request, code=Code.CONFIGURE_ACK)

    def _take_refusal(self, packet: ControlPacket, now: float) -> None:
        options = parse_options(packet.data)
        if self._request is None or packet.identifier != self._identifier or not options:
            return
        rejects = packet.code == Code.CONFIGURE_REJECT
        if rejects and not set(options) <= set(parse_options(self._request.data) or ()):
            return  # what was not asked for cannot be rejected (RFC 1661 5.4)
        self._refusals += 1
        try:
            self._change_request(options, rejects)
        except NegotiationFailed:
            self.close(now)
        else:
            self._request = None
            self._apply(Event.NAK_OR_REJECT, now)

    def _change_request(self, options: Options, rejects: bool) -> None:
        if self._refusals > self._timers.most_refusals:
            raise NegotiationFailed
        (self._negotiation.take_reject if rejects else self._negotiation.take_nak)(options)

    # The automaton.

    def _apply(self, event: Event, now: float) -> None:
        step = STEPS[self.state, event]
        repeats = event is Event.TIMEOUT
        if not repeats and Action.SEND_REQUEST in step.actions:
            self._request = None
        self.state = step.state
        if step.state not in TIMED:
            self.deadline = None
        for action in step.actions:
            if self.state is not step.state:
                return  # the one before has led elsewhere
            self._perform[action](now)

    def _initialize_count(self, now: float) -> None:
        ends = self.state in (State.CLOSING, State.STOPPING)
        self._left = self._timers.most_terminations if ends else self._timers.most_requests

    def _zero_count(self, now: float) -> None:
        self._left = 0
        self.deadline = now + self._timers.settling

    def _send_request(self, now: float) -> None:
        """Send the request; a repeated one keeps its identifier, so that a late answer counts."""
        if self._request is None:
            self._identifier = (self._identifier + 1) % 256
            options = encode_options(self._negotiation.request())
            self._request = ControlPacket(Code.CONFIGURE_REQUEST, self._identifier, options)
        self._send_counted(self._request, now)

    def _send_terminate_request(self, now: float) -> None:
        self._request = None
        self._identifier = (self._identifier + 1) % 256
        self._send_counted(ControlPacket(Code.TERMINATE_REQUEST, self._identifier), now)

    def _send_counted(self, packet: ControlPacket, now: float) -> None:
        self._left -= 1
        self.deadline = now + self._timers.restart
        self._send(packet)

    def _answer_request(self, now: float) -> None:
        """Answer as judged; a peer that keeps asking for the same hears at last that it is refused (RFC 1661 4.6)."""
        assert self._verdict is not None, "a request has been judged"
        code, options = self._verdict.code, self._verdict.options
        self._naks = self._naks + 1 if code is Code.CONFIGURE_NAK else 0
        if self._naks > self._timers.most_naks:
            asked, naked = parse_options(self._received.data) or (), {option.type for option in options}
            code, options = Code.CONFIGURE_REJECT, tuple(option for option in asked if option.type in naked)
        self._send(ControlPacket(code, self._received.identifier, encode_options(options)))

    def _answer(self, code: Code) -> Callable[[float], None]:
        return lambda now: self._send(ControlPacket(code, self._received.identifier))

    def _reject_code(self, now: float) -> None:
        self._rejects = (self._rejects + 1) % 256
        self._send(ControlPacket(Code.CODE_REJECT, self._rejects, self._received.encode()[:_LONGEST_REJECTED]))
