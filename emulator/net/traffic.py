"""Count the bytes of a connection as they pass."""

from collections.abc import Callable

from emulator.trace.events import Direction

Counter = Callable[[Direction, int], None]
"""Called with the number of bytes that have passed in a direction: sent by the module, or received."""


def uncounted(direction: Direction, size: int) -> None:
    """Count nothing: nobody wants to know."""
