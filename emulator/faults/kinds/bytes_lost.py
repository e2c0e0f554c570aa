"""Bytes are lost between module and host."""

from random import Random

from emulator.faults.fault import LineFault


class BytesLost(LineFault, frozen=True, kw_only=True):
    """They never arrive, as at a receiver that overruns."""

    def alter(self, data: bytes, random: Random) -> bytes:
        return b""
