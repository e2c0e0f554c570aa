"""A step aside: what happens in a run that would be healthy otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Nature(StrEnum):
    """What a step demands of a host."""

    VARIATION = "variation"
    """Modules show it on a good day: a correct host does its work all the same."""
    FAULT = "fault"
    """Something fails: a correct host gets over it if it is over within its patience, or says that it has failed."""
    NOISE = "noise"
    """Bytes are lost or damaged, which no host can always notice: it may fail, but it must not crash or hang."""


@dataclass(frozen=True)
class Step:
    """One step aside, at one place."""

    kind: str
    """The column of the map: the kind of fault, or of variation, in a few words, as in `answer in two pieces`."""
    nature: Nature
    command: str
    """The row of the map: the command of the healthy run at which it applies, as in `+CREG?`; empty for none."""
    occurrence: int
    """Which one of those commands, from 1 on."""
    faults: tuple[Mapping[str, Any], ...]
    """As a scenario has them: `{"fault": "bytes-late", "command": "+CREG?", "at": "answer", "byte": 4}`."""
    source: str
    """Where it is written, or was seen, that a module or a network does so."""
    lasts: float = 0.0
    """Seconds of the module's time until what it begins is over."""
    tier: int = 1
    """1 for what is tried first: cheap and telling; 2 for the rest."""
    firmware: str | None = None
    """Another firmware of the same line, in the place of the one that is explored."""
    detail: str = ""
    """What else tells it from the others of its kind, as in `after byte 4` or `RING`."""

    @property
    def place(self) -> str:
        """Return the place in one line, as in `+CREG? (2nd)`."""
        return place_name(self.command, self.occurrence)


def place_name(command: str, occurrence: int) -> str:
    """Return a place in one line: a command of the run, with which one of them it is from the second on."""
    return command if occurrence == 1 else f"{command} (number {occurrence})"
