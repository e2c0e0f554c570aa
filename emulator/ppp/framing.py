"""Put packets into frames of HDLC, and find frames in the bytes of the line. RFC 1662 4, RFC 1661 6.5 and 6.6."""

import re
from collections.abc import Iterator

import msgspec

from emulator.ppp.fcs import SIZE, fcs_of

_FLAG, _ESCAPE = b"\x7e", b"\x7d"
_ADDRESS_AND_CONTROL = b"\xff\x03"
ALL_CONTROLS = 0xFFFFFFFF
"""The control character map before LCP has agreed on another one."""
_LARGEST = 4096
"""Octets of a frame as it stands on the line; a longer one is dropped."""
_ESCAPED = re.compile(b"\x7d(.)", re.DOTALL)
_UNESCAPED = {bytes((octet,)): bytes((octet ^ 0x20,)) for octet in range(256)}


class FrameFormat(msgspec.Struct, frozen=True):
    """What the peer wants to receive, as LCP has agreed on it."""

    controls: int = ALL_CONTROLS
    """Control characters that must be escaped, a bit each."""
    short_header: bool = False
    """Whether address and control may be left out."""
    short_protocol: bool = False
    """Whether a protocol below 256 may have one octet."""


BEFORE_LCP = FrameFormat()


class Frame(msgspec.Struct, frozen=True):
    """The content of one frame."""

    protocol: int
    information: bytes


def encode_frame(frame: Frame, form: FrameFormat = BEFORE_LCP) -> bytes:
    """Return the frame between flags, as it goes on the line."""
    header = b"" if form.short_header else _ADDRESS_AND_CONTROL
    size = 1 if form.short_protocol and frame.protocol < 0x100 else 2
    content = header + frame.protocol.to_bytes(size, "big") + frame.information
    return _FLAG + _escaped(content + fcs_of(content), form.controls) + _FLAG


def _escaped(content: bytes, controls: int) -> bytes:
    content = content.replace(_ESCAPE, b"\x7d\x5d").replace(_FLAG, b"\x7d\x5e")
    for octet in _set_bits(controls):
        content = content.replace(bytes((octet,)), bytes((0x7D, octet ^ 0x20)))
    return content


def _set_bits(controls: int) -> Iterator[int]:
    return (octet for octet in range(32) if controls >> octet & 1)


class FrameDecoder:
    """Finds frames; what is none, or has a wrong check sequence, is dropped in silence (RFC 1662 4.3)."""

    def __init__(self) -> None:
        self._begun = b""
        self._too_long = False
        self.expect(ALL_CONTROLS)

    def __repr__(self) -> str:
        return f"<FrameDecoder, {len(self._begun)} octets of a frame>"

    def expect(self, controls: int) -> None:
        """Drop the control characters of this map: the peer escapes its own, so that something else has put them in."""
        self._inserted = bytes(_set_bits(controls))

    def receive(self, data: bytes) -> Iterator[Frame]:
        """Yield each frame that `data` ends; `expect` may change the map between two of them."""
        *ended, begun = (self._begun + data).split(_FLAG)
        too_long, self._too_long = self._too_long, len(begun) > _LARGEST or (self._too_long and not ended)
        self._begun = b"" if self._too_long else begun
        for raw in ended:
            frame = None if too_long else self._decoded(raw)
            too_long = False
            if frame is not None:
                yield frame

    def _decoded(self, raw: bytes) -> Frame | None:
        if raw.endswith(_ESCAPE) or len(raw) > _LARGEST:
            return None  # the sender has aborted it (RFC 1662 4.3)
        content = _ESCAPED.sub(lambda pair: _UNESCAPED[pair[1]], raw.translate(None, self._inserted))
        content, check = content[:-SIZE], content[-SIZE:]
        if len(content) < 1 or check != fcs_of(content):
            return None
        return _without_header(content.removeprefix(_ADDRESS_AND_CONTROL))


def _without_header(content: bytes) -> Frame | None:
    """Read the protocol field: the lowest bit of its last octet is 1, that of the one before is 0 (RFC 1661 2)."""
    size = 1 if content[:1] and content[0] & 1 else 2
    if len(content) < size or not content[size - 1] & 1:
        return None
    return Frame(int.from_bytes(content[:size], "big"), content[size:])
