"""Carry the datagrams of the host: a UDP socket of the network for each pair of ports that speak."""

from collections.abc import Callable

from emulator.clock import Timer
from emulator.device.data_call.outside import Outside
from emulator.device.data_call.work import BackgroundWork
from emulator.guard import guarded
from emulator.ip.icmp import Unreachable
from emulator.ip.packet import Packet
from emulator.ip.udp import Datagram
from emulator.net.bearer import DialFailed, DialRefused, NameUnknown
from emulator.net.datagrams import UdpSocket
from emulator.net.routes import Address
from emulator.trace.defect import report_defect

_MOST_RELAYS = 64
"""Pairs of ports at a time; the one that has been silent for longest gives way."""
_MOST_WAITING = 16
"""Datagrams that wait for the socket."""

_Key = tuple[int, str, int]


class DatagramRelays:
    """All pairs of ports of a call."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._relays: dict[_Key, DatagramRelay] = {}
        """The one that has been silent for longest comes first."""
        self._work = BackgroundWork(outside.environment.trace, "the datagrams of a data call", _MOST_RELAYS)

    def __repr__(self) -> str:
        return f"<DatagramRelays {list(self._relays)}>"

    def take(self, datagram: Datagram, packet: Packet) -> None:
        """Send a datagram on."""
        key = (datagram.source_port, packet.target, datagram.target_port)
        relay = self._relays.pop(key, None)
        if relay is not None:
            self._relays[key] = relay
        elif self._outside.may_reach(packet.target, datagram.target_port):
            relay = self._open(key, packet)
        else:
            self._outside.stack.send_unreachable(packet, self._why(packet))
            return
        relay.send(datagram.data, packet)

    def _open(self, key: _Key, packet: Packet) -> "DatagramRelay":
        if len(self._relays) >= _MOST_RELAYS:
            next(iter(self._relays.values())).close()
        relay = self._relays[key] = DatagramRelay(key, self._outside, lambda: self._forget(key))
        if not self._work.start(relay.open(packet)):
            relay.close()
        return relay

    def close(self) -> None:
        """Close every socket."""
        self._work.cancel()
        for relay in tuple(self._relays.values()):
            relay.close()

    def _why(self, packet: Packet) -> Unreachable:
        return Unreachable.PORT if packet.target == self._outside.stack.address else Unreachable.HOST

    def _forget(self, key: _Key) -> None:
        self._relays.pop(key, None)


class DatagramRelay:
    """One port of the host and one of a peer, which nobody else can use to send to the host."""

    def __init__(self, key: _Key, outside: Outside, over: Callable[[], None]) -> None:
        """`over` is called once, when it closes."""
        self._host_port, self._peer, self._peer_port = key
        self._outside = outside
        self._over = over
        self._socket: UdpSocket | None = None
        self._waiting: list[bytes] = []
        self._latest: Packet | None = None
        """The packet that was sent last: an error quotes it."""
        self._closed = False
        self._used_at = outside.environment.clock.now()
        self._timer: Timer | None = None
        self._wait(outside.profile.datagram_timeout)

    def __repr__(self) -> str:
        return f"<DatagramRelay from {self._host_port} to {self._peer}:{self._peer_port}>"

    async def open(self, packet: Packet) -> None:
        """Open the socket; tell the host where that fails."""
        try:
            opened = await self._outside.environment.bearer.associate(self._peer, self._peer_port)
        except (NameUnknown, DialFailed) as error:
            if not self._closed:
                self.close()
                refused = isinstance(error, DialRefused)
                self._outside.stack.send_unreachable(packet, Unreachable.PORT if refused else Unreachable.HOST)
                self._outside.go_on()
            return
        if self._closed:
            opened.close()
            return
        self._socket = opened
        opened.attach(self)
        waiting, self._waiting = self._waiting, []
        for data in waiting:
            opened.send(data)

    def send(self, data: bytes, packet: Packet) -> None:
        """Send a datagram of the host."""
        self._used_at, self._latest = self._outside.environment.clock.now(), packet
        if self._socket is not None:
            self._socket.send(data)
        elif len(self._waiting) < _MOST_WAITING and not self._closed:
            self._waiting.append(data)

    def close(self) -> None:
        """Close the socket; harmless when it is closed."""
        if self._closed:
            return
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        if self._socket is not None:
            self._socket.close()
        self._over()

    # From the network.

    @guarded
    def datagram_received(self, data: bytes, source: Address) -> None:
        """Send a datagram of the peer to the host, as from where the host has sent its own."""
        self._used_at = self._outside.environment.clock.now()
        self._outside.stack.send_datagram(self._peer, Datagram(self._peer_port, self._host_port, data))
        self._outside.go_on()

    @guarded
    def refused(self) -> None:
        """Tell the host that the peer has no such port."""
        if self._latest is not None:
            self._outside.stack.send_unreachable(self._latest, Unreachable.PORT)
            self._outside.go_on()

    def fail(self, error: Exception) -> None:
        """Close because of a defect of the emulator."""
        report_defect(self._outside.environment.trace, "the datagrams of a data call", error)
        self.close()

    # Time.

    def _wait(self, seconds: float) -> None:
        self._timer = self._outside.environment.clock.call_later(seconds, self._silent)

    @guarded
    def _silent(self) -> None:
        """Close when nothing has passed for a while."""
        rest = self._used_at + self._outside.profile.datagram_timeout - self._outside.environment.clock.now()
        if rest > 0:
            self._wait(rest)
        else:
            self.close()
