"""Control packets found in bytes, and their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.mqtt.describe import describe, describe_bytes
from emulator.mqtt.packets import Fields, MalformedPacket, Packet, PacketReader, PacketType, encoded_length

LENGTHS = {0: "00", 127: "7f", 128: "8001", 16383: "ff7f", 16384: "808001", 2097152: "80808001", 268435455: "ffffff7f"}
"""MQTT 3.1.1 table 2.4."""


def publish(topic: str, payload: bytes, qos: int = 0, number: int = 7) -> Packet:
    head = len(topic.encode()).to_bytes(2, "big") + topic.encode()
    return Packet(PacketType.PUBLISH, qos << 1, head + (number.to_bytes(2, "big") if qos else b"") + payload)


@pytest.mark.parametrize("length", LENGTHS)
def test_a_remaining_length_is_encoded_as_the_table_says(length: int) -> None:
    assert LENGTHS[length] == encoded_length(length).hex()


@given(
    st.lists(st.builds(publish, st.text(max_size=9), st.binary(max_size=300), st.integers(0, 2))),
    st.integers(1, 50),
)
def test_packets_are_found_however_the_bytes_come(sent: list[Packet], size: int) -> None:
    data = b"".join(packet.encoded() for packet in sent)
    reader = PacketReader()
    pieces = (data[start : start + size] for start in range(0, len(data), size))

    assert sent == [packet for piece in pieces for packet in reader.feed(piece)]


@given(st.integers(0, 2), st.integers(1, 50))
def test_of_a_message_that_is_too_long_topic_and_identifier_are_kept(qos: int, size: int) -> None:
    """The rest is dropped as it comes; what follows is found."""
    long, short = publish("a/topic", bytes(1000), qos), publish("b", b"next")
    data = long.encoded() + short.encoded()
    reader = PacketReader(longest=100)
    pieces = (data[start : start + size] for start in range(0, len(data), size))
    found = [packet for piece in pieces for packet in reader.feed(piece)]

    cut = publish("a/topic", b"", qos)
    assert [Packet(cut.type, cut.flags, cut.body, cut=1000), short] == found
    assert f'PUBLISH "a/topic", 1000 bytes, QoS {qos}' in describe(found[0])
    assert "<PacketReader 0 bytes of a packet>" == repr(reader)


MALFORMED = {
    "type 0": b"\x00\x00",
    "type 15": b"\xf0\x00",
    "a length of five bytes": b"\x30\xff\xff\xff\xff\x01",
    "a long packet that is no PUBLISH": b"\x90\xff\x01",
    "a topic that is longer than its packet": b"\x30\xff\x01\xff\xff",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_packet_is_malformed(name: str) -> None:
    with pytest.raises(MalformedPacket):
        list(PacketReader(longest=100).feed(MALFORMED[name]))


def test_an_identifier_that_is_not_there_is_malformed() -> None:
    with pytest.raises(MalformedPacket, match="ends before its identifier"):
        _ = Packet(PacketType.PUBREL, 2, b"\x00").identifier


def test_fields_end_with_their_packet() -> None:
    fields = Fields(b"\x00\x02ab\x00")
    assert "ab" == fields.text()
    assert "<Fields 1 bytes left>" == repr(fields)
    with pytest.raises(MalformedPacket, match="ends early"):
        fields.number()


DESCRIBED = {
    "20020105": "CONNACK return code 5, session present",
    "40020007": "PUBACK packet 7",
    "9004000701 80": "SUBACK packet 7, QoS 1, refused",
    "c000": "PINGREQ",
    "3d07 0001 74 0009 6869": 'PUBLISH "t", 2 bytes, QoS 2, packet 9, retained, duplicate',
    "2001 00": "CONNACK of 1 bytes, malformed",
    "3001 00": "PUBLISH of 1 bytes, malformed",
    "a206 0003 0002 7423": 'UNSUBSCRIBE packet 3, "t#"',
    "3004 0002 ff30": 'PUBLISH "\\xff0", 0 bytes, QoS 0',
}


@pytest.mark.parametrize("data", DESCRIBED)
def test_packets_are_described_without_what_messages_say(data: str) -> None:
    assert [DESCRIBED[data]] == describe_bytes(bytes.fromhex(data))
