"""Sequence numbers: they wrap at 2**32 (RFC 9293 3.4)."""

MODULUS = 1 << 32
_HALF = 1 << 31


def advanced(number: int, by: int) -> int:
    """Return the number `by` further on."""
    return (number + by) % MODULUS


def distance(start: int, end: int) -> int:
    """Return how far `end` lies behind `start`; below 0 when it lies before it."""
    return (end - start + _HALF) % MODULUS - _HALF
