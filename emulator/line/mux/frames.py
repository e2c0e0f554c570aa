"""Encodes frames of the basic option, and finds them in a stream. 27.010 5.2 and 5.7.

flag | address | control | length | information | check | flag
"""

from collections.abc import Iterator
from enum import IntEnum

import msgspec

FLAG = 0xF9
_EXTENSION = 0x01
_COMMAND = 0x02
_POLL = 0x10
_LONGEST_SHORT = 127
"""Most bytes of information for which one length byte is enough."""
LONGEST = 32767
"""Most bytes of information in a frame."""


class Kind(IntEnum):
    """Kinds of frames: the control field without the P/F bit (27.010 5.2.1.3)."""

    SABM = 0x2F
    UA = 0x63
    DM = 0x0F
    DISC = 0x43
    UIH = 0xEF
    UI = 0x03


_KINDS = {int(kind): kind for kind in Kind}
_CARRYING = {Kind.UIH, Kind.UI}
"""Kinds with information."""


class Frame(msgspec.Struct, frozen=True):
    """Hold one frame."""

    channel: int
    """DLCI, 0 for control."""
    kind: Kind
    information: bytes = b""
    command: bool = True
    """The C/R bit as it stands on the line."""
    poll: bool = False
    """The P/F bit."""

    def encoded(self) -> bytes:
        """Return the bytes, with both flags.

        Raises:
            ValueError: there is more information than a frame can have.
        """
        size = len(self.information)
        if size > LONGEST:
            raise ValueError(f"{size} bytes do not fit into a frame, {LONGEST} do")
        address = self.channel << 2 | (_COMMAND if self.command else 0) | _EXTENSION
        length = bytes((size << 1 | 1,)) if size <= _LONGEST_SHORT else bytes((size << 1 & 0xFE, size >> 7))
        head = bytes((address, self.kind | (_POLL if self.poll else 0))) + length
        checked = head + self.information if self.kind is Kind.UI else head
        return bytes((FLAG,)) + head + self.information + bytes((0xFF - _remainder(checked), FLAG))


def _table() -> tuple[int, ...]:
    """Return the remainders of x^8 + x^2 + x + 1, least significant bit first (27.010 annex B)."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ 0xE0 if value & 1 else value >> 1
        table.append(value)
    return tuple(table)


_TABLE = _table()


def _remainder(data: bytes) -> int:
    remainder = 0xFF
    for byte in data:
        remainder = _TABLE[remainder ^ byte]
    return remainder


class FrameReader:
    """Find frames in a stream; skip anything else up to the next flag."""

    def __init__(self, largest: int) -> None:
        """Skip frames with more than `largest` bytes of information, too."""
        self._largest = largest
        self._buffer = bytearray()

    def __repr__(self) -> str:
        return f"<FrameReader {len(self._buffer)} bytes kept>"

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Yield the frames that these bytes complete; keep less than one frame."""
        self._buffer += data
        while True:
            start = self._buffer.find(FLAG)
            del self._buffer[: start if start >= 0 else len(self._buffer)]
            while self._buffer[1:2] == bytes((FLAG,)):
                del self._buffer[:1]
            size = self._size()
            if size is None:
                return
            frame = self._frame(size) if size else None
            if frame is not None:
                yield frame
            del self._buffer[: size - 1 if frame is not None else 1]  # the last flag may be the next frame's first

    def _size(self) -> int | None:
        """Return the bytes from flag to flag; 0 when no frame begins here, None while that is unknown."""
        buffer = self._buffer
        if len(buffer) < 4:
            return None
        if not buffer[1] & _EXTENSION or buffer[2] & ~_POLL not in _KINDS:
            return 0
        information, head = buffer[3] >> 1, 4
        if not buffer[3] & _EXTENSION:
            if len(buffer) < 5:
                return None
            information, head = information | buffer[4] << 7, 5
        if information > (self._largest if buffer[2] & ~_POLL in _CARRYING else 0):
            return 0
        size = head + information + 2
        return size if len(buffer) >= size else None

    def _frame(self, size: int) -> Frame | None:
        raw = bytes(self._buffer[1 : size - 1])
        kind = _KINDS[raw[1] & ~_POLL]
        if self._buffer[size - 1] != FLAG:
            return None
        head = 3 if raw[2] & _EXTENSION else 4
        checked = raw[:-1] if kind is Kind.UI else raw[:head]
        if 0xFF - _remainder(checked) != raw[-1]:
            return None
        return Frame(raw[0] >> 2, kind, raw[head:-1], bool(raw[0] & _COMMAND), bool(raw[1] & _POLL))
