"""The lab's MQTT broker, with paho's client and packets of our own."""

import socket
from collections.abc import Iterator

import pytest
from paho.mqtt import publish, subscribe

from emulator.lab.mqtt_broker import MqttBroker, PublishedMessage, matches
from emulator.lab.record import Kind
from emulator.mqtt.packets import Packet, PacketReader, PacketType
from emulator.mqtt.session import ConnectOptions, MqttSession
from tests.mqtt.test_packets import publish as publish_packet
from tests.peers.waiting import wait_until

TIMEOUT = 30.0


@pytest.fixture
def broker() -> Iterator[MqttBroker]:
    with MqttBroker(refused=["secret"], silent=["PINGREQ"]) as broker:
        yield broker


class Client:
    """A connection that sends and hears packets."""

    def __init__(self, broker: MqttBroker, name: str = "c", *, clean: bool = True, level: int = 4) -> None:
        self._socket = socket.create_connection(("127.0.0.1", broker.port), TIMEOUT)
        self._packets: list[Packet] = []
        self._reader = PacketReader()
        session = MqttSession(name, clean_session=clean)
        session.connect(ConnectOptions(client_id=name))
        connect = bytearray(session.data_to_send())
        connect[8] = level
        self.raw(bytes(connect))

    def raw(self, data: bytes) -> None:
        self._socket.sendall(data)

    def send(self, kind: PacketType, flags: int, body: str) -> None:
        self.raw(Packet(kind, flags, bytes.fromhex(body)).encoded())

    def hear(self) -> Packet:
        """The next packet of the broker."""
        while not self._packets:
            data = self._socket.recv(4096)
            assert data, "the broker has hung up"
            self._packets += self._reader.feed(data)
        return self._packets.pop(0)

    def ended(self) -> bool:
        return self._socket.recv(1) == b""

    def close(self) -> None:
        self._socket.close()


def test_a_message_of_another_client_arrives(broker: MqttBroker) -> None:
    """By paho: retained, for the client that comes later."""
    sent: list[PublishedMessage] = []
    for qos in range(3):
        publish.single(f"t/{qos}", b"hello", qos, True, "127.0.0.1", broker.port)
        sent.append(PublishedMessage(f"t/{qos}", b"hello", qos, True))
        wait_until(lambda: sent == broker.messages)  # QoS 0 is not acknowledged
        message = subscribe.simple(  # type: ignore[no-untyped-call]  # paho has no types there
            f"t/{qos}", qos, hostname="127.0.0.1", port=broker.port
        )
        assert (f"t/{qos}", b"hello", qos, True) == (message.topic, message.payload, message.qos, message.retain)


def test_an_empty_message_takes_the_retained_one_away(broker: MqttBroker) -> None:
    broker.publish("t", b"x", retain=True)
    broker.publish("t", b"", retain=True)
    client = Client(broker)
    assert PacketType.CONNACK is client.hear().type
    client.send(PacketType.SUBSCRIBE, 2, "0001 0001 74 00")
    assert PacketType.SUBACK is client.hear().type
    broker.publish("t", b"next")
    assert publish_packet("t", b"next") == client.hear()


def test_a_message_with_qos_2_counts_once(broker: MqttBroker) -> None:
    client = Client(broker)
    client.hear()
    for _ in range(2):
        client.raw(publish_packet("t", b"x", 2, 5).encoded())
        assert Packet(PacketType.PUBREC, 0, b"\0\x05") == client.hear()
    client.send(PacketType.PUBREL, 2, "0005")
    assert Packet(PacketType.PUBCOMP, 0, b"\0\x05") == client.hear()
    assert [PublishedMessage("t", b"x", 2)] == broker.messages


def test_a_message_with_qos_1_that_comes_again_is_recorded_so(broker: MqttBroker) -> None:
    """At least once: the broker passes it on, and whoever looks at the record sees that it is one message."""
    client = Client(broker, clean=False)
    client.hear()
    for message, flags in ((b"x", 2), (b"x", 10), (b"y", 10), (b"y", 2)):
        client.raw(Packet(PacketType.PUBLISH, flags, b"\0\1t\0\5" + message).encoded())
        assert PacketType.PUBACK is client.hear().type
    client.close()
    again = Client(broker, clean=False)
    again.hear()
    again.raw(Packet(PacketType.PUBLISH, 10, b"\0\1t\0\5y").encoded())
    assert PacketType.PUBACK is again.hear().type
    again.close()

    assert broker.settle()
    assert [b"x", b"x", b"y", b"y", b"y"] == [message.payload for message in broker.messages]
    told = [(one.data, one.counts) for one in broker.record if one.kind is Kind.MESSAGE]
    assert [(b"x", True), (b"x", False), (b"y", True), (b"y", True), (b"y", False)] == told


def test_what_was_not_acknowledged_comes_again(broker: MqttBroker) -> None:
    """With DUP, in the next connection of a session that is kept; what QoS 2 has got as far as PUBREC goes on there."""
    client = Client(broker, clean=False)
    client.hear()
    client.send(PacketType.SUBSCRIBE, 2, "0001 0001 74 02")
    client.hear()
    broker.publish("t", b"one", 1)
    broker.publish("t", b"two", 2)
    first, second = client.hear(), client.hear()
    client.send(PacketType.PUBREC, 0, second.identifier.to_bytes(2, "big").hex())
    assert PacketType.PUBREL is client.hear().type
    client.close()

    again = Client(broker, clean=False)
    assert Packet(PacketType.CONNACK, 0, b"\x01\x00") == again.hear()
    assert Packet(first.type, first.flags | 8, first.body) == again.hear()
    assert PacketType.PUBREL is again.hear().type
    again.send(PacketType.PUBACK, 0, first.identifier.to_bytes(2, "big").hex())
    again.send(PacketType.PUBCOMP, 0, second.identifier.to_bytes(2, "big").hex())
    again.send(PacketType.UNSUBSCRIBE, 2, "0002 0001 74")
    assert PacketType.UNSUBACK is again.hear().type
    assert "<BrokerSession online, 0 on the way>" == repr(broker.sessions["c"])


def test_a_newer_connection_of_a_client_ends_the_older_one(broker: MqttBroker) -> None:
    older = Client(broker)
    older.hear()
    newer = Client(broker)
    assert PacketType.CONNACK is newer.hear().type
    assert older.ended()


def test_what_the_broker_refuses(broker: MqttBroker) -> None:
    """Another version, an empty client id with a kept session, and a topic."""
    assert b"\0\x01" == Client(broker, level=5).hear().body
    client = Client(broker)
    client.hear()
    client.send(PacketType.SUBSCRIBE, 2, "0001 0006 736563726574 01")
    assert b"\0\x01\x80" == client.hear().body


def test_a_packet_that_gets_no_answer(broker: MqttBroker) -> None:
    client = Client(broker)
    client.hear()
    client.send(PacketType.PINGREQ, 0, "")
    client.send(PacketType.SUBSCRIBE, 2, "0001 0001 74 00")
    assert PacketType.SUBACK is client.hear().type


MATCHES = {
    ("a/b", "a/b"): True,
    ("a/b", "a/c"): False,
    ("a/b", "a"): False,
    ("a", "a/b"): False,
    ("a/+", "a/b"): True,
    ("a/+", "a"): False,
    ("+/+", "/a"): True,
    ("a/#", "a"): True,
    ("a/#", "a/b/c"): True,
    ("#", "a/b"): True,
    ("#", "$SYS/a"): False,
    ("+/a", "$SYS/a"): False,
    ("$SYS/#", "$SYS/a"): True,
}
"""MQTT 3.1.1 4.7."""


@pytest.mark.parametrize(("wanted", "topic"), MATCHES)
def test_a_filter_admits_topics_as_the_standard_says(wanted: str, topic: str) -> None:
    assert MATCHES[wanted, topic] is matches(wanted, topic)
