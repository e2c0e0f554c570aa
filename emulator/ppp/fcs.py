"""Compute the frame check sequence of 16 bits. RFC 1662 appendix C.2."""

from binascii import crc_hqx

_REVERSED = bytes(int(f"{octet:08b}"[::-1], 2) for octet in range(256))
"""Each octet with its bits in reverse: the line sends the lowest bit first, `crc_hqx` takes the highest first."""
SIZE = 2


def fcs_of(data: bytes) -> bytes:
    """Return the two octets that follow `data` in a frame."""
    remainder = crc_hqx(data.translate(_REVERSED), 0xFFFF) ^ 0xFFFF
    return remainder.to_bytes(SIZE, "big").translate(_REVERSED)
