"""A TCP stream of the module, and what faults and bad networks do to it."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random

from emulator.clock import Clock
from emulator.device.device import Device
from emulator.faults.fault import ConditionFault, Place, Positioned
from emulator.faults.passage import Passage
from emulator.faults.pipe import Condition, Pipe
from emulator.faults.plan import FaultPlan
from emulator.faults.records import Message, Piece, RecordWatcher, begins_tls
from emulator.faults.rule import Rule
from emulator.net.stream import Stream, StreamOwner


class FaultyConnection:
    """A `Stream` for the module, and the owner of the real one."""

    def __init__(
        self,
        stream: Stream,
        host: str,
        device: Device,
        plan: FaultPlan,
        clock: Clock,
        chance: Random,
        conditions: Sequence[Condition] = (),
    ) -> None:
        """`host` is what the module dialled; `chance` decides on the jitter of `conditions`."""
        self.device = device
        self.host = host
        self._stream = stream
        self._plan = plan
        self._owner: StreamOwner | None = None
        # Each way has a chance of its own: which of them carries something first must not matter.
        self._out = Pipe(clock, _drawn(chance), self._out_relieved)
        self._in = Pipe(clock, _drawn(chance), self._in_relieved)
        self._paused = False
        self._draining = False
        self._over = False
        """Whether nothing passes any more, either way."""
        self._corrupting = False
        self._handshake = plan.of_passage(Place.HANDSHAKE, host)
        self._messages = 0
        self._sent_records, self._received_records = RecordWatcher(), RecordWatcher()
        self._sent, self._received = (self._passage(place) for place in (Place.SENT, Place.RECEIVED))
        self._watched = bool(self._handshake or conditions) or self._sent.struck or self._received.struck
        """Whether its records are looked at: faults count them, and each is delayed as a whole."""
        self._quiet = not self._watched
        """Whether nothing can happen to it, so that bytes pass as they are."""
        for condition in conditions:
            self.suffer(condition)

    def __repr__(self) -> str:
        return f"<FaultyConnection to {self.host}{', over' if self._over else ''}>"

    def _passage(self, place: Place) -> Passage:
        return Passage(self._plan.of_passage(place, self.host), self._strike)

    def _strike(self, rule: Rule) -> None:
        self._plan.strike(rule, self)

    def adopt(self, rule: Rule) -> None:
        """Let a rule strike that was added while the connection is open: at once, unless it names a byte.

        Bytes are counted from now on; where no record was looked at before, that is all bytes, as nobody knows where
        the next record begins.
        """
        fault, passages = rule.fault, {Place.SENT: self._sent, Place.RECEIVED: self._received}
        concerned = isinstance(fault, ConditionFault) or fault.place in passages
        if not concerned or not self._plan.meets(rule, self.host):
            return
        self._quiet = False
        if isinstance(fault, ConditionFault):
            if self._plan.fired(rule):
                self.suffer(fault.condition())
        elif isinstance(fault, Positioned) and fault.byte is not None:
            passages[fault.place].add(rule)
        else:
            self._strike(rule)

    @property
    def arriving(self) -> int:
        """Bytes from the server that are under way in a slow network."""
        return self._in.waiting

    # What faults do to it.

    def suffer(self, condition: Condition) -> None:
        """Be this late and slow from now on."""
        self._quiet = False
        for pipe, rate in ((self._out, condition.rate_out), (self._in, condition.rate_in)):
            pipe.latency, pipe.jitter, pipe.rate = condition.latency, condition.jitter, rate

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
        self._in.clear()
        self._out.clear()

    def hold(self, seconds: float) -> None:
        """See `fault.Connection`."""
        self._in.hold(seconds)

    def corrupt(self) -> None:
        """See `fault.Connection`."""
        self._corrupting = True

    def _end(self, end_the_real_one: Callable[[], None], error: Exception | None) -> None:
        if self._over:
            return
        self.fall_silent()
        end_the_real_one()
        if self._owner is not None:  # the module hears of it as of everything that comes from outside: later
            asyncio.get_running_loop().call_soon(self._owner.ended, error)

    # As the module's stream.

    @property
    def local_address(self) -> str:
        return self._stream.local_address

    @property
    def local_port(self) -> int:
        return self._stream.local_port

    @property
    def remote_address(self) -> str:
        return self._stream.remote_address

    @property
    def congested(self) -> bool:
        return self._stream.congested or self._out.full or (self._draining and self._out.waiting > 0)

    @property
    def unsent(self) -> int:
        return self._stream.unsent + self._out.waiting

    def drain(self) -> None:
        self._draining = True
        self._stream.drain()

    def attach(self, owner: StreamOwner) -> None:
        self._owner = owner
        self._stream.attach(self)

    def write(self, data: bytes) -> None:
        if self._quiet:
            self._stream.write(data)
            return
        if self._watched and not self._sent_records.in_tls and begins_tls(data):
            self._sent_records.in_tls = self._received_records.in_tls = True
        for piece in self._sent_records.feed(data):
            for part in self._parts(piece, self._sent):
                if not self._over:
                    self._out.carry(part, self._stream.write)

    def pause(self) -> None:
        self._paused = True
        self._in.stop()
        self._stream.pause()

    def resume(self) -> None:
        self._paused = False
        self._in.go()
        if not self._in.full:
            self._stream.resume()

    def close(self) -> None:
        self._out.follow(self._stream.close)

    def abort(self) -> None:
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
            for part in self._parts(piece, self._received):
                self._arrives(part)
        if self._in.full:
            self._stream.pause()

    def ended(self, error: Exception | None) -> None:
        if rest := self._received_records.rest():
            self._arrives(rest)
        if not self._over:
            self._in.follow(partial(self._end_arrives, error))

    def writable(self) -> None:
        self._tell_writable()

    def _parts(self, piece: Piece, passage: Passage) -> Iterator[bytes]:
        """What faults are counted in, cut where they strike; anything else in one."""
        return passage.pieces(piece.data) if piece.is_data else iter((piece.data,))

    def _message_begins(self, message: Message) -> None:
        self._messages += 1
        for rule in tuple(self._handshake):
            fault = rule.fault
            if isinstance(fault, Positioned) and fault.message in (self._messages, message.name):
                self._handshake.remove(rule)
                self._strike(rule)

    def _arrives(self, data: bytes) -> None:
        if self._over:
            return
        if self._corrupting and data:
            self._corrupting = False
            data = data[:-1] + bytes([data[-1] ^ 1])
        self._in.carry(data, self._deliver)

    def _deliver(self, data: bytes) -> None:
        if self._owner is not None and not self._over:
            self._owner.data_received(data)

    def _end_arrives(self, error: Exception | None) -> None:
        if self._owner is not None and not self._over:
            self._over = True
            self._owner.ended(error)

    def _in_relieved(self) -> None:
        if not self._paused:
            self._stream.resume()

    def _out_relieved(self) -> None:
        self._tell_writable()

    def _tell_writable(self) -> None:
        if self._owner is not None and not self.congested and not self._over:
            self._owner.writable()


def _drawn(chance: Random) -> Random:
    return Random(chance.random())  # noqa: S311  it must be the same each time
