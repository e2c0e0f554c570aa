"""Carries the bytes of a TCP stream in both directions, each with its own delays."""

from collections.abc import Callable

from emulator.clock import Clock
from emulator.net.delayed_stream import DelayedStream
from emulator.net.stream import Stream, StreamOwner
from emulator.net.traffic import Counter


class CarryingStream:
    """Wrap a real `Stream`, and own it: the half of the interface that does not depend on what the wrapper is for."""

    def __init__(
        self, stream: Stream, clock: Clock, seeds: tuple[float, float], fail: Callable[[Exception], None]
    ) -> None:
        """Wrap a stream that has just been opened.

        Args:
            stream: the real one.
            clock: the module's time.
            seeds: decide on the jitter out and in; each way has its own, as which carries first must not matter.
            fail: called when a callback raises.
        """
        self._stream = stream
        self._owner: StreamOwner | None = None
        out, back = seeds
        self._out = DelayedStream(clock, out, self._tell_writable, fail)
        self._in = DelayedStream(clock, back, self._in_relieved, fail)
        self._paused = False
        self._draining = False
        self._over = False
        """Whether the owner hears of nothing more."""

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

    def count_by(self, counter: Counter) -> None:
        """See `Stream`: what reaches the network counts, and what comes from it."""
        self._stream.count_by(counter)

    def pause(self) -> None:
        self._paused = True
        self._in.stop()
        self._stream.pause()

    def resume(self) -> None:
        self._paused = False
        self._in.go()
        if not self._in.full:
            self._stream.resume()

    def finish(self) -> None:
        self._out.follow(self._stream.finish)

    def _deliver(self, data: bytes) -> None:
        if self._owner is not None and not self._over:
            self._owner.data_received(data)

    def _in_relieved(self) -> None:
        if not self._paused:
            self._stream.resume()

    def _tell_writable(self) -> None:
        if self._owner is not None and not self.congested and not self._over:
            self._owner.writable()
