"""A host that speaks PPP by other code than the emulator's: frames by the rules bit by bit, packets by scapy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scapy.layers.ppp import PPP

from emulator.ppp.link import LinkSettings, PppLink

LCP, IPCP, PAP, CHAP, CCP, IPV6CP, IPV4 = 0xC021, 0x8021, 0xC023, 0xC223, 0x80FD, 0x8057, 0x0021
REQUEST, ACK, NAK, REJECT, TERMINATE, TERMINATED, CODE_REJECT, PROTOCOL_REJECT, ECHO, ECHOED = range(1, 11)


def fcs_16(data: bytes | bytearray) -> int:
    """RFC 1662 C.1: the polynomial x^16 + x^12 + x^5 + 1, lowest bit first, without a table."""
    fcs = 0xFFFF
    for octet in data:
        for bit in range(8):
            fcs = fcs >> 1 ^ (0x8408 if (fcs ^ octet >> bit) & 1 else 0)
    return fcs ^ 0xFFFF


def frame(content: bytes, controls: int = 0xFFFFFFFF) -> bytes:
    content += fcs_16(content).to_bytes(2, "little")
    line = bytearray()
    for octet in content:
        escaped = octet in (0x7D, 0x7E) or (octet < 32 and controls >> octet & 1)
        line += bytes((0x7D, octet ^ 0x20)) if escaped else bytes((octet,))
    return b"~" + line + b"~"


def unframed(line: bytes) -> list[bytes]:
    """The contents of the frames on the line; each must be whole and right."""
    contents = []
    for raw in line.split(b"~"):
        content, octets = bytearray(), iter(raw)
        for octet in octets:
            content.append(next(octets) ^ 0x20 if octet == 0x7D else octet)
        if content:
            assert int.from_bytes(content[-2:], "little") == fcs_16(content[:-2])
            contents.append(bytes(content[:-2]))
    return contents


def control(code: int, identifier: int, data: bytes = b"") -> bytes:
    return bytes((code, identifier)) + (4 + len(data)).to_bytes(2, "big") + data


def option(kind: int, value: bytes = b"") -> bytes:
    return bytes((kind, 2 + len(value))) + value


@dataclass
class Seen:
    """A packet of the device."""

    protocol: int
    information: bytes

    @property
    def code(self) -> int:
        return self.information[0]

    @property
    def identifier(self) -> int:
        return self.information[1]

    @property
    def data(self) -> bytes:
        return self.information[4 : int.from_bytes(self.information[2:4], "big")]

    @property
    def parsed(self) -> Any:
        return PPP(self.protocol.to_bytes(2, "big") + self.information)


class HostEnd:
    """The host's end of a line."""

    def __init__(self, write: Callable[[bytes], object], read: Callable[[], bytes], controls: int = 0xFFFFFFFF) -> None:
        self._write = write
        self._read = read
        self.controls = controls
        """Control characters to escape."""
        self.kept: list[Seen] = []
        """All packets of the device so far."""

    def send(self, protocol: int, information: bytes) -> None:
        """Send a frame in the full form."""
        self._write(frame(b"\xff\x03" + protocol.to_bytes(2, "big") + information, self.controls))

    def seen(self) -> list[Seen]:
        """What the device has sent since it was last asked for; header and protocol in either form."""
        packets = []
        for content in unframed(self._read()):
            content = content.removeprefix(b"\xff\x03")
            size = 1 if content[0] & 1 else 2
            packets.append(Seen(int.from_bytes(content[:size], "big"), content[size:]))
        self.kept += packets
        return packets

    def ask(self, protocol: int, *options: bytes, identifier: int = 1) -> list[Seen]:
        """Send a Configure-Request."""
        self.send(protocol, control(REQUEST, identifier, b"".join(options)))
        return self.seen()

    def acknowledge(self, request: Seen) -> list[Seen]:
        self.send(request.protocol, control(ACK, request.identifier, request.data))
        return self.seen()


class Host(HostEnd):
    """A host with the device's link at the other end of the line."""

    def __init__(self, settings: LinkSettings | None = None) -> None:
        self.now = 0.0
        self.link = PppLink(settings or LinkSettings(), self.now)
        super().__init__(lambda line: self.link.receive(line, self.now), lambda: self.link.take_output())

    def wait(self, seconds: float) -> list[Seen]:
        """Let time pass, and let what is due happen at its moment."""
        until = self.now + seconds
        while (due := self.link.deadline) is not None and due <= until:
            self.now = max(self.now, due)
            self.link.expire(self.now)
        self.now = until
        return self.seen()

    def open_lcp(self, *options: bytes) -> list[Seen]:
        """Agree to all that the device asks for; what it says after that."""
        request = next(each for each in self.seen() if each.code == REQUEST)
        said = self.ask(LCP, *options, identifier=7)
        assert [each.code for each in said if each.protocol == LCP] == [ACK]
        return said[1:] + self.acknowledge(request)
