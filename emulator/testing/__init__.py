"""For tests of host applications and of the emulator itself: a modem, a host and a clock in one event loop."""

from emulator.clock import ManualClock
from emulator.testing.bench import Bench

__all__ = ["Bench", "ManualClock"]
