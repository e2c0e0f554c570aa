"""A chunk of bytes on the line between host and module."""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Who sent a chunk."""

    HOST = "host"
    MODULE = "module"


@dataclass(frozen=True)
class Chunk:
    """Bytes that came at once."""

    side: Side
    data: bytes
    at: float
    """Seconds since the recording began."""
