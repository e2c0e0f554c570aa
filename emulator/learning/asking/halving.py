"""Finds the highest number that a module takes, in few questions."""

from collections.abc import Callable


def highest_accepted(accepts: Callable[[int], bool], low: int, high: int) -> int | None:
    """Return the highest number from `low` to `high` that is accepted; None where not even `low` is.

    All numbers up to it are taken to be accepted, and none above it.
    """
    if not accepts(low):
        return None
    if accepts(high):
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if accepts(middle):
            low = middle
        else:
            high = middle
    return low
