"""One connection, as the end that is called. RFC 9293 3.10, RFC 5961 for segments that somebody else may have sent."""

from collections.abc import Callable

from emulator.ip.tcp.changes import TcpChange
from emulator.ip.tcp.incoming import Incoming
from emulator.ip.tcp.outgoing import LOW_MARK, Outgoing
from emulator.ip.tcp.segment import ACK, FIN, PSH, RST, SYN, Segment
from emulator.ip.tcp.sequence import advanced, distance
from emulator.ip.tcp.states import HAS_FINISHED, HEARS, SPEAKS, SYNCHRONIZED, TRANSITIONS, TcpState, TcpTrigger
from emulator.ip.tcp.timing import RetransmissionTimeout
from emulator.states import StateMachine

DEFAULT_SIZE = 536
"""The most data of a segment for a host that names none (RFC 9293 3.7.1)."""
_SMALLEST = 64
"""Least size that is believed: a host that names less would get a packet for each byte."""
GIVE_UP = 180.0
"""Seconds without an acknowledgement until the host is given up (R2 of RFC 9293 3.8.3)."""
TIME_WAIT = 60.0
"""Seconds for which a closed connection answers what the host repeats."""
_SAY_NOTHING = (TcpState.REQUESTED, TcpState.CLOSED)
_DUPLICATES = 3
"""Acknowledgements of the same number that tell of a loss (RFC 5681 3.2)."""
_CHALLENGES = 0.5
"""Least seconds between two acknowledgements of what is out of the window: two ends must not answer for ever."""


class TcpConnection:
    """Takes segments and gives segments; who has it is told of changes by `changed`."""

    def __init__(
        self,
        request: Segment,
        peer: str,
        largest: int,
        first: int,
        changed: "Callable[[TcpConnection, TcpChange], None]",
    ) -> None:
        """Begin with the SYN of the host.

        Args:
            request: that SYN.
            peer: the address that the host has called.
            largest: the most data of a segment that the link takes.
            first: the number of our SYN.
            changed: is called with what happens.
        """
        self.request = request
        self.peer = peer
        self.peer_port = request.target_port
        self._changed = changed
        self._largest = largest
        self._first = first
        size = DEFAULT_SIZE if request.maximum_size is None else max(request.maximum_size, _SMALLEST)
        self._incoming = Incoming(advanced(request.sequence, 1), largest)
        self._outgoing = Outgoing(advanced(first, 1), min(size, largest))
        self._machine = StateMachine(TRANSITIONS, TcpState.REQUESTED)
        self._timeout = RetransmissionTimeout()
        self._deadline: float | None = None
        self._waits_since: float | None = None
        """Since when an acknowledgement is awaited that does not come."""
        self._due: list[Segment] = []
        """Segments that go next, before any data."""
        self._acknowledges = False
        """Whether an acknowledgement is due."""
        self._challenged = -_CHALLENGES
        self._duplicates = 0
        self._recovers: int | None = None
        """What has to be acknowledged before another loss is believed."""

    def __repr__(self) -> str:
        return f"<TcpConnection {self.request.source_port} to {self.peer}:{self.peer_port}, {self.state.value}>"

    @property
    def state(self) -> TcpState:
        """Return the state."""
        return self._machine.state

    @property
    def is_over(self) -> bool:
        """Return whether both sides have ended, or it was reset."""
        return self.state in (TcpState.TIME_WAIT, TcpState.CLOSED)

    @property
    def congested(self) -> bool:
        """Return whether the host takes less than is sent."""
        return self._outgoing.congested

    @property
    def unsent(self) -> int:
        """Return how many bytes the host has not acknowledged."""
        return len(self._outgoing)

    @property
    def readable(self) -> int:
        """Return how many bytes can be read."""
        return len(self._incoming)

    # What the peer does.

    def accept(self) -> None:
        """Answer the request: the peer is there."""
        self._machine.apply(TcpTrigger.ACCEPT)
        self._due.append(self._synchronization())

    def refuse(self) -> None:
        """Answer the request by a reset: the peer refuses."""
        self._due.append(self._segment(0, RST | ACK, acknowledgement=self._incoming.next))
        self._machine.apply(TcpTrigger.BREAK)

    def send(self, data: bytes) -> None:
        """Send data to the host; dropped when our side has ended."""
        if self.state in SPEAKS and not self._outgoing.finished:
            self._outgoing.add(data)

    def finish(self) -> None:
        """Send a FIN after all data; the host may go on sending."""
        if self._outgoing.finished or self.state not in SPEAKS:
            return
        self._outgoing.finished = True
        if self.state in SYNCHRONIZED:
            self._machine.apply(TcpTrigger.FINISH)

    def abort(self) -> None:
        """Reset the connection; harmless when it is closed."""
        if self.state in SYNCHRONIZED or self.state is TcpState.SYN_RECEIVED:
            self._due.append(self._segment(self._sequence(), RST | ACK))
        self.forget()

    def forget(self) -> None:
        """Close the connection, and say nothing to the host."""
        if self.state is not TcpState.CLOSED:
            self._machine.apply(TcpTrigger.BREAK)
        self._deadline = None

    def read(self) -> bytes:
        """Take the data that has come; the window opens again."""
        data = self._incoming.read()
        if self._incoming.open_window() and self.state in HEARS:
            self._acknowledges = True
        return data

    # What the host sends.

    def receive(self, segment: Segment, now: float) -> None:
        """Take a segment of the host (RFC 9293 3.10.7)."""
        if self.state is TcpState.REQUESTED:
            self._receive_while_requested(segment)
        elif self.state is TcpState.SYN_RECEIVED and segment.flags & SYN and self._is_request(segment):
            self._due.append(self._synchronization())
        elif self.state is not TcpState.CLOSED and self._is_valid(segment, now) and self._takes_ack(segment, now):
            self._take_text(segment, now)

    def is_replaced_by(self, segment: Segment) -> bool:
        """Return whether a segment opens a new connection in the place of this one (RFC 9293 3.6.1, 3.10.7.4)."""
        if segment.flags & (SYN | ACK | RST) != SYN:
            return False
        if self.state is TcpState.TIME_WAIT:
            return distance(self._incoming.next, segment.sequence) > 0
        return self.state is TcpState.REQUESTED and not self._is_request(segment)

    def _is_request(self, segment: Segment) -> bool:
        return segment.sequence == self.request.sequence

    def _receive_while_requested(self, segment: Segment) -> None:
        """Hear nothing but the end: the host repeats its SYN until there is an answer."""
        if segment.flags & RST:
            if segment.sequence in (self.request.sequence, self._incoming.next):
                self._break(TcpChange.RESET)
        elif segment.flags & ACK:
            self._due.append(self._segment(segment.acknowledgement, RST))

    def _is_valid(self, segment: Segment, now: float) -> bool:
        """Check sequence number, RST and SYN; acknowledge what is out of place."""
        if not self._incoming.is_acceptable(segment.sequence, segment.length):
            if not segment.flags & RST:
                self._challenge(segment, now)
                if self.state is TcpState.TIME_WAIT and segment.flags & FIN:
                    self._deadline = now + TIME_WAIT
                # While the window is closed, an acknowledgement counts all the same.
                return segment.sequence == self._incoming.next and segment.flags & (SYN | ACK) == ACK
            return False
        if segment.flags & RST:
            if segment.sequence == self._incoming.next:
                self._break(TcpChange.RESET)
            else:
                self._challenge(segment, now)
            return False
        if segment.flags & SYN:
            self._challenge(segment, now)
            return False
        return bool(segment.flags & ACK)

    def _challenge(self, segment: Segment, now: float) -> None:
        """Acknowledge; not too often where the segment asks for nothing."""
        if segment.length or now - self._challenged >= _CHALLENGES:
            self._challenged = now
            self._acknowledges = True

    def _takes_ack(self, segment: Segment, now: float) -> bool:
        """Take the acknowledgement and the window; return whether the segment goes on to be read."""
        if self.state is TcpState.SYN_RECEIVED:
            if segment.acknowledgement != advanced(self._first, 1):
                self._due.append(self._segment(segment.acknowledgement, RST))
                return False
            self._establish(segment, now)
        duplicate = self._is_duplicate(segment)
        size = self._outgoing.acknowledge(segment.acknowledgement)
        if size < 0:
            self._challenge(segment, now)
            return False
        changed = self._outgoing.set_window(segment.window, segment.sequence, segment.acknowledgement)
        if not self._outgoing.on_the_way:
            self._waits_since = None  # it may answer nothing but probes, for as long as it likes
        if size > 0:
            self._take_progress(segment.acknowledgement, now)
        elif duplicate and not changed:
            self._take_duplicate()
        if self._outgoing.confirmed and self.state in HAS_FINISHED:
            self._confirm(now)
        return self.state is not TcpState.CLOSED

    def _establish(self, segment: Segment, now: float) -> None:
        self._machine.apply(TcpTrigger.ESTABLISH)
        self._timeout.acknowledged(segment.acknowledgement, now)
        self._rest()
        self._changed(self, TcpChange.OPENED)
        if self._outgoing.finished:
            self._machine.apply(TcpTrigger.FINISH)

    def _is_duplicate(self, segment: Segment) -> bool:
        """Return whether the segment says nothing but a number that has been acknowledged already (RFC 5681 2)."""
        same = segment.acknowledgement == self._outgoing.unacknowledged
        return same and segment.length == 0 and self._outgoing.on_the_way

    def _take_progress(self, number: int, now: float) -> None:
        self._timeout.acknowledged(number, now)
        self._rest()
        self._duplicates = 0
        if self._recovers is not None and distance(self._recovers, number) >= 0:
            self._recovers = None
        if self._outgoing.congested and len(self._outgoing) <= LOW_MARK:
            self._outgoing.congested = False
            self._changed(self, TcpChange.WRITABLE)

    def _take_duplicate(self) -> None:
        self._duplicates += 1
        if self._duplicates == _DUPLICATES and self._recovers is None:
            self._send_again()

    def _send_again(self) -> None:
        """Begin anew with what is not acknowledged, one segment at first."""
        self._recovers = self._outgoing.highest
        self._timeout.void()
        self._outgoing.begin_anew()

    def _confirm(self, now: float) -> None:
        if self._machine.apply(TcpTrigger.CONFIRM) is TcpState.TIME_WAIT:
            self._linger(now)
        elif self.state is TcpState.CLOSED:
            self._deadline = None
            self._changed(self, TcpChange.CLOSED)

    def _take_text(self, segment: Segment, now: float) -> None:
        """Take data and FIN."""
        if self.state not in HEARS:
            self._acknowledges = self._acknowledges or segment.length > 0
            return
        if not segment.length or not self._incoming.is_acceptable(segment.sequence, segment.length):
            return
        self._acknowledges = True
        before = len(self._incoming)
        self._incoming.add(segment.sequence, segment.data, bool(segment.flags & FIN))
        if len(self._incoming) > before:
            self._changed(self, TcpChange.READABLE)
        if self._incoming.ended and self.state in HEARS:
            self._changed(self, TcpChange.ENDED)
            if self._machine.apply(TcpTrigger.END) is TcpState.TIME_WAIT:
                self._linger(now)

    def _linger(self, now: float) -> None:
        self._deadline = now + TIME_WAIT
        self._changed(self, TcpChange.CLOSED)

    def _break(self, change: TcpChange) -> None:
        self.forget()
        self._changed(self, change)

    # What goes to the host.

    def take_segments(self, now: float, *, paused: bool) -> list[Segment]:
        """Return the segments that go now; none with data while the line is `paused`."""
        segments, self._due = self._due, []
        if self.state in SYNCHRONIZED and not paused:
            segments += self._data_segments(now)
        if self._acknowledges and self.state not in _SAY_NOTHING and not any(one.flags & ACK for one in segments):
            segments.append(self._segment(self._sequence(), ACK))
        self._acknowledges = False
        if paused:
            self.restart_timer()
        self._set_deadline(now)
        return segments

    def _data_segments(self, now: float) -> list[Segment]:
        segments: list[Segment] = []
        while size := self._outgoing.size_of_next():
            segments.append(self._data_segment(size, now))
        return segments

    def _data_segment(self, size: int, now: float) -> Segment:
        if not self._outgoing.on_the_way:
            self.restart_timer()
        sequence, is_new = self._outgoing.next, self._outgoing.is_new
        data, has_end = self._outgoing.take(size)
        if is_new:
            self._timeout.sent(self._outgoing.next, now)
        flags = ACK | (FIN if has_end else 0) | (0 if self._outgoing.waiting or not data else PSH)
        return self._segment(sequence, flags, data)

    def _synchronization(self) -> Segment:
        return self._segment(self._first, SYN | ACK)._replace(maximum_size=self._largest)

    def _segment(self, sequence: int, flags: int, data: bytes = b"", *, acknowledgement: int | None = None) -> Segment:
        ports = self.peer_port, self.request.source_port
        if not flags & ACK:
            return Segment(*ports, sequence, 0, flags, 0)
        self._incoming.open_window()
        number = self._incoming.next if acknowledgement is None else acknowledgement
        return Segment(*ports, sequence, number, flags, self._incoming.window, data)

    def _sequence(self) -> int:
        """Return the number of a segment without data: behind all that has been sent."""
        return self._outgoing.highest

    # Time.

    @property
    def deadline(self) -> float | None:
        """Return when `expire` wants to be called."""
        return self._deadline

    def expire(self, now: float, *, paused: bool) -> None:
        """Do what is due: repeat, probe, or forget the connection."""
        if self._deadline is None or now < self._deadline:
            return
        self._deadline = None
        if self.state is TcpState.TIME_WAIT:
            self._machine.apply(TcpTrigger.EXPIRE)
        elif self.state is not TcpState.CLOSED and not paused:
            self._repeat(now)

    def _repeat(self, now: float) -> None:
        if self._waits_since is None:
            self._waits_since = now
        elif now - self._waits_since >= GIVE_UP:
            self._due.append(self._segment(self._sequence(), RST | ACK))
            self._break(TcpChange.GIVEN_UP)
            return
        self._timeout.lost()
        if self.state is TcpState.SYN_RECEIVED:
            self._due.append(self._synchronization())
            return
        if self._outgoing.on_the_way:
            self._send_again()
        if not self._outgoing.size_of_next():
            self._probe(now)

    def _probe(self, now: float) -> None:
        """Send a little into a closed window, so that its opening is not missed (RFC 9293 3.8.6.1)."""
        self._due.append(self._data_segment(self._outgoing.size_of_next(forced=True), now))
        self._timeout.void()
        self._outgoing.go_back()

    def _set_deadline(self, now: float) -> None:
        """Let the timer run while an acknowledgement or a wider window is awaited."""
        awaits = self._outgoing.on_the_way or self._outgoing.waiting
        if self.state is TcpState.SYN_RECEIVED or (self.state in SYNCHRONIZED and awaits):
            if self._deadline is None:
                self._deadline = now + self._timeout.seconds
        elif self.state is not TcpState.TIME_WAIT:
            self._deadline = None

    def restart_timer(self) -> None:
        """Begin the timer anew: what it waits for could not come until now."""
        if self.state is not TcpState.TIME_WAIT:
            self._deadline = None

    def _rest(self) -> None:
        """Begin the timer anew: the host has acknowledged something."""
        self.restart_timer()
        self._waits_since = None
