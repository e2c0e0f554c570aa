"""Bytes come twice between module and host."""

from random import Random

from emulator.faults.fault import LineFault


class BytesDoubled(LineFault, frozen=True, kw_only=True):
    """They are sent again."""

    def alter(self, data: bytes, random: Random) -> bytes:
        return data + data
