"""Writes capture files: pcapng, for Wireshark and tshark (draft-ietf-opsawg-pcapng).

Of its blocks it has three: one section and one interface at the beginning, then a block for each packet. Nothing
written is changed later, so that the file is whole after every packet.
"""

import os
import stat
import struct
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from emulator.errors import UserError
from emulator.trace.events import Direction
from emulator.trace.files import complain, open_output, write_whole

_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_BYTE_ORDER = 0x1A2B3C4D
_UNKNOWN_LENGTH = -1
_RAW_IP = 101
"""The link type of packets that begin with their IP header, of either version."""
_COMMENT, _HARDWARE, _INTERFACE_NAME, _PACKET_FLAGS, _PROGRAM = 1, 2, 2, 2, 4
"""Options; their numbers mean something else in each kind of block."""
_DIRECTIONS: dict[Direction, int] = {"received": 1, "sent": 2}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PacketWriter(Protocol):
    """Take the packets of a capture."""

    def write(self, packet: bytes, at: datetime, direction: Direction, comment: str = "") -> None:
        """Take an IP packet with its time."""


def file_head(device: str, comment: str = "") -> bytes:
    """Return the blocks at the beginning of a capture of this device; the comment is one on the whole of it."""
    section = struct.pack("<IHHq", _BYTE_ORDER, 1, 0, _UNKNOWN_LENGTH)
    named = [(_HARDWARE, device.encode()), (_PROGRAM, b"telit-emulator")]
    if comment:
        named.append((_COMMENT, comment.encode()))
    interface = _block(_INTERFACE, struct.pack("<HHI", _RAW_IP, 0, 0), [(_INTERFACE_NAME, b"module")])
    return _block(_SECTION, section, named) + interface


def packet_block(packet: bytes, at: datetime, direction: Direction, comment: str = "") -> bytes:
    """Return the block of an IP packet with its time, to the microsecond."""
    microseconds = max(0, (at - _EPOCH) // timedelta(microseconds=1))
    head = struct.pack("<5I", 0, microseconds >> 32, microseconds & 0xFFFFFFFF, len(packet), len(packet))
    options = [(_PACKET_FLAGS, struct.pack("<I", _DIRECTIONS[direction]))]
    if comment:
        options.append((_COMMENT, comment.encode()))
    return _block(_PACKET, head + _padded(packet), options)


def _block(kind: int, body: bytes, options: Iterable[tuple[int, bytes]]) -> bytes:
    body += b"".join(struct.pack("<HH", code, len(value)) + _padded(value) for code, value in options) + bytes(4)
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


class CaptureFile:
    """Write a new capture in place of an older one; it can be read by its owner only.

    When the disk is full it complains once and writes no more: the modem goes on.
    """

    def __init__(self, path: Path, option: str, device: str) -> None:
        """Open the file; `option` is the option that named it, `device` the captured device.

        Raises:
            UserError: it cannot be written, or holds something else than a capture.
        """
        self._path = path
        self._size = 0
        self._descriptor: int | None = open_output(path, option, os.O_RDWR | os.O_APPEND)
        try:
            _make_room(self._descriptor, path, option)
        except BaseException:
            self.close()
            raise
        self._append(file_head(device))

    def __repr__(self) -> str:
        return f"<CaptureFile {self._path}{', closed' if self._descriptor is None else ''}>"

    def write(self, packet: bytes, at: datetime, direction: Direction, comment: str = "") -> None:
        """Append an IP packet with its time, to the microsecond; do nothing after a failure, or once closed."""
        self._append(packet_block(packet, at, direction, comment))

    def close(self) -> None:
        """Close the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _append(self, blocks: bytes) -> None:
        """Append whole blocks, in one piece."""
        if self._descriptor is None:
            return
        try:
            write_whole(self._descriptor, blocks)
        except OSError as error:
            self._close_after(error)
        self._size += len(blocks)

    def _close_after(self, error: OSError) -> None:
        """Close the file with whole blocks only."""
        assert self._descriptor is not None
        with suppress(OSError):
            os.ftruncate(self._descriptor, self._size)
        self.close()
        complain(self._path, error)


def _make_room(descriptor: int, path: Path, option: str) -> None:
    """Empty the file, if what it holds is a capture."""
    regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
    if not regular or os.read(descriptor, 4) not in (b"", struct.pack("<I", _SECTION)):
        raise UserError(f"{option} {path}: it is no capture; name another file")
    os.ftruncate(descriptor, 0)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
