"""Packets of IPv4 as a broken stack sends them: right ones, and those with a wrong field."""

from ipaddress import IPv4Address
from random import Random

from fuzzing.lines import HOST

_ADDRESSES = (HOST, HOST, "255.255.255.255", "224.0.0.1", "127.0.0.1", "0.0.0.0", "10.64.64.64", "193.189.160.13")
_PORTS = (80, 443, 53, 0, 7, 65535)
_TCP, _UDP, _ICMP = 6, 17, 1
_SYN, _RST, _ACK = 0x02, 0x04, 0x10


def packet(dice: Random) -> bytes:
    """Make a packet, whose checksums are mostly right."""
    protocol = dice.choice([_TCP, _TCP, _TCP, _UDP, _UDP, _ICMP, 2, 0, 255])
    source, destination = _address(dice), _address(dice)
    payload = _payload(dice, protocol, source + destination)
    fragment = dice.choice([0, 0, 0, 0, 0x2000, 0x4000, 0x2001, 0x00B9, 0x1FFF])
    size = 20 + len(payload)
    head = bytearray(bytes((0x45, 0)) + size.to_bytes(2, "big") + dice.randbytes(2) + fragment.to_bytes(2, "big"))
    head += bytes((dice.choice([64, 64, 1, 0]), protocol, 0, 0)) + source + destination
    head[10:12] = _checksum(head)
    made = bytearray(head + payload)
    if dice.random() < 0.2:
        made[dice.randrange(len(made))] = dice.randrange(256)
    return bytes(made[: dice.choice([len(made)] * 4 + [dice.randint(0, len(made))])])


def _address(dice: Random) -> bytes:
    return IPv4Address(dice.choice(_ADDRESSES)).packed


def _payload(dice: Random, protocol: int, addresses: bytes) -> bytes:
    data = dice.randbytes(dice.choice([0, 1, 20, 536, 1460]))
    match protocol:
        case 6:
            made = _ports(dice) + _segment(dice) + data
            return _with_checksum(made, 16, addresses, protocol)
        case 17:
            size = dice.choice([8 + len(data), 8 + len(data), 0, 7, 65535])
            made = _ports(dice) + size.to_bytes(2, "big") + bytes(2) + (_question(dice) or data)
            return _with_checksum(made, 6, addresses, protocol)
        case 1:
            made = bytes((dice.choice([8, 8, 0, 3, 13]), 0, 0, 0)) + dice.randbytes(4) + data
            return made[:2] + _checksum(made) + made[4:]
    return data


def _ports(dice: Random) -> bytes:
    return dice.choice([1025, 1026, 0]).to_bytes(2, "big") + dice.choice(_PORTS).to_bytes(2, "big")


def _segment(dice: Random) -> bytes:
    """Make the head of a segment from its sequence number on; a few numbers come again, so that some fit."""
    numbers = b"".join(dice.choice([0, 1, 1000, 1001, 0xFFFFFFFF]).to_bytes(4, "big") for _ in range(2))
    flags = dice.choice([_SYN, _SYN, _ACK, _ACK, _ACK | 8, _ACK | 1, _RST, _SYN | _ACK, _SYN | 1, 0, 0x3F])
    options = dice.choice([b"", b"\2\4\5\xb4", b"\2\4\0\0", b"\1\1\1\1", b"\2\0\0\0", b"\x08\x0a\0\0"])
    window = dice.choice([65535, 0, 1, 8760]).to_bytes(2, "big")
    return numbers + bytes(((5 + len(options) // 4) << 4, flags)) + window + bytes(4) + options


def _question(dice: Random) -> bytes:
    """Make a question to a name server, or nothing."""
    if dice.random() < 0.5:
        return b""
    name = dice.choice([b"\3www\7example\3com\0", b"\0", b"\xc0\x0c", b"\x3f" + b"a" * 63 + b"\0", b"\3www"])
    kind = dice.choice([1, 28, 12, 255]).to_bytes(2, "big")
    return dice.randbytes(2) + dice.choice([b"\1\0", b"\x81\x80"]) + b"\0\1\0\0\0\0\0\0" + name + kind + b"\0\1"


def _with_checksum(made: bytes, place: int, addresses: bytes, protocol: int) -> bytes:
    pseudo = addresses + bytes((0, protocol)) + len(made).to_bytes(2, "big")
    return made[:place] + _checksum(pseudo + made) + made[place + 2 :]


def _checksum(data: bytes | bytearray) -> bytes:
    """RFC 1071."""
    total = sum(int.from_bytes(data[start : start + 2].ljust(2, b"\0"), "big") for start in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return (0xFFFF - total).to_bytes(2, "big")
