"""Tie the packets of a host to the network of the module: the gateway of a data call.

TCP and UDP end here and go on over `net/`, where routes, names, faults and the trace apply as to the module's own
sockets. Nobody opens a connection to the host, and a port of UDP hears its one peer only, so that there is nothing that
the firewall would have to admit.
"""

from collections import deque
from collections.abc import Callable

from emulator.clock import Timer
from emulator.device.data_call.datagram_relay import DatagramRelays
from emulator.device.data_call.echo import EchoRelay
from emulator.device.data_call.name_server import NameServer
from emulator.device.data_call.outside import Outside
from emulator.device.data_call.tcp_relay import TcpRelay
from emulator.device.environment import Environment
from emulator.firmware.schema.profile import Profile
from emulator.guard import guarded
from emulator.ip import dns
from emulator.ip.packet import Packet
from emulator.ip.stack import DatagramReceived, EchoRequested, IpStack, StackEvent, TcpChanged, TcpRequested
from emulator.ip.tcp.connection import TcpConnection
from emulator.ip.udp import Datagram
from emulator.trace.defect import report_defect

_MOST_WAITING = 64
"""Packets that wait for a full line; more are lost, as on any network."""


class Gateway:
    """The network of one call."""

    def __init__(
        self,
        host: str,
        own: str | None,
        send: Callable[[bytes], None],
        profile: Profile,
        environment: Environment,
        mtu: int = 1500,
    ) -> None:
        """Begin without a connection.

        Args:
            host: the address of the host.
            own: that of the module's end of the link, if it has one.
            send: takes a packet for the host.
            profile: has the timeouts.
            environment: has the network.
            mtu: the largest packet for the host.
        """
        self._environment = environment
        self._bearer, self._clock = environment.bearer, environment.clock
        self._send = send
        self._stack = IpStack(own or profile.gateway.router, host, mtu)
        outside = Outside(self._stack, environment, profile.gateway, self._go_on)
        self._outside = outside
        self._names = NameServer(outside, profile.name_service.answer_timeout)
        self._echo = EchoRelay(outside, profile.ping)
        self._datagrams = DatagramRelays(outside)
        self._relays: dict[TcpConnection, TcpRelay] = {}
        self._output: deque[bytes] = deque()
        self._timer: Timer | None = None
        self._due: float | None = None
        self._working = False
        """Whether packets are being handed over, so that what is asked for meanwhile follows in its turn."""
        self._closed = False

    def __repr__(self) -> str:
        return f"<Gateway of {self._stack!r}{', closed' if self._closed else ''}>"

    # The line.

    def receive(self, packet: bytes) -> None:
        """Take a packet of the host."""
        if not self._closed:
            self._bearer.capture("sent", packet)
            self._stack.receive(packet, self._clock.now())
            self._go_on()

    def pause(self) -> None:
        """Send nothing until `resume`: the line to the host is full."""
        self._stack.paused = True

    def resume(self) -> None:
        """Send on: the line has room."""
        if self._stack.paused and not self._closed:
            self._stack.resume()
            self._go_on()

    def close(self) -> None:
        """End every connection, as the call is over; the peers are reset."""
        if self._closed:
            return
        self._closed = True
        self._names.close()
        self._echo.close()
        self._datagrams.close()
        for relay in tuple(self._relays.values()):
            relay.abort()
        self._output.clear()
        if self._timer is not None:
            self._timer.cancel()

    # The stack.

    def _go_on(self) -> None:
        """Take events of the stack, hand its packets over, and set the timer."""
        if self._working or self._closed:
            return
        self._working = True
        try:
            self._work()
        finally:
            self._working = False
        if not self._closed:
            self._wake_at(self._stack.deadline())

    def _work(self) -> None:
        while not self._closed:
            for event in self._stack.take_events():
                self._take(event)
            for packet in self._stack.take_output(self._clock.now()):
                if not self._stack.paused or len(self._output) < _MOST_WAITING:
                    self._output.append(packet)
            if self._stack.paused or not self._output:
                break
            packet = self._output.popleft()
            self._bearer.capture("received", packet)
            self._send(packet)

    def _take(self, event: StackEvent) -> None:
        match event:
            case TcpRequested(connection, packet):
                self._open(connection, packet)
            case TcpChanged(connection, change):
                if (relay := self._relays.get(connection)) is not None:
                    relay.host_changed(change)
                    self._stack.touch(connection)
            case DatagramReceived(datagram, packet):
                self._take_datagram(datagram, packet)
            case EchoRequested(request, packet):
                self._echo.take(request, packet)

    def _open(self, connection: TcpConnection, packet: Packet) -> None:
        relay = TcpRelay(connection, packet, self._outside, lambda: self._forget(connection))
        self._relays[connection] = relay
        if connection.peer_port == dns.PORT:
            connection.refuse()  # names are asked for by UDP
            self._forget(connection)
        else:
            relay.begin()
        self._stack.touch(connection)

    def _take_datagram(self, datagram: Datagram, packet: Packet) -> None:
        if datagram.target_port == dns.PORT:
            self._names.take(datagram, packet)
        else:
            self._datagrams.take(datagram, packet)

    def _forget(self, connection: TcpConnection) -> None:
        self._relays.pop(connection, None)

    # Time.

    def _wake_at(self, deadline: float | None) -> None:
        """Set the timer, unless it comes early enough as it is."""
        if deadline is None or (self._due is not None and self._due <= deadline):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._due = deadline
        self._timer = self._clock.call_at(deadline, self._time_has_come)

    @guarded
    def _time_has_come(self) -> None:
        self._timer = self._due = None
        if not self._closed:
            self._stack.expire(self._clock.now())
            self._go_on()

    def fail(self, error: Exception) -> None:
        """End every connection because of a defect of the emulator."""
        report_defect(self._environment.trace, "the gateway of a data call", error)
        self.close()
