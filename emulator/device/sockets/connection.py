"""One plain connection: dialled or accepted, in command mode or online. IP Easy User Guide 3.2 and 5.2.

Its states stand in `states`, its data mode in `module.online_traffic`.
"""

import asyncio

from emulator.device.connection.data_mode import DataMode
from emulator.device.connection.datagram import DatagramChannel
from emulator.device.connection.notifier import Notifier, abandon
from emulator.device.connection.online import OnlineHost, OnlineTraffic
from emulator.device.connection.packetizer import Packetizer, PatientPacketizer
from emulator.device.connection.plain import PlainChannel
from emulator.device.sockets.listener import ConnectionListener, Reading
from emulator.device.sockets.opening import Dial, Opened, open_connection
from emulator.device.sockets.service import Service
from emulator.device.sockets.states import Action, SocketLife, State
from emulator.device.ssl.states import ClosedBy
from emulator.errors import DeviceError
from emulator.net.routes import Address
from emulator.net.server import Server
from emulator.net.stream import Stream

STAYS_ONLINE = 255
"""<closureType>."""


class Connection:
    """One <connId>."""

    def __init__(self, number: int, service: Service) -> None:
        self.number = number
        self._service = service
        self._life = SocketLife(number, service.profile.refusals, service.trace)
        self._channel: PlainChannel | DatagramChannel | None = None
        self._server: Server | None = None
        self.data_mode = DataMode()
        self._attempt: asyncio.Task[Opened] | None = None
        self._notifier = Notifier(service.clock)
        self._announced = False
        """Whether the data that waits has been rung for."""
        self._news = False
        """Whether anything has come since the host last read."""
        self._passed = (0, 0)
        self.closure = 0
        """<closureType>."""
        self.protocol = 0
        self.local_port = 0
        self.remote: Address | None = None
        self.last_closure: ClosedBy | None = None
        """How the last connection ended, unless this side has closed it."""
        self.listener: ConnectionListener | None = None

    def __repr__(self) -> str:
        return f"<Connection {self.number} {self.state.value}>"

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._life.state

    @property
    def cid(self) -> int:
        """The PDP context that it uses."""
        return self._service.settings[self.number].cid

    @property
    def pending(self) -> int:
        """Bytes that can be read."""
        return self._channel.pending if self._channel is not None else 0

    @property
    def peer_closed(self) -> bool:
        """Whether the peer of an open connection will send no more."""
        return self._channel is not None and self._channel.peer_closed

    @property
    def unsent(self) -> int:
        """Bytes that the peer has not taken yet."""
        return self._channel.unsent if self._channel is not None else 0

    @property
    def passed(self) -> tuple[int, int]:
        """Bytes sent and received since it was opened; they stay until it is opened again."""
        if self._channel is not None:
            self._passed = (self._channel.sent, self._channel.received)
        return self._passed

    @property
    def reachable_at(self) -> Address | None:
        """Where a peer can reach it, on the machine that the emulator runs on, while it listens."""
        if self._server is not None:
            return self._server.address
        if isinstance(self._channel, DatagramChannel) and self.state in (State.LISTENING, State.INCOMING):
            return self._channel.address
        return None

    def check(self, action: Action) -> None:
        """Refuse what the state does not allow.

        Raises:
            DeviceError: with the cause that the firmware has for it.
        """
        self._life.check(action)

    # Opening.

    async def dial(self, dial: Dial, listener: ConnectionListener) -> None:
        """Open the connection.

        Raises:
            DeviceError: it is open, its context is down, the name is unknown, or nobody answers.
        """
        self._life.check(Action.DIAL)
        self._need_context()
        self._life.change(Action.DIAL)
        service, settings = self._service, self._service.settings[self.number]
        attempt = self._attempt = asyncio.create_task(
            open_connection(
                dial, service.bearer, service.clock, service.profile.refusals, settings.connection_timeout / 10
            )
        )
        try:
            await asyncio.wait([attempt])
        except asyncio.CancelledError:
            abandon(attempt)
            self._life.change(Action.END)
            raise
        finally:
            self._attempt = None
        try:
            opened = self._outcome(attempt)
        except Exception:
            self._life.change(Action.END)
            raise
        self.listener, self.protocol, self.closure = listener, dial.protocol, dial.closure
        self._life.change(Action.OPENED)
        self._begin(opened)

    def _outcome(self, attempt: asyncio.Task[Opened]) -> Opened:
        refusals = self._service.profile.refusals
        if not self._service.contexts.serves_sockets(self.cid):
            abandon(attempt)
            raise DeviceError(refusals.context_down)
        if attempt.cancelled():
            raise DeviceError(refusals.aborted)
        return attempt.result()

    def _need_context(self) -> None:
        if not self._service.contexts.serves_sockets(self.cid):
            raise DeviceError(self._service.profile.refusals.context_down, f"PDP context {self.cid} is down")

    def _begin(self, opened: Opened) -> None:
        self._channel, self.local_port, self.remote = opened.channel, opened.local_port, opened.remote
        self._announced, self._news = False, True
        self.last_closure = None
        opened.channel.set_reader(self)

    # Listening.

    async def listen(self, protocol: int, port: int, closure: int, listener: ConnectionListener) -> None:
        """Wait for somebody to connect, or with UDP to send a datagram.

        Raises:
            DeviceError: it is open, its context is down, or the port cannot be had.
        """
        self._life.check(Action.LISTEN)
        self._need_context()
        server, opened = await self._service.listen(protocol, port, self._arrived)
        try:
            self._need_context()
            self._life.change(Action.LISTEN)
        except DeviceError:  # another instance was quicker, or the context has gone meanwhile
            for port_taken in (server, opened):
                if port_taken is not None:
                    port_taken.close()
            raise
        self.listener, self.protocol, self.closure = listener, protocol, closure
        self.local_port, self.remote = port, None
        self._server = server
        if opened is not None:
            self._begin(Opened(opened, port, None))
            if opened.pending:
                self._ring()

    def stop_listening(self, protocol: int) -> None:
        """Wait no more; somebody who waits to be accepted is turned away.

        Raises:
            DeviceError: it does not listen, or by the other protocol.
        """
        self._life.check(Action.UNLISTEN)
        if protocol != self.protocol:
            raise DeviceError(self._service.profile.refusals.not_open, "it listens by the other protocol")
        self._end(Action.END, None)

    def _arrived(self, stream: Stream, peer: Address) -> None:
        """Somebody has connected by TCP."""
        if self.state is not State.LISTENING or not self._service.admits(peer[0]):
            stream.abort()
            return
        self._begin(Opened(PlainChannel(stream), self.local_port, peer))
        self._ring()

    def _ring(self) -> None:
        self._life.change(Action.ARRIVE)
        if self.listener is not None:
            self.listener.incoming()

    def accept(self) -> None:
        """Take the connection that has come.

        Raises:
            DeviceError: none has.
        """
        self._life.change(Action.ACCEPT)
        self._stop_server()
        if isinstance(self._channel, DatagramChannel):
            self.remote = self._channel.next_source

    def _refuse(self) -> None:
        """Turn away whoever waits, and listen on."""
        if isinstance(self._channel, DatagramChannel):
            self._channel.forget()
        elif self._channel is not None:
            self._channel.abort()
            self._channel = None
        self.remote = None
        self._life.change(Action.REFUSE)

    # Command mode.

    async def send(self, data: bytes) -> None:
        """Send as soon as the peer has taken enough of what was sent before; with UDP, one datagram.

        Raises:
            DeviceError: nothing is open, the connection ends, or the peer takes nothing.
        """
        self.check(Action.SEND)
        channel, refusals = self._open_channel(), self._service.profile.refusals
        if self._notifier.awaited:
            raise DeviceError(refusals.in_use, "another instance sends")
        in_time = await self._notifier.wait_while(
            lambda: self._channel is channel and channel.congested, self._service.profile.send_patience
        )
        if self._channel is not channel or not in_time:
            raise DeviceError(refusals.not_sent, "the peer takes nothing")
        channel.send(data)

    def read(self, limit: int) -> Reading:
        """Take what waits, at most `limit` bytes of it.

        Raises:
            DeviceError: nothing is open, or nothing waits.
        """
        self.check(Action.RECEIVE)
        if not self.pending:
            raise DeviceError(self._service.profile.refusals.nothing_received)
        return self._read(limit)

    def _read(self, limit: int) -> Reading:
        channel = self._open_channel()
        self._announced = self._news = False
        if isinstance(channel, DatagramChannel):
            source, left = channel.next_source, channel.left
            data = channel.read(limit)
            return Reading(data, source, left - len(data))
        data = channel.read(limit)
        return Reading(data, self.remote, channel.pending)

    def announce(self) -> None:
        """Tell the listener of data that waits and of the end of the connection."""
        channel = self._channel
        if channel is None or self.state is not State.SUSPENDED:
            return
        if channel.pending and self._news and not self._announced and self.listener is not None:
            self._announced = True
            self.listener.data_waits()
        if channel.peer_closed and not channel.pending:
            self._lose(channel.ended_by)

    def take(self, limit: int) -> Reading | None:
        """Take what waits for a ring that shows it; None when nothing does."""
        return self._read(limit) if self.state is State.SUSPENDED and self.pending else None

    # Data mode.

    def resume(self, host: OnlineHost, listener: ConnectionListener) -> None:
        """Enter data mode with `host`, who has been told CONNECT.

        Raises:
            DeviceError: no connection is open.
        """
        self._life.change(Action.RESUME)
        self.listener = listener
        settings, profile = self._service.settings[self.number], self._service.profile
        kind = PatientPacketizer if settings.buffer_start else Packetizer
        packets = kind(settings.packet_size or profile.automatic_packet_size, settings.transmission / 10)
        traffic = OnlineTraffic(
            self._open_channel(), host, packets, settings.inactivity, self._service.clock, self._ended_online
        )
        self.data_mode.begin(traffic)

    @property
    def congested(self) -> bool:
        """Whether the peer takes less than the host sends."""
        return self._channel is not None and self._channel.congested

    def suspend(self) -> bool:
        """Leave data mode; whether the connection is kept."""
        self._life.change(Action.SUSPEND)
        self.data_mode.leave()
        channel = self._open_channel()
        if channel.peer_closed and not channel.pending:
            self._end(Action.END, channel.ended_by)
        self._announced = False
        return self._channel is not None

    def _ended_online(self, reason: ClosedBy) -> None:
        if reason is not ClosedBy.PEER or self.closure != STAYS_ONLINE:
            self._lose(reason)

    # What the channel tells.

    def readable(self) -> None:
        """Called by the channel."""
        self._news = True
        if self.data_mode.is_on:
            self.data_mode.deliver()
        elif self.state is State.LISTENING:
            self._ring()
        elif self.state is State.INCOMING:
            self._look_whether_it_waits()
        else:
            self.announce()

    def _look_whether_it_waits(self) -> None:
        """Whoever has connected and gone again, with nothing said, is forgotten."""
        channel = self._open_channel()
        if channel.peer_closed and not channel.pending:
            self._refuse()

    def writable(self) -> None:
        """Called by the channel."""
        if self.data_mode.is_on:
            self.data_mode.peer_writable()
        else:
            self._notifier.notify()

    # Closing.

    def close(self) -> None:
        """End the connection from this side; turn away whoever waits to be accepted; nothing to do when closed.

        Raises:
            DeviceError: it listens, or a host is online with it.
        """
        if self.state is State.CLOSED:
            return
        self.check(Action.CLOSE)
        if self.state is State.INCOMING:
            self._refuse()
        else:
            self._end(Action.END, None)

    def abort_dialling(self) -> None:
        """Give up the attempt to connect."""
        if self._attempt is not None:
            self._attempt.cancel()

    def drop(self) -> None:
        """The network or the power is gone."""
        if self._attempt is not None:
            self._attempt.cancel()
        elif self.state in (State.LISTENING, State.INCOMING):
            self._end(Action.END, ClosedBy.NETWORK)
            if self.listener is not None:
                self.listener.listening_lost()
        elif self.state is not State.CLOSED:
            self._lose(ClosedBy.NETWORK)

    def _lose(self, reason: ClosedBy) -> None:
        """End the connection, and tell whoever has not asked for it."""
        host = self.data_mode.end()
        self._end(Action.END, reason)
        if host is not None:
            host.carrier_lost(reason)
        elif self.listener is not None:
            self.listener.carrier_lost(reason)

    def _end(self, action: Action, reason: ClosedBy | None) -> None:
        """Close all that is open; `reason` is None where this side wants it."""
        _ = self.passed
        incoming = self.state is State.INCOMING
        self._life.change(action)
        self._stop_server()
        channel, self._channel = self._channel, None
        if reason is not None:
            self.last_closure = reason
        if channel is not None and (incoming or reason is ClosedBy.NETWORK):
            channel.abort()
        elif channel is not None:
            channel.close()
        self._notifier.notify()

    def _stop_server(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _open_channel(self) -> PlainChannel | DatagramChannel:
        assert self._channel is not None, "the state says open"
        return self._channel
