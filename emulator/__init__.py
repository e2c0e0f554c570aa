"""A Telit cellular module in software: AT commands on a pseudo-terminal, TLS 1.0 to real servers.

`VirtualModem` runs one; `load_firmware` looks at what a firmware has. Everything else, but for `emulator.testing`, may
change between releases.
"""

from emulator.clock import Clock, ManualClock, WallClock
from emulator.errors import UserError
from emulator.firmware.loader import Firmware, load_firmware
from emulator.virtual_modem import VirtualModem

__all__ = ["Clock", "Firmware", "ManualClock", "UserError", "VirtualModem", "WallClock", "load_firmware"]
__version__ = "0.1.0"
