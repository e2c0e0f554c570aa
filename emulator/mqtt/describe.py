"""Write control packets in words, for the trace: no password, and nothing of what a message says."""

from emulator.mqtt.packets import Fields, MalformedPacket, Packet, PacketReader, PacketType

_FAILURE = 0x80
"""The return code of a SUBACK that refuses (3.9.3)."""
_CLEAN, _WILL, _WILL_RETAIN, _PASSWORD, _USER = 0x02, 0x04, 0x20, 0x40, 0x80
"""Connect flags (3.1.2.3)."""
_RETAIN, _DUPLICATE = 1, 8
"""Flags of a PUBLISH (3.3.1)."""


def describe(packet: Packet) -> str:
    """Describe a packet in one line; of one that is malformed, its type alone."""
    try:
        words = _DESCRIBED.get(packet.type, _nothing)(packet)
    except (MalformedPacket, IndexError):
        words = f"of {len(packet.body)} bytes, malformed"
    return f"{packet.type.name} {words}".rstrip()


def describe_bytes(data: bytes) -> list[str]:
    """Describe the packets that a client sends."""
    return [describe(packet) for packet in PacketReader().feed(data)]


def _nothing(packet: Packet) -> str:
    return ""


def _connect(packet: Packet) -> str:
    fields = Fields(packet.body)
    fields.text()
    fields.number(1)
    flags, keep_alive = fields.number(1), fields.number()
    words = [f'client "{fields.text()}"', f"keep-alive {keep_alive} s"]
    words.append("clean session" if flags & _CLEAN else "kept session")
    if flags & _WILL:
        topic, size = fields.text(), len(fields.data())
        retained = ", retained" if flags & _WILL_RETAIN else ""
        words.append(f'will of {size} bytes for "{topic}", QoS {flags >> 3 & 3}{retained}')
    if flags & _USER:
        words.append(f'user "{fields.text()}"')
    if flags & _PASSWORD:
        words.append("password ***")
    return ", ".join(words)


def _connack(packet: Packet) -> str:
    kept = ", session present" if packet.body[0] & 1 else ""
    return f"return code {packet.body[1]}{kept}"


def _publish(packet: Packet) -> str:
    fields = Fields(packet.body)
    topic = fields.text()
    number = f", packet {fields.number()}" if packet.qos else ""
    flags = packet.flags
    notes = (", retained" if flags & _RETAIN else "") + (", duplicate" if flags & _DUPLICATE else "")
    return f'"{topic}", {fields.left + packet.cut} bytes, QoS {packet.qos}{number}{notes}'


def _acknowledgement(packet: Packet) -> str:
    return f"packet {packet.identifier}"


def _subscribe(packet: Packet) -> str:
    fields = Fields(packet.body)
    number, filters = fields.number(), []
    while fields.left:
        filters.append(f'"{fields.text()}" QoS {fields.number(1)}')
    return f"packet {number}, {', '.join(filters)}"


def _suback(packet: Packet) -> str:
    codes = ("refused" if code & _FAILURE else f"QoS {code}" for code in packet.body[2:])
    return f"packet {packet.identifier}, {', '.join(codes)}"


def _unsubscribe(packet: Packet) -> str:
    fields = Fields(packet.body)
    number, filters = fields.number(), []
    while fields.left:
        filters.append(f'"{fields.text()}"')
    return f"packet {number}, {', '.join(filters)}"


_DESCRIBED = {
    PacketType.CONNECT: _connect,
    PacketType.CONNACK: _connack,
    PacketType.PUBLISH: _publish,
    PacketType.PUBACK: _acknowledgement,
    PacketType.PUBREC: _acknowledgement,
    PacketType.PUBREL: _acknowledgement,
    PacketType.PUBCOMP: _acknowledgement,
    PacketType.SUBSCRIBE: _subscribe,
    PacketType.SUBACK: _suback,
    PacketType.UNSUBSCRIBE: _unsubscribe,
    PacketType.UNSUBACK: _acknowledgement,
}
