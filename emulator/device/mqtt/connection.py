"""Carry an MQTT session over one connection, by the device's clock."""

from collections.abc import Callable
from typing import Protocol

from emulator.clock import Clock, Timer
from emulator.device.connection.notifier import Notifier
from emulator.device.connection.stream import SocketStream
from emulator.guard import guarded
from emulator.mqtt.describe import describe, describe_bytes
from emulator.mqtt.events import (
    Acknowledged,
    ConnectAnswered,
    MessageArrived,
    MqttEvent,
    PingAnswered,
    ProtocolFailed,
)
from emulator.mqtt.session import ConnectOptions, MqttSession
from emulator.tls.client import TlsFailure
from emulator.trace.defect import report_defect
from emulator.trace.events import MqttPacket
from emulator.trace.trace import Trace

_PIECE = 4096
"""Bytes that are taken from the stream at once."""
_LARGEST_PACKET = 16384
"""Bytes that a stream sends at once."""


class RequestFailed(Exception):
    """The broker has refused, or not answered in time, or the connection has ended meanwhile."""


class TimedOut(RequestFailed):
    """The broker has not answered in time."""


class Refused(RequestFailed):
    """The broker refuses."""


class ConnectionListener(Protocol):
    """Hears of what comes from the broker."""

    def message_arrived(self, message: MessageArrived) -> None:
        """Take a message."""

    def connection_lost(self, reason: str) -> None:
        """Take note that the connection has ended, and not by `close`."""


class MqttConnection:
    """One connection from CONNECT to its end; one request at a time waits for its answer."""

    def __init__(
        self,
        stream: SocketStream,
        session: MqttSession,
        timeout: float,
        clock: Clock,
        trace: Trace,
        listener: ConnectionListener,
    ) -> None:
        """`timeout` is the seconds that an answer of the broker may take."""
        self._stream = stream
        self._session = session
        self._timeout = timeout
        self._clock = clock
        self._trace = trace
        self._listener = listener
        self._notifier = Notifier(clock)
        self._answer: ConnectAnswered | None = None
        self._acknowledged: dict[int, Acknowledged] = {}
        self._awaited: int | None = None
        self._keep_alive = 0.0
        self._timer: Timer | None = None
        self._silence: Timer | None = None
        self._over: str | None = None
        """Why the connection has ended; None while it is there."""
        stream.set_reader(self)

    def __repr__(self) -> str:
        return f"<MqttConnection {'over' if self._over is not None else 'open'}>"

    # Requests.

    async def connect(self, options: ConnectOptions) -> None:
        """Open the session.

        Raises:
            RequestFailed: the broker refuses, does not answer in time, or hangs up.
        """
        self._keep_alive = float(options.keep_alive)
        self._session.connect(options)
        self._flush()
        await self._wait(lambda: self._answer is None, "CONNECT")
        if self._answer is not None and self._answer.refusal:
            raise Refused(f"the broker refuses the connection: {self._answer.refusal}")
        if self._over is not None:
            raise RequestFailed(f"the connection has ended right after its beginning: {self._over}")

    async def subscribe(self, topic: str, qos: int) -> None:
        """Subscribe to a topic filter.

        Raises:
            RequestFailed: as for `connect`.
            MalformedRequest: it is no topic filter.
        """
        if (await self._acknowledgement(lambda: self._session.subscribe(topic, qos), "SUBSCRIBE")).refused:
            raise Refused("the broker refuses the subscription")

    async def unsubscribe(self, topic: str) -> None:
        """End a subscription.

        Raises:
            RequestFailed: as for `connect`.
            MalformedRequest: it is no topic filter.
        """
        await self._acknowledgement(lambda: self._session.unsubscribe(topic), "UNSUBSCRIBE")

    async def publish(self, topic: str, payload: bytes, qos: int, retain: bool) -> None:
        """Publish a message; return once it is sent, or with QoS 1 and 2 once the broker has it.

        Raises:
            RequestFailed: as for `connect`.
            MalformedRequest: it is no topic.
        """
        if qos:
            await self._acknowledgement(lambda: self._session.publish(topic, payload, qos, retain), "PUBLISH")
            return
        self._session.publish(topic, payload, qos, retain)
        self._flush()
        self._stream.drain()
        await self._wait(lambda: self._stream.congested, "PUBLISH")

    async def _acknowledgement(self, ask: Callable[[], int], name: str) -> Acknowledged:
        number = self._awaited = ask()
        try:
            self._flush()
            await self._wait(lambda: number not in self._acknowledged, name)
            return self._acknowledged[number]
        finally:
            self._awaited = None
            self._acknowledged.clear()

    async def _wait(self, condition: Callable[[], bool], name: str) -> None:
        in_time = await self._notifier.wait_while(lambda: condition() and self._over is None, self._timeout)
        if not in_time:
            raise TimedOut(f"the broker has not answered {name} within {self._timeout:g} s")
        if condition():
            raise RequestFailed(f"the connection has ended before the answer to {name}: {self._over}")

    # The end.

    def close(self) -> None:
        """Say DISCONNECT, and end the connection."""
        self._disarm()
        if self._over is None:
            self._session.disconnect()
            self._flush()
            self._over = "the host has disconnected"
            self._stream.close()
        self._notifier.notify()

    def abort(self, reason: str) -> None:
        """End the connection at once, without a word to the broker."""
        self._disarm()
        if self._over is None:
            self._over = reason
            self._stream.abort()
        self._notifier.notify()

    def lose(self, reason: str) -> None:
        """End the connection: the broker is gone, or has broken the protocol."""
        if self._over is None:
            self.abort(reason)
            self._listener.connection_lost(reason)

    # What comes.

    def readable(self) -> None:
        """Take what has come from the broker, or its end."""
        while self._over is None and self._stream.pending:
            for packet, events in self._session.receive(self._stream.read(_PIECE)):
                if packet is not None:
                    self._trace.emit(MqttPacket(direction="received", text=describe(packet)))
                for event in events:
                    self._take(event)
            self._flush()
        if self._over is None and self._stream.peer_closed:
            self.lose("the broker has closed the connection")
        self._notifier.notify()

    def _take(self, event: MqttEvent) -> None:
        match event:
            case ConnectAnswered():
                self._answer = self._answer or event
            case Acknowledged(number=number):
                if number == self._awaited:
                    self._acknowledged[number] = event
            case MessageArrived() if self._over is None:
                self._listener.message_arrived(event)
            case PingAnswered():
                self._end_silence()
            case ProtocolFailed(reason=reason):
                self.lose(f"the broker breaks the protocol: {reason}")

    def writable(self) -> None:
        """Let a message go on: the stream is no longer congested."""
        self._notifier.notify()

    def fail(self, error: Exception) -> None:
        """See `guard.Failing`; the connection ends."""
        report_defect(self._trace, "an MQTT connection", error)
        self.lose("a defect of the emulator")

    def _flush(self) -> None:
        """Send what the session has to say; the keep-alive counts from then on (3.1.2.10)."""
        data = self._session.data_to_send()
        if not data or self._over is not None:
            return
        for text in describe_bytes(data):
            self._trace.emit(MqttPacket(direction="sent", text=text))
        try:
            self._stream.send(*(data[at : at + _LARGEST_PACKET] for at in range(0, len(data), _LARGEST_PACKET)))
        except TlsFailure as failure:
            self.lose(str(failure))
            return
        self._arm()

    # Keep-alive.

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._keep_alive:
            self._timer = self._clock.call_later(self._keep_alive, self._time_to_ping)

    @guarded
    def _time_to_ping(self) -> None:
        self._session.ping()
        if self._silence is None:
            self._silence = self._clock.call_later(self._timeout, self._unanswered)
        self._flush()

    @guarded
    def _unanswered(self) -> None:
        self.lose(f"the broker has not answered PINGREQ within {self._timeout:g} s")

    def _end_silence(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None

    def _disarm(self) -> None:
        self._end_silence()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
