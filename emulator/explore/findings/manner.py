"""Tells the manners of one kind of fault apart, where a host has to bear another thing in each."""

from collections.abc import Mapping
from typing import Any

from emulator.explore.findings.causes import subject_of
from emulator.explore.steps.step import Step

SLOW = "bytes-late as a whole"
DRIBBLE = "bytes-late one by one"
_PACE = "pace"
"""The subject of answers that take their time."""


def manner_of(fault: Mapping[str, Any], step: Step) -> str:
    """Return the name of a fault; an answer that comes late as a whole is another thing than one in pieces."""
    name = str(fault["fault"])
    if name != "bytes-late":
        return name
    if int(fault.get("count", 1)) > 1:
        return DRIBBLE
    is_whole = not fault.get("byte") and "line" not in fault
    return SLOW if is_whole or subject_of(step) == _PACE else name
