"""Wraps a TCP stream of the module, and applies faults and delays to it."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial

from emulator.faults.fault import DelayFault, Place, Positioned
from emulator.faults.plan import FaultPlan
from emulator.faults.records import PROTECTED, Piece, RecordWatcher, SeenMessage, begins_tls
from emulator.faults.session_keys import SessionKeys
from emulator.faults.tap import Tap
from emulator.faults.triggers import Rule
from emulator.guard import guarded
from emulator.net.carrying_stream import CarryingStream
from emulator.net.delayed_stream import Delays
from emulator.net.stream import Stream, StreamOwner
from emulator.trace.defect import report_defect

_UNNAMED = "TLS 1.3 protects its messages, and the network delays what would open them: address it by a number"


class FaultyStream(CarryingStream):
    """Wrap the real `Stream` and own it; faults see it as a `Connection`."""

    def __init__(
        self,
        stream: Stream,
        host: str,
        plan: FaultPlan,
        delays: Mapping[Rule, Delays],
        seeds: tuple[float, float],
        ended: "Callable[[FaultyStream], None]",
    ) -> None:
        """Wrap a stream that has just been opened.

        Args:
            stream: the real one.
            host: what the module dialled.
            plan: the faults.
            delays: what the network is like for it, and by which rules.
            seeds: decide on the jitter out and in.
            ended: called when the module has closed it, or nothing passes any more.
        """
        target = plan.target()
        super().__init__(stream, target.clock, seeds, self.fail)
        self.host = host
        self._plan = plan
        self._ended = ended
        self.device = target.device
        self._terminal = target.name
        self._heard_end = False
        """Whether the owner has been told of the end of the peer's data."""
        self._corrupting = False
        self._handshake = plan.starting(Place.HANDSHAKE, host, self._terminal)
        self._noted = {
            place: passed
            for place in (Place.HANDSHAKE, Place.SENT, Place.RECEIVED)
            if (passed := plan.note(place, host, self._terminal)) is not None
        }
        """What the census notes of it."""
        self._messages = 0
        self._rules = {place: plan.starting(place, host, self._terminal) for place in (Place.SENT, Place.RECEIVED)}
        self._watched = bool(self._handshake or delays or any(self._rules.values()) or self._noted)
        """Whether TLS records are parsed: faults count them, and each is delayed as a whole."""
        self._quiet = not self._watched
        """Whether no fault concerns it, so that bytes pass as they are."""
        self._delays = dict(delays)
        if delays:
            self._travel()

    def __repr__(self) -> str:
        return f"<FaultyStream to {self.host}{', over' if self._over else ''}>"

    # What counts is made when a fault first concerns the connection: hardly any has one.

    @cached_property
    def _keys(self) -> SessionKeys:
        return SessionKeys()

    @cached_property
    def _sent_records(self) -> RecordWatcher:
        return RecordWatcher("CLIENT", self._keys)

    @cached_property
    def _received_records(self) -> RecordWatcher:
        return RecordWatcher("SERVER", self._keys)

    @cached_property
    def _sent(self) -> Tap:
        return Tap(self._rules[Place.SENT], self._apply)

    @cached_property
    def _received(self) -> Tap:
        return Tap(self._rules[Place.RECEIVED], self._apply)

    def _apply(self, rule: Rule) -> None:
        self._plan.apply(rule, self, self._terminal)

    def add(self, rule: Rule) -> None:
        """Take a rule that was added while the connection is open; it applies at once, unless it names a byte.

        Bytes are counted from now on; where no record was looked at before, that is all bytes, as nobody knows where
        the next record begins.
        """
        fault, taps = rule.fault, {Place.SENT: self._sent, Place.RECEIVED: self._received}
        concerned = isinstance(fault, DelayFault) or fault.place in taps
        if not concerned or not self._plan.matches(rule, self.host, self._terminal):
            return
        self._quiet = False
        if isinstance(fault, DelayFault):
            if self._plan.trigger(rule):
                self._delays[rule] = fault.delays()
                self._travel()
        elif isinstance(fault, Positioned) and fault.byte is not None:
            taps[fault.place].add(rule)
        else:
            self._apply(rule)

    def remove(self, rule: Rule) -> None:
        """Drop the delays of a rule that was removed; harmless when it has none."""
        if self._delays.pop(rule, None) is not None:
            self._travel()

    def _travel(self) -> None:
        """Set the delays of both directions from all networks together."""
        way = sum(self._delays.values(), Delays())
        for stream, rate in ((self._out, way.rate_out), (self._in, way.rate_in)):
            stream.latency, stream.jitter, stream.rate = way.latency, way.jitter, rate

    # What faults do to it.

    def reset(self) -> None:
        """See `fault.Connection`."""
        self._end(self._stream.abort, ConnectionResetError("the connection was reset"))

    def hang_up(self) -> None:
        """See `fault.Connection`."""
        self._end(self._stream.close, None)

    def fall_silent(self) -> None:
        """See `fault.Connection`."""
        self._over = True
        self._quiet = False
        self._leave()
        self._in.clear()
        self._out.clear()

    def hold(self, seconds: float) -> None:
        """See `fault.Connection`."""
        self._in.hold(seconds)

    def hold_sent(self, seconds: float) -> None:
        """See `fault.Connection`."""
        self._out.hold(seconds)

    def corrupt(self) -> None:
        """See `fault.Connection`."""
        self._corrupting = True

    def _leave(self) -> None:
        """Be no longer one of the open streams; harmless a second time."""
        self._ended(self)
        listeners = self.device.environment.trace.on_secret
        if self._watched and self._keys.take_secret in listeners:
            listeners.remove(self._keys.take_secret)

    def _end(self, end_the_real_one: Callable[[], None], error: Exception | None) -> None:
        if self._over:
            return
        self.fall_silent()
        end_the_real_one()
        if self._owner is not None:  # the module hears of it as of everything that comes from outside: later
            asyncio.get_running_loop().call_soon(self._tell_end, error)

    def fail(self, error: Exception) -> None:
        """Reset the connection because of a defect of the emulator."""
        report_defect(self.device.environment.trace, "a faulty connection", error)
        if not self._over:
            self.fall_silent()
            self._stream.abort()
        if self._owner is not None:
            self._hand_on_end(self._owner, error)
        self._owner = None

    @guarded
    def _tell_end(self, error: Exception | None) -> None:
        if self._owner is not None:
            self._hand_on_end(self._owner, error)

    def _hand_on_end(self, owner: StreamOwner, error: Exception | None) -> None:
        if not self._heard_end:
            self._heard_end = True
            owner.ended(error)
        elif error is not None:
            owner.broken(error)

    # As the module's stream.

    def attach(self, owner: StreamOwner) -> None:
        self._owner = owner
        self._stream.attach(self)

    def write(self, data: bytes) -> None:
        if self._quiet:
            self._stream.write(data)
            return
        if self._watched and not self._sent_records.in_tls and begins_tls(data):
            self._sent_records.in_tls = self._received_records.in_tls = True
            self.device.environment.trace.on_secret.append(self._keys.take_secret)
        for piece in self._sent_records.feed(data):
            self._note(Place.SENT, piece)
            for part in self._parts(piece, self._sent):
                if not self._over:
                    self._out.carry(part, self._stream.write)

    def close(self) -> None:
        self._leave()
        self._out.follow(self._stream.close)

    def abort(self) -> None:
        self._leave()
        self._out.clear()
        self._stream.abort()

    # As the owner of the real one.

    def data_received(self, data: bytes) -> None:
        if self._quiet and self._owner is not None:
            self._owner.data_received(data)
            return
        for piece in self._received_records.feed(data):
            if piece.message is not None:
                self._message_begins(piece.message)
            self._note(Place.RECEIVED, piece)
            for part in self._parts(piece, self._received):
                self._arrives(part)
        if self._in.full:
            self._stream.pause()

    def ended(self, error: Exception | None) -> None:
        if self._watched and (rest := self._received_records.rest()):
            self._arrives(rest)
        if not self._over:
            self._in.follow(partial(self._end_arrives, error))

    def writable(self) -> None:
        self._tell_writable()

    def _parts(self, piece: Piece, tap: Tap) -> Iterator[bytes]:
        """Split data where faults apply; a handshake message stays whole."""
        if not piece.data:
            return iter(())
        return tap.pieces(piece.data) if piece.is_data else iter((piece.data,))

    def _note(self, place: Place, piece: Piece) -> None:
        if (passed := self._noted.get(place)) is not None and piece.data and piece.is_data:
            passed.size += len(piece.data)

    def _message_begins(self, message: SeenMessage) -> None:
        self._messages += 1
        if (passed := self._noted.get(Place.HANDSHAKE)) is not None:
            passed.messages += (message.name,)
        for rule in tuple(self._handshake):
            fault = rule.fault
            if isinstance(fault, Positioned) and fault.message in (self._messages, message.name):
                self._handshake.remove(rule)
                self._apply(rule)
            elif message.name == PROTECTED and isinstance(fault, Positioned) and isinstance(fault.message, str):
                self._handshake.remove(rule)
                self._plan.skip(rule, _UNNAMED)

    def _arrives(self, data: bytes) -> None:
        if self._over:
            return
        if self._corrupting and data:
            self._corrupting = False
            data = data[:-1] + bytes([data[-1] ^ 1])
        self._in.carry(data, self._deliver)

    def broken(self, error: Exception) -> None:
        if not self._over:
            self._in.follow(partial(self._end_arrives, error))

    def _end_arrives(self, error: Exception | None) -> None:
        """Hand the end on; after one in order, bytes still pass the other way."""
        if self._owner is not None and not self._over:
            if error is not None:
                self._over = True
            self._leave()
            self._hand_on_end(self._owner, error)
