"""For tests of host applications and of the emulator itself: a modem, a host and a clock in one event loop; fixtures.

`Bench` is for tests in Python that hold the clock in their hands. `plugin` is loaded by pytest itself, and has fixtures
for hosts in any language; see `docs/testing.md`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.bench import Bench
    from emulator.clock import ManualClock

__all__ = ["Bench", "ManualClock"]

_HOMES = {"Bench": "emulator.bench", "ManualClock": "emulator.clock"}


def __getattr__(name: str) -> Any:
    """Import what is asked for only then: pytest loads the plugin in every project where the emulator is installed."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
