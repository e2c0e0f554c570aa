"""Bring closed TCP connections to their end: for a limited time what is unsent goes out, and the peer may end, too."""

from typing import Protocol

from emulator.clock import Clock, Timer

LINGER = 10.0
"""Seconds until unsent data of a closed connection is given up."""
DRAIN = 2.0
"""Seconds for which a closed connection takes, and drops, what the peer still sends.

A socket that is closed before that resets the connection, and a peer then may lose what it has not read yet.
"""


class ClosedStream(Protocol):
    """A connection that is closed for the module, and not for its peer."""

    def give_up(self) -> None:
        """Close the socket, whatever the peer does."""


class Closings:
    """Closed connections whose peers have not ended yet."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._timers: dict[ClosedStream, Timer] = {}

    def __repr__(self) -> str:
        return f"<Closings, {len(self._timers)} connections>"

    def add(self, stream: ClosedStream, seconds: float) -> None:
        """Give `stream` up after so many seconds."""
        self._timers[stream] = self._clock.call_later(seconds, stream.give_up)

    def remove(self, stream: ClosedStream) -> None:
        """Forget a stream whose socket is closed; harmless when it is unknown."""
        timer = self._timers.pop(stream, None)
        if timer is not None:
            timer.cancel()

    def give_up(self) -> None:
        """Give all of them up: the modem closes."""
        for stream in tuple(self._timers):
            stream.give_up()
