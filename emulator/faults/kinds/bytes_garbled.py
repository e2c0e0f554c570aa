"""Bytes are changed between module and host."""

from random import Random

from emulator.faults.fault import LineFault


class BytesGarbled(LineFault, frozen=True, kw_only=True):
    """One bit of each is another one, by the seed, as on a noisy line."""

    def alter(self, data: bytes, random: Random) -> bytes:
        return bytes(byte ^ 1 << random.randrange(8) for byte in data)
