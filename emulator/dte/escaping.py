"""How a host escapes from data mode."""

GUARD_TIME = 1.2
"""Seconds without a byte before and after +++; a module's S12 is one second unless it is set."""
