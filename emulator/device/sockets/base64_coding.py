"""Encode what a connection sends and decode what comes, in base64 (#BASE64). IP Easy User Guide 3.2.1.7."""

import base64
import re
from collections.abc import Sequence

import msgspec

from emulator.device.connection.data_mode import OnlineHost
from emulator.device.connection.packetizer import Packets
from emulator.device.connection.states import ClosedBy
from emulator.firmware.schema.sockets import Sockets

_LINES = 1
"""RFC 2045: lines of 76 characters, each with CR LF. The other coding, RFC 3548, has no lines."""
_OCTETS_OF_A_LINE = 57
_FOREIGN = re.compile(rb"[^A-Za-z0-9+/]+")
_GROUP = 4
"""Characters that stand for three octets."""


class Base64Coding(msgspec.Struct, frozen=True):
    """Settings of one connection, until it is closed: 0 as it is, 1 RFC 2045, 2 RFC 3548."""

    encoding: int = 0
    """Of what the host sends."""
    decoding: int = 0
    """Of what comes from the peer."""

    def encode(self, packet: bytes) -> bytes:
        """Return a packet as it goes to the peer: each is a text of its own."""
        if not self.encoding:
            return packet
        if self.encoding != _LINES:
            return base64.b64encode(packet)
        lines = (packet[at : at + _OCTETS_OF_A_LINE] for at in range(0, len(packet), _OCTETS_OF_A_LINE))
        return b"".join(base64.b64encode(line) + b"\r\n" for line in lines)

    def decode(self, text: bytes) -> bytes:
        """Return what the host reads: each reading is a text of its own."""
        if not self.decoding:
            return text
        decoder = Decoder()
        return decoder.feed(text) + decoder.rest()


def coding_of(profile: Sockets) -> Base64Coding:
    """Return the settings that a firmware has until the host sets others."""
    encoding, decoding = profile.base64_encodings.default, profile.base64_decodings.default
    return Base64Coding(encoding or 0, decoding or 0)


class Decoder:
    """Decodes a text that comes in pieces; what is not in the alphabet is left out."""

    def __init__(self) -> None:
        self._waiting = b""

    def __repr__(self) -> str:
        return f"<Decoder, {len(self._waiting)} characters wait>"

    def feed(self, text: bytes) -> bytes:
        """Return the octets of the groups that are complete now."""
        octets = b""
        *ended, text = text.split(b"=")
        for part in ended:
            octets += self._groups(part) + self.rest()
        return octets + self._groups(text)

    def _groups(self, text: bytes) -> bytes:
        text = self._waiting + _FOREIGN.sub(b"", text)
        complete = len(text) - len(text) % _GROUP
        self._waiting = text[complete:]
        return base64.b64decode(text[:complete])

    def rest(self) -> bytes:
        """Return the octets of the last group, which may be short."""
        text, self._waiting = self._waiting, b""
        return base64.b64decode(text + b"=" * (-len(text) % _GROUP)) if len(text) > 1 else b""


class EncodedPackets:
    """The packets of data mode, encoded: `Packets`."""

    def __init__(self, packets: Packets, coding: Base64Coding) -> None:
        self._packets = packets
        self._coding = coding

    def __repr__(self) -> str:
        return f"<EncodedPackets of {self._packets!r}>"

    @property
    def deadline(self) -> float | None:
        """Return when what waits is to be sent."""
        return self._packets.deadline

    def feed(self, data: bytes, now: float) -> Sequence[bytes]:
        """Take data of the host; return the packets that are full."""
        return [self._coding.encode(packet) for packet in self._packets.feed(data, now)]

    def flush(self) -> bytes:
        """Return what waits."""
        return self._coding.encode(self._packets.flush())


class DecodingHost:
    """The host in data mode, who gets what comes decoded: an `OnlineHost`."""

    def __init__(self, host: OnlineHost) -> None:
        self._host = host
        self._decoder = Decoder()

    def __repr__(self) -> str:
        return f"<DecodingHost {self._host!r}>"

    @property
    def congested(self) -> bool:
        """Whether the host takes less than comes."""
        return self._host.congested

    def deliver(self, data: bytes) -> None:
        """Take data from the peer."""
        self._pass_on(self._decoder.feed(data))

    def writable(self) -> None:
        """Send on: the peer is no longer congested."""
        self._host.writable()

    def connection_lost(self, reason: ClosedBy) -> None:
        """Take the end of the connection, and with it a last group that is short."""
        self._pass_on(self._decoder.rest())
        self._host.connection_lost(reason)

    def _pass_on(self, data: bytes) -> None:
        if data:
            self._host.deliver(data)
