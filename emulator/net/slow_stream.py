"""Wraps a TCP stream of the module, so that its bytes take their time both ways."""

from collections.abc import Callable
from functools import partial

from emulator.clock import Clock
from emulator.guard import guarded
from emulator.net.carrying_stream import CarryingStream
from emulator.net.delayed_stream import Delays
from emulator.net.stream import Stream, StreamOwner
from emulator.trace.defect import report_defect
from emulator.trace.trace import Trace


class SlowStream(CarryingStream):
    """Wrap the real `Stream` and own it."""

    def __init__(self, stream: Stream, delays: Delays, wake: Callable[[], float], clock: Clock, trace: Trace) -> None:
        """Wrap a stream that has just been opened.

        Args:
            stream: the real one.
            delays: what the network is like.
            wake: called when bytes pass; returns the seconds that a network at rest takes more.
            clock: the module's time.
            trace: gets the defects.
        """
        super().__init__(stream, clock, (0, 0), self.fail)
        self._wake = wake
        self._trace = trace
        for way, rate in ((self._out, delays.rate_out), (self._in, delays.rate_in)):
            way.latency, way.rate = delays.latency, rate
        self._heard_end = False

    def __repr__(self) -> str:
        return f"<SlowStream {self._stream!r}>"

    def fail(self, error: Exception) -> None:
        """Reset the connection because of a defect of the emulator."""
        report_defect(self._trace, "a slow connection", error)
        owner, over = self._owner, self._over
        self.abort()
        if owner is not None and not over:
            owner.ended(error)

    # As the module's stream.

    def attach(self, owner: StreamOwner) -> None:
        self._owner = owner
        self._stream.attach(self)

    def write(self, data: bytes) -> None:
        if data and not self._over:
            self._out.hold(self._wake())
            self._out.carry(data, self._stream.write)

    def close(self) -> None:
        """See `Stream`: what is on its way goes out; what still comes is dropped."""
        self._over = True
        self._in.clear()
        self._out.follow(self._stream.close)

    def abort(self) -> None:
        self._over = True
        self._in.clear()
        self._out.clear()
        self._stream.abort()

    # As the owner of the real one.

    @guarded
    def data_received(self, data: bytes) -> None:
        """See `StreamOwner`."""
        if self._over:
            return
        self._in.hold(self._wake())
        self._in.carry(data, self._deliver)
        if self._in.full:
            self._stream.pause()

    @guarded
    def ended(self, error: Exception | None) -> None:
        """See `StreamOwner`: the end comes behind the data."""
        if not self._over:
            self._in.follow(partial(self._end_arrives, error))

    @guarded
    def writable(self) -> None:
        """See `StreamOwner`."""
        self._tell_writable()

    @guarded
    def broken(self, error: Exception) -> None:
        """See `StreamOwner`."""
        if not self._over:
            self._in.follow(partial(self._end_arrives, error))

    def _end_arrives(self, error: Exception | None) -> None:
        if self._owner is None or self._over:
            return
        if not self._heard_end:
            self._heard_end = True
            self._owner.ended(error)
        elif error is not None:
            self._owner.broken(error)
