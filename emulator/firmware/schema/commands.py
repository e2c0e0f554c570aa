"""Which commands a firmware has, and which of their parameters."""

from emulator.firmware.limits import Numeric

Presence = bool | dict[str, bool | Numeric]
"""Whether a firmware has a command, or by name what it has of the command's parameters: whether one, or its limits."""
