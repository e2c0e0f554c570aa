"""Orders steps by how simple they are to explain: what is simplest is told."""

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.explore.steps.step import Nature, Step
from emulator.faults.catalogue import FAULTS
from emulator.faults.quantities import Duration, Size

_NATURES = (Nature.VARIATION, Nature.FAULT, Nature.NOISE)

_SIMPLEST = (
    "bytes-late",
    "unsolicited-line",
    "activation-late",
    "activation-refused",
    "connection-closed",
    "connection-reset",
    "connection-refused",
    "connection-unanswered",
    "peer-silent",
    "bytes-lost",
    "registration-lost",
    "reboot",
    "brown-out",
)
"""Faults from the simplest on; the others come behind them, in the order of the catalogue."""

_RANKS = {name: rank for rank, name in enumerate(dict.fromkeys((*_SIMPLEST, *FAULTS)))}

Cost = tuple[Any, ...]


def cost_of(steps: Sequence[Step]) -> Cost:
    """Return what grows with the difficulty of a scenario; two costs can be compared."""
    faults = [fault for step in steps for fault in step.faults]
    return (
        len(steps),
        len(faults),
        [_NATURES.index(step.nature) for step in steps],
        [_RANKS.get(str(fault["fault"]), len(_RANKS)) for fault in faults],
        [step.occurrence for step in steps],
        sum(len(fault) for fault in faults),
        [len(str(fault.get("text", ""))) for fault in faults],
        sum(duration_of(fault) for fault in faults),
        [byte_of(fault) for fault in faults],
    )


def duration_of(fault: Mapping[str, Any]) -> float:
    """Return the seconds that a fault says; 0 where it says none."""
    return float(Duration.parse(fault["duration"])) if "duration" in fault else 0.0


def byte_of(fault: Mapping[str, Any]) -> float:
    """Return after how many bytes a fault applies; 0 where it does not say so."""
    return float(Size.parse(fault["byte"])) if "byte" in fault else 0.0
