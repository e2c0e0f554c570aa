"""Serves one client of the lab's MQTT broker, and keeps its session. MQTT 3.1.1 chapters 3 and 4."""

import contextlib
import threading
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from emulator.lab.connections import LabConnection
from emulator.mqtt.packets import Fields, Packet, PacketReader, PacketType

_LEVEL = 4
"""The protocol level of MQTT 3.1.1 (3.1.2.2)."""
_ACCEPTED, _WRONG_LEVEL, _WRONG_CLIENT, _WRONG_ACCOUNT = 0, 1, 2, 4
"""Return codes of CONNACK (3.2.2.3)."""
_CLEAN, _WILL, _WILL_RETAIN, _PASSWORD, _USER = 0x02, 0x04, 0x20, 0x40, 0x80
_DUPLICATE, _RETAIN, _RESERVED = 8, 1, 2
"""Flags of a PUBLISH, and those that PUBREL must have (2.2.2)."""
_REFUSED = 0x80
"""The return code of a subscription that is refused (3.9.3)."""


class Broker(Protocol):
    """What a client needs of its broker."""

    sessions: "dict[str, BrokerSession]"

    @property
    def accounts(self) -> Mapping[str, str] | None:
        """Return passwords by user; None lets everybody in."""

    @property
    def refused(self) -> Collection[str]:
        """Return topics to which nobody may subscribe."""

    @property
    def silent(self) -> Collection[str]:
        """Return packets that get no answer."""

    @property
    def lock(self) -> AbstractContextManager[object]:
        """Held by whoever reads or changes sessions."""

    def publish(self, topic: str, payload: bytes, qos: int = 0, retain: bool = False, *, repeats: bool = False) -> None:
        """Pass a message on; `repeats` tells that it has come before, by the same name."""

    def subscribed(self, session: "BrokerSession", wanted: str, qos: int) -> None:
        """Deliver what was retained for a subscription."""


def _text(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


class BrokerSession:
    """Subscriptions of one client, and the messages that it has not acknowledged."""

    def __init__(self, *, clean: bool) -> None:
        self.clean = clean
        self.subscriptions: dict[str, int] = {}
        self.received: set[int] = set()
        """Packet identifiers of QoS 2 messages that the client has not released."""
        self._published: dict[int, bytes] = {}
        """The latest QoS 1 message of each packet identifier."""
        self.client: BrokerClient | None = None
        self._unacknowledged: dict[int, Packet] = {}
        self._last = 0

    def __repr__(self) -> str:
        return f"<BrokerSession {'online' if self.client else 'offline'}, {len(self._unacknowledged)} on the way>"

    def deliver(self, topic: str, payload: bytes, qos: int, *, retained: bool = False) -> None:
        """Send a message; one with QoS 1 or 2 waits for a client that is away."""
        number = b""
        if qos:
            self._last = self._last % 65535 + 1
            number = self._last.to_bytes(2, "big")
        packet = Packet(
            PacketType.PUBLISH, qos << 1 | (_RETAIN if retained else 0), _text(topic.encode()) + number + payload
        )
        if qos:
            self._unacknowledged[self._last] = packet
        if self.client is not None:
            self.client.send(packet)

    def repeats(self, packet: Packet) -> bool:
        """Return whether a client says of a QoS 1 message that it sends it again, which then has come before."""
        if packet.qos != 1:
            return False
        before = self._published.get(packet.identifier)
        self._published[packet.identifier] = packet.body
        return bool(packet.flags & _DUPLICATE) and before == packet.body

    def resume(self) -> None:
        """Send again what was not acknowledged (4.4)."""
        assert self.client is not None
        for packet in self._unacknowledged.values():
            again = packet.flags | _DUPLICATE if packet.type is PacketType.PUBLISH else packet.flags
            self.client.send(Packet(packet.type, again, packet.body))

    def acknowledged(self, packet: Packet) -> None:
        """Take an acknowledgement of the client."""
        assert self.client is not None
        if packet.type is PacketType.PUBREC:
            release = Packet(PacketType.PUBREL, _RESERVED, packet.body)
            self._unacknowledged[packet.identifier] = release
            self.client.send(release)
        else:
            self._unacknowledged.pop(packet.identifier, None)


class BrokerClient:
    """One connection of a client."""

    def __init__(self, connection: LabConnection, broker: Broker) -> None:
        self._connection = connection
        self._broker = broker
        self._session = BrokerSession(clean=True)
        self._will: tuple[str, bytes, int, bool] | None = None
        self._over = False
        self._replaced = False
        self._writing = threading.Lock()

    def __repr__(self) -> str:
        return f"<BrokerClient {self._session!r}>"

    def run(self) -> None:
        """Serve the client until it disconnects or is gone; then its will is published."""
        reader = PacketReader()
        try:
            while not self._over and (data := self._connection.read()):
                for packet in reader.feed(data):
                    with self._broker.lock:
                        if self._listens_to(packet):
                            self._take(packet)
        finally:
            self._leave()

    def send(self, packet: Packet) -> None:
        """Send a packet; nothing reaches a client that is gone."""
        with self._writing, contextlib.suppress(Exception):
            self._connection.write(packet.encoded())

    def give_way(self) -> None:
        """Close the connection: the client has another one (3.1.4). A DISCONNECT that is on its way still counts."""
        self._replaced = True
        with self._writing, contextlib.suppress(Exception):
            self._connection.close()

    def _leave(self) -> None:
        with self._broker.lock:
            if self._session.client is self:
                self._session.client = None
                if self._session.clean:
                    sessions = self._broker.sessions
                    for name in [name for name, session in sessions.items() if session is self._session]:
                        del sessions[name]
            if self._will is not None:
                self._broker.publish(*self._will)

    def _listens_to(self, packet: Packet) -> bool:
        if self._replaced:
            return packet.type is PacketType.DISCONNECT
        return not self._over and packet.type.name not in self._broker.silent

    def _take(self, packet: Packet) -> None:
        match packet.type:
            case PacketType.CONNECT:
                self._welcome(Fields(packet.body))
            case PacketType.PUBLISH:
                self._pass_on(packet)
            case PacketType.PUBREL:
                self._session.received.discard(packet.identifier)
                self.send(Packet(PacketType.PUBCOMP, 0, packet.body))
            case PacketType.PUBACK | PacketType.PUBREC | PacketType.PUBCOMP:
                self._session.acknowledged(packet)
            case PacketType.SUBSCRIBE:
                self._subscribe(packet)
            case PacketType.UNSUBSCRIBE:
                self._unsubscribe(packet)
            case PacketType.PINGREQ:
                self.send(Packet(PacketType.PINGRESP, 0, b""))
            case PacketType.DISCONNECT:
                self._will = None
                self._over = True

    def _welcome(self, fields: Fields) -> None:
        fields.text()
        level, flags = fields.number(1), fields.number(1)
        fields.number()
        name = fields.text()
        will = (fields.text(), fields.data(), flags >> 3 & 3, bool(flags & _WILL_RETAIN)) if flags & _WILL else None
        user = fields.text() if flags & _USER else None
        password = fields.text() if flags & _PASSWORD else None
        clean = bool(flags & _CLEAN)
        code = self._judge(level, name, clean, user, password)
        if code != _ACCEPTED:
            self.send(Packet(PacketType.CONNACK, 0, bytes([0, code])))
            self._over = True
            return
        self._will = will
        kept = self._open_session(name, clean)
        self.send(Packet(PacketType.CONNACK, 0, bytes([kept, _ACCEPTED])))
        self._session.resume()

    def _judge(self, level: int, name: str, clean: bool, user: str | None, password: str | None) -> int:
        if level != _LEVEL:
            return _WRONG_LEVEL
        if not name and not clean:
            return _WRONG_CLIENT
        accounts = self._broker.accounts
        if accounts is not None and (user is None or accounts.get(user) != password):
            return _WRONG_ACCOUNT
        return _ACCEPTED

    def _open_session(self, name: str, clean: bool) -> bool:
        """Take up the session of this client id, or begin one; return whether there was one."""
        sessions = self._broker.sessions
        earlier = sessions.get(name)
        if earlier is not None and earlier.client is not None:
            earlier.client.give_way()
            earlier.client = None
        kept = earlier is not None and not clean and not earlier.clean
        self._session = earlier if earlier is not None and kept else BrokerSession(clean=clean)
        self._session.client = self
        sessions[name or f"anonymous {id(self)}"] = self._session
        return kept

    def _pass_on(self, packet: Packet) -> None:
        fields = Fields(packet.body)
        topic = fields.text()
        number = fields.bytes_of(2) if packet.qos else b""
        payload, retain = fields.bytes_of(fields.left), bool(packet.flags & _RETAIN)
        is_new = packet.qos < 2 or packet.identifier not in self._session.received
        if packet.qos == 2:
            self._session.received.add(packet.identifier)
        if packet.qos:
            self.send(Packet(PacketType.PUBACK if packet.qos == 1 else PacketType.PUBREC, 0, number))
        if is_new:
            self._broker.publish(topic, payload, packet.qos, retain, repeats=self._session.repeats(packet))

    def _subscribe(self, packet: Packet) -> None:
        fields = Fields(packet.body)
        number, codes, taken = fields.bytes_of(2), [], []
        while fields.left:
            wanted, qos = fields.text(), fields.number(1)
            codes.append(_REFUSED if wanted in self._broker.refused else qos)
            if codes[-1] != _REFUSED:
                self._session.subscriptions[wanted] = qos
                taken.append((wanted, qos))
        self.send(Packet(PacketType.SUBACK, 0, number + bytes(codes)))
        for wanted, qos in taken:
            self._broker.subscribed(self._session, wanted, qos)

    def _unsubscribe(self, packet: Packet) -> None:
        fields = Fields(packet.body)
        number = fields.bytes_of(2)
        while fields.left:
            self._session.subscriptions.pop(fields.text(), None)
        self.send(Packet(PacketType.UNSUBACK, 0, number))
