"""Run data mode: packets out by size and time, plaintext in, an end after inactivity.

Source: guide 3.4 for <pktSize>, <txTo> and <maxTo>, 4.2.1 for the rest.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from emulator.clock import Clock, Timer
from emulator.device.connection.packetizer import Packets
from emulator.device.connection.states import ClosedBy
from emulator.device.connection.stream import SocketStream
from emulator.guard import guarded
from emulator.tls.client import TlsFailure


class OnlineHost(Protocol):
    """The terminal in data mode, as the connection sees it."""

    @property
    def congested(self) -> bool:
        """Whether the host takes less than comes."""

    def deliver(self, data: bytes) -> None:
        """Take data from the peer."""

    def writable(self) -> None:
        """Send on: the peer is no longer congested."""

    def connection_lost(self, reason: ClosedBy) -> None:
        """Take the end of the connection."""


class DataMode:
    """One stay in data mode, from CONNECT to the escape sequence or the end of the connection.

    `lost` is called, once at most, when the connection is to end; it calls `stop` before it returns.
    """

    def __init__(
        self,
        stream: SocketStream,
        host: OnlineHost,
        packets: Packets,
        inactivity: float,
        clock: Clock,
        lost: Callable[[ClosedBy], None],
    ) -> None:
        """`inactivity` is in seconds; 0 waits for ever."""
        self.host = host
        self._stream = stream
        self._packets = packets
        self._inactivity = inactivity
        self._clock = clock
        self._lost = lost
        self._last_traffic = clock.now()
        self._send_timer: Timer | None = None
        self._idle_timer: Timer | None = None
        self._stopped = False

    def __repr__(self) -> str:
        return f"<DataMode {'stopped' if self._stopped else 'running'}, {self._packets!r}>"

    def start(self) -> None:
        """Begin, with data that has come already."""
        self._watch_inactivity()
        self.deliver()

    def send(self, data: bytes) -> None:
        """Send data of the host."""
        now = self._last_traffic = self._clock.now()
        packets = self._packets.feed(data, now)
        if packets:
            self._seal(packets)
        deadline = self._packets.deadline
        if deadline is not None and self._send_timer is None and not self._stopped:
            self._send_timer = self._clock.call_at(deadline, self._transmission_due)

    def deliver(self) -> None:
        """Deliver received data until the host is congested."""
        stream, host = self._stream, self.host
        while not self._stopped and stream.pending and not host.congested:
            self._last_traffic = self._clock.now()
            host.deliver(stream.read())
        if not self._stopped and stream.peer_closed and not stream.pending:
            self._lost(stream.ended_by)

    def finish(self) -> None:
        """Leave data mode and send the unfilled packet."""
        self.stop()
        self.flush()

    def flush(self) -> None:
        """Send the unfilled packet."""
        packet = self._packets.flush()
        if packet:
            self._seal([packet])

    def stop(self) -> None:
        """Leave data mode at once."""
        self._stopped = True
        for timer in (self._send_timer, self._idle_timer):
            if timer is not None:
                timer.cancel()
        self._send_timer = self._idle_timer = None

    def _seal(self, packets: Sequence[bytes]) -> None:
        if self._stream.peer_closed:
            return  # the host hears of the end once it has taken what came before
        try:
            self._stream.send(*packets)
        except TlsFailure:
            self._lost(ClosedBy.FAILURE)

    def fail(self, error: Exception) -> None:
        """Break the connection because of a defect of the emulator."""
        self._stream.fail(error)

    @guarded
    def _transmission_due(self) -> None:
        self._send_timer = None
        deadline = self._packets.deadline
        if deadline is None:
            return
        if deadline > self._clock.now():
            self._send_timer = self._clock.call_at(deadline, self._transmission_due)
        else:
            self._seal([self._packets.flush()])

    def _watch_inactivity(self) -> None:
        if self._inactivity:
            self._idle_timer = self._clock.call_at(self._last_traffic + self._inactivity, self._inactivity_due)

    @guarded
    def _inactivity_due(self) -> None:
        if self._clock.now() >= self._last_traffic + self._inactivity:
            self._lost(ClosedBy.INACTIVITY)
        else:
            self._watch_inactivity()
