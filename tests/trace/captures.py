"""Reads captures as the formats are specified: pcapng blocks, IP and TCP headers, every checksum verified."""

import ipaddress
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.peers.sockets import TIMEOUT

SECTION, INTERFACE, PACKET = 0x0A0D0D0A, 1, 6
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
TCP = 6
"""Its number among the protocols of IP."""


@dataclass(frozen=True)
class Block:
    """One block of a pcapng file."""

    kind: int
    body: bytes


@dataclass(frozen=True)
class Segment:
    """A TCP segment whose headers and checksums are right."""

    source: tuple[str, int]
    target: tuple[str, int]
    sequence: int
    acknowledgement: int
    flags: int
    payload: bytes
    microseconds: int = 0
    """Since 1970."""
    direction: str = ""
    comment: str = ""

    @property
    def end(self) -> int:
        """The number of the byte after it."""
        return (self.sequence + len(self.payload) + bool(self.flags & SYN) + bool(self.flags & FIN)) % 2**32


def blocks(data: bytes) -> list[Block]:
    """All blocks; nothing may be left over."""
    found = []
    while data:
        kind, length = struct.unpack_from("<II", data)
        assert length % 4 == 0
        assert len(data) >= length >= 12
        assert struct.unpack_from("<I", data, length - 4) == (length,)
        found.append(Block(kind, data[8 : length - 4]))
        data = data[length:]
    return found


def options(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Of a block, up to the end mark that must be there."""
    while True:
        code, length = struct.unpack_from("<HH", data)
        if code == 0:
            assert data == bytes(4)
            return
        yield code, data[4 : 4 + length]
        data = data[4 + length + -length % 4 :]


def read_capture(path: Path) -> list[Segment]:
    """Its packets; before them stand a section and its one interface, for IP packets without a link layer."""
    section, interface, *packets = blocks(path.read_bytes())
    assert (section.kind, struct.unpack_from("<IHHq", section.body)) == (SECTION, (0x1A2B3C4D, 1, 0, -1))
    assert (interface.kind, struct.unpack_from("<HHI", interface.body)) == (INTERFACE, (101, 0, 0))
    return [_segment_of(block) for block in packets]


def _segment_of(block: Block) -> Segment:
    assert block.kind == PACKET
    interface, high, low, captured, original = struct.unpack_from("<5I", block.body)
    assert (interface, captured) == (0, original)
    packet = block.body[20 : 20 + captured]
    said = dict(options(block.body[20 + captured + -captured % 4 :]))
    direction = {1: "received", 2: "sent"}[struct.unpack("<I", said[2])[0]]
    parts = parse_packet(packet)
    return Segment(*parts, (high << 32) + low, direction, said.get(1, b"").decode())


def parse_packet(packet: bytes) -> tuple[tuple[str, int], tuple[str, int], int, int, int, bytes]:
    """Source, target, sequence number, acknowledgement, flags and payload."""
    if packet[0] >> 4 == 4:
        assert packet[0] == 0x45
        assert struct.unpack_from(">H", packet, 2) == (len(packet),)
        assert packet[9] == TCP
        assert ones_complement_sum(packet[:20]) == 0xFFFF
        addresses, tcp = packet[12:20], packet[20:]
    else:
        assert packet[0] == 0x60
        assert struct.unpack_from(">H", packet, 4) == (len(packet) - 40,)
        assert packet[6] == TCP
        addresses, tcp = packet[8:40], packet[40:]
    pseudo_header = addresses + struct.pack(">II", len(tcp), TCP)
    assert ones_complement_sum(pseudo_header + tcp) == 0xFFFF
    middle = len(addresses) // 2
    source, target = (str(ipaddress.ip_address(part)) for part in (addresses[:middle], addresses[middle:]))
    source_port, target_port, sequence, acknowledgement, offset, flags = struct.unpack_from(">HHIIBB", tcp)
    return (source, source_port), (target, target_port), sequence, acknowledgement, flags, tcp[(offset >> 4) * 4 :]


def ones_complement_sum(data: bytes) -> int:
    """RFC 1071, word by word; 0xFFFF over data with its right checksum in it."""
    total = 0
    for (word,) in struct.iter_unpack(">H", data + bytes(len(data) % 2)):
        total += word
        total = (total & 0xFFFF) + (total >> 16)
    return total


def conversations(segments: list[Segment]) -> list[list[Segment]]:
    """By connection, in their order, each with numbers that go on from segment to segment."""
    found: dict[frozenset[tuple[str, int]], list[Segment]] = {}
    for segment in segments:
        found.setdefault(frozenset((segment.source, segment.target)), []).append(segment)
    for conversation in found.values():
        numbers_go_on(conversation)
    return list(found.values())


def numbers_go_on(conversation: list[Segment]) -> None:
    """Each segment begins where its sender's last one ended, and acknowledges all that the other has sent."""
    ends: dict[tuple[str, int], int] = {}
    for segment in conversation:
        if segment.source in ends:
            assert segment.sequence == ends[segment.source]
        ends[segment.source] = segment.end
        if segment.flags & ACK:
            assert segment.acknowledgement == ends[segment.target]


def carried(conversation: list[Segment], direction: str) -> bytes:
    """The data that went that way."""
    return b"".join(segment.payload for segment in conversation if segment.direction == direction)


def shape(conversation: list[Segment]) -> list[str]:
    """Direction and flags of each segment; one that carries data says so."""
    names = {SYN: "SYN", FIN: "FIN", RST: "RST", ACK: "ACK"}
    lines = []
    for segment in conversation:
        flags = " ".join(name for flag, name in names.items() if segment.flags & flag)
        lines.append(f"{segment.direction} {flags}{' data' if segment.payload else ''}")
    return lines


def tshark(capture: Path, *arguments: str) -> str:
    """What tshark prints about a capture; the test is skipped, by name, where it is not installed."""
    program = shutil.which("tshark")
    if program is None:
        pytest.skip("tshark is not installed (Debian package tshark)")
    command = [program, "-n", "-r", str(capture), "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=TIMEOUT)
    assert done.returncode == 0, done.stderr
    return done.stdout


REMARKS = "tcp.analysis.flags || _ws.malformed || tcp.checksum.status == 0 || ip.checksum.status == 0 || _ws.short"
"""What Wireshark would colour: packets that are missing, doubled, out of order, damaged or senseless."""


def is_clean(capture: Path) -> None:
    """Wireshark has nothing to remark, and every packet is one of TCP."""
    assert tshark(capture, "-Y", REMARKS) == ""
    assert tshark(capture, "-Y", "!tcp") == ""
