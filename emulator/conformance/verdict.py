"""The verdicts: what came of each exchange."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from emulator.conformance.items import Item


class Verdict(StrEnum):
    """What came of an exchange, or of all exchanges of a command."""

    AGREED = "agreed"
    """The module says what is expected."""
    DIFFERS = "differs"
    """It says something else."""
    NOT_THERE = "not there"
    """The command exists on one side only."""
    NOT_TRIED = "not tried"
    """It was not played."""


WORST_FIRST = (Verdict.NOT_THERE, Verdict.DIFFERS, Verdict.AGREED, Verdict.NOT_TRIED)
"""The verdict on a command is the first of these that one of its exchanges has."""
PARTED = (Verdict.NOT_THERE, Verdict.DIFFERS)
"""The verdicts that say that module and emulator are not alike."""


@dataclass(frozen=True)
class Said:
    """What one side said to the bytes of the host."""

    text: str = ""
    """As Latin-1."""
    seconds: float = 0.0


@dataclass(frozen=True)
class Result:
    """What came of one exchange."""

    item: Item
    command: str
    """The name of the command that was sent."""
    sent: str
    """What the host sent, as a dialogue writes it."""
    verdict: Verdict
    why: str = ""
    """In words; empty where it agrees."""
    diff: str = ""
    """As `diff -u` writes it: what is expected, and what the module says."""
    reasons: Sequence[str] = ()
    """Why the emulated firmware refuses, or has ended a connection."""
    told: Sequence[str] = ()
    """What the module says, as the lines of a dialogue."""
    expected: Sequence[str] = ()
    """What is expected, in the same form."""
    module: Said = Said()
    emulated: Said = Said()


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict on a command by those on its exchanges."""
    return next(verdict for verdict in WORST_FIRST if verdict in verdicts)
