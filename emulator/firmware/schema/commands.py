"""The schema of the commands that a firmware has, and of their parameters."""

from emulator.firmware.limits import Numeric

Presence = bool | dict[str, bool | Numeric]
"""Presence of a command: whether it is there, or by name which of its parameters are, or what these may be."""
