"""The session of a client, without I/O."""

import pytest

from emulator.mqtt.events import (
    Acknowledged,
    ConnectAnswered,
    MessageArrived,
    MqttEvent,
    PingAnswered,
    ProtocolFailed,
)
from emulator.mqtt.packets import Packet, PacketType
from emulator.mqtt.session import ConnectOptions, MalformedRequest, MqttSession
from tests.mqtt.test_packets import publish

CONNACK = b"\x20\x02\x00\x00"


def events(session: MqttSession, data: bytes) -> list[MqttEvent]:
    return [event for _, events in session.receive(data) for event in events]


def connected(*, clean: bool = True, longest: int = 5000) -> MqttSession:
    session = MqttSession("c", clean_session=clean, longest=longest)
    session.connect(ConnectOptions(client_id="c"))
    session.data_to_send()
    assert [ConnectAnswered("", False)] == events(session, CONNACK)
    return session


def released(number: int) -> bytes:
    return Packet(PacketType.PUBREL, 2, number.to_bytes(2, "big")).encoded()


def test_connect_is_as_the_standard_has_it() -> None:
    """MQTT 3.1.1 figure 3.6, without a will."""
    session = MqttSession("c")
    session.connect(ConnectOptions(client_id="c", user="u", password="p", keep_alive=10))

    assert bytes.fromhex("1013 0004 4d515454 04 c2 000a 0001 63 0001 75 0001 70") == session.data_to_send()


@pytest.mark.parametrize("code", range(1, 6))
def test_a_refusal_is_told_in_words(code: int) -> None:
    """None leads to another attempt with another version or client id."""
    session = MqttSession("c")
    session.connect(ConnectOptions(client_id="c"))
    session.data_to_send()
    (answer, *rest) = events(session, bytes([0x20, 2, 0, code]))

    assert isinstance(answer, ConnectAnswered | ProtocolFailed)
    assert (answer.refusal if isinstance(answer, ConnectAnswered) else answer.reason) != ""
    assert not any(isinstance(event, MessageArrived) for event in rest)
    assert b"" == session.data_to_send()


def test_a_qos_2_message_arrives_once_though_it_is_sent_twice() -> None:
    """It arrives with PUBREL (4.3.3, method A of figure 4.3)."""
    session = connected()
    message = publish("t", b"x", qos=2, number=5)
    assert [] == events(session, message.encoded())
    assert [] == events(session, Packet(message.type, message.flags | 8, message.body).encoded())
    assert bytes.fromhex("50020005") * 2 == session.data_to_send()

    assert [MessageArrived(b"t", b"x")] == events(session, released(5))
    assert [] == events(session, released(5))
    assert bytes.fromhex("70020005") * 2 == session.data_to_send()


@pytest.mark.parametrize("qos", range(3))
def test_a_message_that_is_too_long_is_acknowledged_and_marked(qos: int) -> None:
    session = connected(longest=100)
    found = events(session, publish("t", bytes(200), qos=qos, number=5).encoded())
    found += events(session, released(5)) if qos == 2 else []

    assert [MessageArrived(b"t", b"", cut=True)] == found
    assert ["", "40020005", "5002000570020005"][qos] == session.data_to_send().hex()
    assert [MessageArrived(b"t", b"y")] == events(session, publish("t", b"y").encoded())


def test_a_session_that_is_kept_sends_again_what_was_not_acknowledged() -> None:
    """With DUP (4.4)."""
    session = connected(clean=False)
    assert 1 == session.publish("t", b"x", 1, False)
    sent = session.data_to_send()
    session.connect(ConnectOptions(client_id="c"))
    session.data_to_send()
    assert [ConnectAnswered("", True)] == events(session, b"\x20\x02\x01\x00")

    assert bytes([sent[0] | 8]) + sent[1:] == session.data_to_send()
    assert [Acknowledged(1)] == events(session, b"\x40\x02\x00\x01")


def test_many_messages_may_wait_for_their_acknowledgement() -> None:
    """Each is sent at once: the module waits for one at a time, and gives up some."""
    session = connected()
    for number in range(1, 40):
        assert number == session.publish("t", b"x", 1, False)
        assert session.data_to_send()


def test_ping_and_its_answer() -> None:
    session = connected()
    session.ping()
    assert b"\xc0\x00" == session.data_to_send()
    assert [PingAnswered()] == events(session, b"\xd0\x00")


BROKEN = {
    "CONNECT": b"\x10\x00",
    "a PINGRESP with a body": b"\xd0\x01\x00",
    "a PUBACK without an identifier": b"\x40\x00",
    "a PUBREL without an identifier": b"\x62\x01\x00",
    "QoS 3": publish("t", b"", 3).encoded(),
    "a topic that ends early": b"\x30\x03\x00\x05t",
    "a topic that is no UTF-8": b"\x30\x04\x00\x02\xff\xfe",
    "a SUBACK that is empty": b"\x90\x00",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broker_that_breaks_the_protocol_ends_the_session(name: str) -> None:
    found = events(connected(), BROKEN[name])
    assert [ProtocolFailed] == [type(event) for event in found], found


def test_messages_that_are_never_released_end_the_session() -> None:
    """They would fill the module's memory."""
    session = connected()
    found: list[MqttEvent] = []
    for number in range(1, 100):
        found += events(session, publish("t", bytes(4000), qos=2, number=number).encoded())
    assert "too many QoS 2 messages without PUBREL" in str(found[0])


TOPICS = {"": "one character", "a\0b": "no null", "a/+": "wildcards", "a" * 70000: "too long"}


@pytest.mark.parametrize("topic", TOPICS, ids=TOPICS.values())
def test_no_message_goes_to_what_is_no_topic(topic: str) -> None:
    session = connected()
    with pytest.raises(MalformedRequest, match=TOPICS[topic]):
        session.publish(topic, b"", 0, False)


@pytest.mark.parametrize("wanted", ["", "a\0", "a#", "#/a", "a/b+"])
def test_a_filter_is_as_the_standard_wants_it(wanted: str) -> None:
    session = connected()
    with pytest.raises(MalformedRequest):
        session.subscribe(wanted, 1)


def test_a_session_that_is_kept_needs_a_client_id() -> None:
    with pytest.raises(MalformedRequest, match="client id"):
        MqttSession("", clean_session=False)
