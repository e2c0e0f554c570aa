"""A chunk of bytes on the line between host and module."""

from enum import StrEnum

import msgspec


class Side(StrEnum):
    """Who sent a chunk."""

    HOST = "host"
    MODULE = "module"


class Chunk(msgspec.Struct, frozen=True, gc=False):
    """Bytes that came at once."""

    side: Side
    data: bytes
    at: float
    """Seconds since the recording began."""
