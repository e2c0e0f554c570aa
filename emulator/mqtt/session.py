"""Speak MQTT 3.1.1 as a client, without I/O: bytes of the broker in, bytes for the broker and events out.

The protocol is paho-mqtt's: the client of the Eclipse foundation, well kept, typed, without dependencies. It is meant
for an event loop of the application (`loop_read`, `loop_write`), and takes the socket from one method, so that it
speaks over a pair of buffers here. Its clock is that of the machine: its own keep-alive (`loop_misc`) is never called,
and PINGREQ is sent by whoever has the injected clock. Its socket, TLS, threads and reconnection are not used.

The other libraries do not fit: what is free of I/O speaks MQTT 5 alone, and those for asyncio open their own sockets.
"""

from collections import deque
from dataclasses import dataclass
from typing import Any

from paho.mqtt.client import Client, MQTTMessage, error_string
from paho.mqtt.enums import CallbackAPIVersion

from emulator.mqtt.events import Acknowledged, ConnectAnswered, MessageArrived, MqttEvent, PingAnswered, ProtocolFailed
from emulator.mqtt.packets import LARGEST, MalformedPacket, Packet, PacketReader, PacketType

_MOST_UNRELEASED = 262_144
"""Bytes of QoS 2 messages that the broker may leave without PUBREL (4.3.3)."""
_PINGREQ = b"\xc0\x00"


class MalformedRequest(Exception):
    """A topic or a message that MQTT cannot carry."""


@dataclass(frozen=True, kw_only=True)
class Will:
    """The message that the broker publishes when the client is lost (3.1.2.5)."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False


@dataclass(frozen=True, kw_only=True)
class ConnectOptions:
    """What CONNECT says (3.1)."""

    client_id: str
    user: str | None = None
    password: str | None = None
    keep_alive: int = 60
    """Seconds; 0 for none."""
    will: Will | None = None


class _Buffers:
    """Stands in for paho's socket: what is read from is what the broker has sent."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.sent = bytearray()

    def recv(self, size: int) -> bytes:
        if not self.received:
            raise BlockingIOError
        taken = bytes(self.received[:size])
        del self.received[:size]
        return taken

    def send(self, data: bytes) -> int:
        self.sent += data
        return len(data)

    def close(self) -> None:
        """Keep what is unsent: whoever has the stream sends it."""

    def fileno(self) -> int:
        return -1

    def pending(self) -> int:
        return len(self.received)

    def setblocking(self, flag: bool) -> None:
        """Do nothing: it never blocks."""


class _Client(Client):
    """paho's client over buffers."""

    def __init__(self, buffers: _Buffers, client_id: str, clean_session: bool) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id, clean_session, reconnect_on_failure=False)
        self._buffers = buffers

    def _create_socket(self) -> Any:
        return self._buffers


class MqttSession:
    """One client's session; without a clean session it outlasts its connections."""

    def __init__(self, client_id: str, *, clean_session: bool = True, longest: int = LARGEST) -> None:
        """`longest` is the largest packet whose application message is kept.

        Raises:
            MalformedRequest: MQTT does not allow this client id.
        """
        self._longest = longest
        self._buffers = _Buffers()
        self._events: deque[MqttEvent] = deque()
        self._cut: set[int] = set()
        """Packet identifiers of QoS 2 messages that were too long."""
        self._is_cut = False
        self._unreleased: dict[int, int] = {}
        """Bytes of each QoS 2 message that waits for PUBREL, by packet identifier."""
        self._reader = PacketReader(longest)
        try:
            self._client = _Client(self._buffers, client_id, clean_session)
        except ValueError as error:
            raise MalformedRequest(str(error)) from error
        client = self._client
        client.max_inflight_messages_set(0)
        client.on_connect = self._on_connect
        client.on_subscribe = lambda client, data, number, codes, properties: self._events.append(
            Acknowledged(number, any(code.is_failure for code in codes))
        )
        client.on_unsubscribe = lambda client, data, number, codes, properties: self._events.append(
            Acknowledged(number)
        )
        client.on_publish = lambda client, data, number, code, properties: self._events.append(Acknowledged(number))
        client.on_message = self._on_message

    def __repr__(self) -> str:
        return f"<MqttSession {len(self._buffers.sent)} bytes to send>"

    # What the host wants.

    def connect(self, options: ConnectOptions) -> None:
        """Begin a connection with CONNECT."""
        self._buffers.received.clear()
        self._buffers.sent.clear()
        self._events.clear()
        self._unreleased.clear()
        self._reader = PacketReader(self._longest)
        client = self._client
        client.username_pw_set(options.user, options.password)
        client.will_clear()
        if options.will is not None:
            will = options.will
            client.will_set(will.topic, will.payload, will.qos, will.retain)
        client.connect("broker", keepalive=options.keep_alive)

    def subscribe(self, topic: str, qos: int) -> int:
        """Subscribe to a topic filter; return the packet identifier.

        Raises:
            MalformedRequest: it is no topic filter.
        """
        return self._asked(lambda: self._client.subscribe(checked(topic), qos))

    def unsubscribe(self, topic: str) -> int:
        """End a subscription; return the packet identifier.

        Raises:
            MalformedRequest: it is no topic filter.
        """
        return self._asked(lambda: self._client.unsubscribe(checked(topic)))

    def publish(self, topic: str, payload: bytes, qos: int, retain: bool) -> int:
        """Publish a message; return the packet identifier.

        Raises:
            MalformedRequest: it is no topic.
        """

        def asked() -> tuple[int, int]:
            info = self._client.publish(checked(topic), payload, qos, retain)
            return info.rc, info.mid

        return self._asked(asked)

    def ping(self) -> None:
        """Ask the broker for a sign of life (3.12)."""
        self._buffers.send(_PINGREQ)

    def disconnect(self) -> None:
        """End the connection in order (3.14)."""
        self._client.disconnect()

    def _asked(self, ask: Any) -> int:
        try:
            failure, number = ask()
        except ValueError as error:
            raise MalformedRequest(str(error)) from error
        if failure or number is None:
            raise MalformedRequest(error_string(failure))
        return int(number)

    # What the broker says.

    def data_to_send(self) -> bytes:
        """Take what is to be sent."""
        data = bytes(self._buffers.sent)
        self._buffers.sent.clear()
        return data

    def receive(self, data: bytes) -> list[tuple[Packet | None, list[MqttEvent]]]:
        """Take bytes of the broker; return each packet with what follows from it. The last may be a failure."""
        results: list[tuple[Packet | None, list[MqttEvent]]] = []
        try:
            for packet in self._reader.feed(data):
                results.append((packet, self._handle(packet)))
                if any(isinstance(event, ProtocolFailed) for event in results[-1][1]):
                    break
        except MalformedPacket as error:
            results.append((None, [ProtocolFailed(str(error))]))
        return results

    def _handle(self, packet: Packet) -> list[MqttEvent]:
        self._note(packet)
        self._buffers.received += packet.encoded()
        self._is_cut = packet.cut > 0 or (packet.type is PacketType.PUBREL and packet.identifier in self._cut)
        try:
            failure = self._client.loop_read()
        except (MalformedRequest, MalformedPacket):
            raise
        except Exception as error:  # whatever paho stumbles over is the broker's fault, and ends the connection
            return [ProtocolFailed(f"a {packet.type.name} that is malformed: {error}")]
        if self._client.want_write():
            self._client.loop_write()
        events = list(self._events)
        self._events.clear()
        if failure:
            events.append(ProtocolFailed(f"a {packet.type.name}: {error_string(failure)}"))
        elif packet.type is PacketType.PINGRESP:
            events.append(PingAnswered())
        return events

    def _note(self, packet: Packet) -> None:
        """Keep count of QoS 2 messages that are not released."""
        if packet.type is PacketType.PUBREL:
            self._unreleased.pop(packet.identifier, None)
        elif packet.type is PacketType.PUBLISH and packet.qos == 2:
            number = packet.identifier
            self._unreleased[number] = len(packet.body)
            if packet.cut:
                self._cut.add(number)
            else:
                self._cut.discard(number)
            if sum(self._unreleased.values()) > _MOST_UNRELEASED:
                raise MalformedPacket("too many QoS 2 messages without PUBREL")

    def _on_connect(self, client: Any, data: Any, flags: Any, code: Any, properties: Any) -> None:
        self._events.append(ConnectAnswered(str(code) if code.is_failure else "", bool(flags.session_present)))

    def _on_message(self, client: Any, data: Any, message: MQTTMessage) -> None:
        self._cut.discard(message.mid)
        try:
            topic = message.topic.encode()
        except UnicodeDecodeError:
            raise MalformedPacket("a topic that is no UTF-8") from None
        self._events.append(MessageArrived(topic, bytes(message.payload), self._is_cut))


def checked(topic: str) -> str:
    """Return a topic that MQTT can carry (1.5.3, 4.7.3).

    Raises:
        MalformedRequest: it is empty, or has a character that is not allowed.
    """
    if not topic:
        raise MalformedRequest("a topic has one character at least")
    if "\0" in topic:
        raise MalformedRequest("a topic has no null character")
    return topic
