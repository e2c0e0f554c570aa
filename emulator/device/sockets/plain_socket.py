"""Model one plain socket: dialled or accepted, in command mode or online. IP Easy User Guide 3.2 and 5.2.

Its states stand in `states`; its life is that of every socket, `connection.socket`.
"""

from typing import Protocol

from msgspec.structs import replace

from emulator.device.connection.data_mode import OnlineHost
from emulator.device.connection.datagram import DatagramStream
from emulator.device.connection.packetizer import Packetizer, Packets, RestartingPacketizer
from emulator.device.connection.plain import PlainStream
from emulator.device.connection.socket import DeviceSocket, Refusals, SocketListener
from emulator.device.connection.states import Action, ClosedBy, State
from emulator.device.connection.stream import Reading
from emulator.device.needs.sockets import ClosedSocket, ListeningSocket, NoDatagramListener, NoListener, OpenSocket
from emulator.device.sockets.background import BackgroundDial
from emulator.device.sockets.base64_coding import DecodingHost, EncodedPackets, coding_of
from emulator.device.sockets.dial import UDP, Dial, LookUp, connect
from emulator.device.sockets.further_peers import reach
from emulator.device.sockets.listening import ListeningPort, PeerStream
from emulator.device.sockets.service import Service
from emulator.device.sockets.states import LISTENS, plain_socket_states
from emulator.errors import DeviceError, Need
from emulator.net.routes import Address
from emulator.net.stream import Stream
from emulator.trace.defect import report_defect

_PROTOCOLS = ("TCP", "UDP")
STAYS_ONLINE = 255
"""<closureType>."""


class PlainSocketListener(SocketListener, Protocol):
    """Writes the URCs of a plain socket, at the AT instance that has opened it or listens."""

    def incoming(self) -> None:
        """Announce a peer that waits to be accepted."""

    def listening_lost(self) -> None:
        """Announce that the network has gone while the socket listened."""


class PlainSocket(DeviceSocket[PeerStream]):
    """One <connId>."""

    listener: PlainSocketListener | None

    def __init__(self, number: int, service: Service, kind: str = "socket") -> None:
        """`kind` is what the trace calls it."""
        causes, environment = service.profile.refusals, service.environment
        self.name = f"{kind} {number}"
        """What the trace and the reasons of refusals call it."""
        states = plain_socket_states(self.name, causes, self._need, environment.trace)
        refusals = Refusals(
            context_down=causes.context_down,
            aborted=causes.aborted,
            ended=causes.not_sent,
            failed=causes.not_sent,
            not_sent=causes.not_sent,
        )
        super().__init__(states, refusals, service.contexts, environment.clock)
        self.number = number
        self._service = service
        self._port: ListeningPort | None = None
        self.protocol = 0
        self.dialled = False
        """Whether this side has opened the connection."""
        self.coding = coding_of(service.profile)
        """Settings of #BASE64, until the connection is closed."""
        self.local_port = 0
        self.remote: Address | None = None
        self.look_up = LookUp()
        self._background = BackgroundDial(self.name, environment.trace)

    def __repr__(self) -> str:
        return f"<PlainSocket {self.number} {self.state.value}>"

    @property
    def cid(self) -> int:
        """Return the PDP context that it uses."""
        return self._service.settings[self.number].cid

    @property
    def peer_closed(self) -> bool:
        """Whether the peer of an open connection will send no more."""
        return self._stream is not None and self._stream.peer_closed

    def holds(self, protocol: int, port: int) -> bool:
        """Return whether it has this port of the device: while it listens, with UDP while it is open, too."""
        has_port = self.state in LISTENS or (protocol == UDP and self._stream is not None)
        return bool(port) and has_port and (self.protocol, self.local_port) == (protocol, port)

    @property
    def reachable_at(self) -> Address | None:
        """Return where a peer reaches it while it listens, on the machine that the emulator runs on."""
        return self._port.address if self._port is not None else None

    def _need(self, state: State, action: Action) -> Need | None:
        """Return what an action needs that the state does not allow."""
        if action is Action.ACCEPT:
            return ListeningSocket(self.number)
        if state in LISTENS:
            listener = NoDatagramListener if self.protocol == UDP else NoListener
            return listener(self.number, self.local_port)
        return OpenSocket(self.number) if state is State.CLOSED else ClosedSocket(self.number)

    # Opening.

    def check_opening(self, action: Action) -> None:
        """Refuse to dial or to listen.

        Raises:
            DeviceError: it is open, or its context is down.
        """
        self.check(action)
        self._need_context()

    async def dial(self, dial: Dial, listener: PlainSocketListener) -> None:
        """Open the connection.

        Raises:
            DeviceError: it is open, its context is down, its UDP port is taken, the name is unknown, or nobody answers.
        """
        if dial.protocol == UDP and self._service.taken(UDP, dial.local_port):
            self.check(Action.DIAL)
            raise DeviceError(
                self._service.profile.refusals.in_use, f"another socket uses the UDP port {dial.local_port}"
            )
        service, timeout = self._service, self._service.settings[self.number].connection_timeout / 10
        environment, profile = service.environment_on(self.cid), service.profile
        look_up = self.look_up if profile.resolving_status != profile.connecting_status else None
        opened = await self._connect(lambda: connect(dial, environment, profile.refusals, timeout, look_up))
        self.listener, self.protocol, self.closure = listener, dial.protocol, dial.closure
        self.dialled = True
        self._states.apply(Action.OPENED)
        self.local_port, self.remote = opened.local_port, opened.remote
        self._begin(opened.stream)

    def dial_in_background(self, dial: Dial, listener: PlainSocketListener) -> None:
        """Begin to open the connection in command mode; its state tells how that ends.

        Raises:
            DeviceError: it is open, or its context is down.
        """
        self.check_opening(Action.DIAL)
        self._background.begin(self.dial(dial, listener), self.announce)

    # Listening.

    async def listen(self, protocol: int, port: int, closure: int, listener: PlainSocketListener) -> None:
        """Wait for a peer to connect, or with UDP to send a datagram.

        Raises:
            DeviceError: it is open, its context is down, or the port cannot be had.
        """
        self._check_listen(protocol, port)
        listening = await self._service.listen(self.cid, protocol, port, self._arrived)
        try:
            self._check_listen(protocol, port)
            self._states.apply(Action.LISTEN)
        except DeviceError:  # another instance was quicker, or the context has gone
            listening.close()
            raise
        self.listener, self.protocol, self.closure = listener, protocol, closure
        self.dialled = False
        self.local_port, self.remote = port, None
        self._port = listening
        if listening.stream is not None:
            self._begin(listening.stream)
            if listening.stream.pending:
                self._ring()

    def _check_listen(self, protocol: int, port: int) -> None:
        self.check_opening(Action.LISTEN)
        if self._service.taken(protocol, port):
            raise DeviceError(self._service.profile.refusals.listening, f"another socket listens at port {port}")

    def stop_listening(self, protocol: int) -> None:
        """Stop listening; turn away a peer that waits to be accepted.

        Raises:
            DeviceError: it does not listen, or by the other protocol.
        """
        self.check(Action.UNLISTEN)
        if protocol != self.protocol:
            reason = f"{self.name} listens by {_PROTOCOLS[self.protocol]}, not by {_PROTOCOLS[protocol]}"
            raise DeviceError(self._service.profile.refusals.not_open, reason, self._need(self.state, Action.LISTEN))
        self._end(Action.UNLISTEN, ClosedBy.HOST)

    def _arrived(self, tcp: Stream, peer: Address) -> None:
        """Take a TCP connection from a peer."""
        if self.state is not State.LISTENING or not self._service.admits(peer[0]):
            tcp.abort()
            return
        self.remote = peer
        self._begin(PlainStream(tcp, self._service.environment.trace, peer))
        try:
            self._ring()
        except Exception as error:  # the event loop would only log it
            report_defect(self._service.environment.trace, "the arrival of a peer", error)
            self._refuse()

    def _ring(self) -> None:
        self._states.apply(Action.ARRIVE)
        if self.listener is not None:
            self.listener.incoming()

    def accept(self) -> None:
        """Take the connection that has come.

        Raises:
            DeviceError: none has.
        """
        self._states.apply(Action.ACCEPT)
        port, self._port = self._port, None
        assert port is not None, "the state says incoming"
        self.remote = port.accept(self.remote)

    def _refuse(self) -> None:
        """Turn away the peer that waits, and listen on."""
        self._turn_away()
        self.remote = None
        self._states.apply(Action.REFUSE)

    def _turn_away(self) -> None:
        assert self._port is not None, "the state says incoming"
        self._stream = self._port.turn_away(self._open_stream)

    # Command mode.

    async def send(self, data: bytes) -> None:
        """Send as soon as the peer has taken enough of what was sent before; with UDP, one datagram.

        Raises:
            DeviceError: nothing is open, the connection ends, or the peer takes nothing.
        """
        self.check(Action.SEND)
        if self._notifier.awaited:
            raise DeviceError(
                self._service.profile.refusals.in_use, f"{self.name} still sends what came from another port or channel"
            )
        timeout = self._service.settings[self.number].send_timeout / 10 or self._service.profile.send_timeout
        await self._send(self.coding.encode(data), timeout)

    async def send_to(self, data: bytes, peer: Address) -> None:
        """Send one datagram to any peer; what it answers is heard, too.

        Raises:
            DeviceError: nothing is open, the connection is no UDP, or there is no way to the peer.
        """
        self.check_datagram()
        stream = self._open_stream
        assert isinstance(stream, DatagramStream), "UDP has datagrams"
        bearer = self._service.environment_on(self.cid).bearer
        await reach(stream, peer, bearer, self._service.profile.refusals.not_sent)
        stream.send_to(peer, self.coding.encode(data))

    def check_datagram(self) -> None:
        """Refuse to send a datagram to a peer of the host's choice.

        Raises:
            DeviceError: nothing is open, or the connection is no UDP.
        """
        self.check(Action.SEND)
        if self.protocol != UDP:
            reason = f"{self.name} is connected by TCP; a peer is named for each datagram of UDP alone"
            raise DeviceError(self._service.profile.refusals.not_open, reason)

    def read(self, limit: int) -> Reading:
        """Take what waits, at most `limit` bytes of it.

        Raises:
            DeviceError: nothing is open, or nothing waits.
        """
        self.check(Action.RECEIVE)
        if not self.pending:
            raise DeviceError(
                self._service.profile.refusals.nothing_received, f"nothing waits to be read on {self.name}"
            )
        return self._decoded(self._read(limit))

    def take(self, limit: int) -> Reading | None:
        """See `DeviceSocket`."""
        reading = super().take(limit)
        return None if reading is None else self._decoded(reading)

    def _decoded(self, reading: Reading) -> Reading:
        return replace(reading, data=self.coding.decode(reading.data))

    # Data mode.

    def resume(self, host: OnlineHost, listener: PlainSocketListener) -> None:
        """Enter data mode with `host`, who has been told CONNECT.

        Raises:
            DeviceError: no connection is open.
        """
        self._states.apply(Action.RESUME)
        self.listener = listener
        settings, profile = self._service.settings[self.number], self._service.profile
        kind = RestartingPacketizer if settings.buffer_start else Packetizer
        packets: Packets = kind(settings.packet_size or profile.automatic_packet_size, settings.transmission / 10)
        if self.coding.encoding:
            packets = EncodedPackets(packets, self.coding)
        if self.coding.decoding:
            host = DecodingHost(host)
        self._go_online(host, packets, settings.inactivity)

    def suspend(self) -> bool:
        """See `DeviceSocket`; a connection that its peer has ended meanwhile is not kept."""
        super().suspend()
        stream = self._open_stream
        if stream.peer_closed and not stream.pending:
            self._end(Action.LOSE, stream.ended_by)
        return self._stream is not None

    @property
    def _outlives_peer(self) -> bool:
        """See `DeviceSocket`; <closureType> 255 counts in command mode where #SCFGEXT3 says so."""
        return self.closure == STAYS_ONLINE and bool(self._service.settings[self.number].command_closure)

    def _ended_online(self, reason: ClosedBy) -> None:
        if reason is not ClosedBy.PEER or self.closure != STAYS_ONLINE:
            self._lose(reason)

    # Events of the stream.

    def readable(self) -> None:
        """See `DeviceSocket`; data or an end of a peer that is not accepted is an arrival or a departure."""
        match self.state:
            case State.LISTENING:
                self._ring()
            case State.INCOMING:
                self._refuse_if_gone()
            case _:
                super().readable()

    def _refuse_if_gone(self) -> None:
        """Forget a peer that has gone again without data."""
        stream = self._open_stream
        if stream.peer_closed and not stream.pending:
            self._refuse()

    # Closing.

    def close(self) -> None:
        """End the connection from this side; turn away a peer that waits to be accepted; nothing to do when closed.

        Raises:
            DeviceError: it listens, or a host is online with it.
        """
        match self.state:
            case State.CLOSED:
                return
            case State.CONNECTING if self._background.is_running:
                self.abort_dialling()
            case State.INCOMING if self._service.profile.refusing_ends_listening:
                self._end(Action.UNLISTEN, ClosedBy.HOST)
            case State.INCOMING:
                self._refuse()
            case _:
                self.check(Action.CLOSE)
                self._end(Action.CLOSE, ClosedBy.HOST)

    def drop(self) -> None:
        """See `DeviceSocket`; stop listening, too."""
        if self.state not in LISTENS:
            super().drop()
            return
        self._end(Action.LOSE, ClosedBy.NETWORK)
        if self.listener is not None:
            self.listener.listening_lost()

    def _end(self, action: Action, reason: ClosedBy) -> None:
        if self.state is State.INCOMING:
            self._turn_away()
        super()._end(action, reason)
        self.coding = coding_of(self._service.profile)
        port, self._port = self._port, None
        if port is not None:
            port.close()
