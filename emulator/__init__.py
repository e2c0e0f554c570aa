"""A Telit cellular module in software: AT commands on a pseudo-terminal, TLS 1.0 to real servers.

`VirtualModem` runs one; `load_firmware` looks at what a firmware has. Everything else, but for `emulator.testing`, may
change between releases.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.api import VirtualModem
    from emulator.clock import Clock, ManualClock, WallClock
    from emulator.errors import UserError
    from emulator.firmware.loader import Firmware, load_firmware

__all__ = ["Clock", "Firmware", "ManualClock", "UserError", "VirtualModem", "WallClock", "load_firmware"]
__version__ = "0.1.0"

_HOMES = {
    "Clock": "emulator.clock",
    "Firmware": "emulator.firmware.loader",
    "ManualClock": "emulator.clock",
    "UserError": "emulator.errors",
    "VirtualModem": "emulator.api",
    "WallClock": "emulator.clock",
    "load_firmware": "emulator.firmware.loader",
}
"""Where each public name lives; it is imported when it is asked for, so that a part does not cost as the whole does."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
