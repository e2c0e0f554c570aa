"""A kind of step aside, as its subject declares it: a column of the map, and a word for `--kinds`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emulator.explore.steps.step import Nature, Step


@dataclass(frozen=True)
class Kind:
    """A kind of fault or of variation."""

    name: str
    """In a few words, as in `answer in two pieces`."""
    nature: Nature
    source: str
    """Where it is written, or was seen, that a module or a network does so."""

    @property
    def word(self) -> str:
        """Return the name in one word, as in `answer-in-two-pieces`."""
        return word_of(self.name)

    def step(
        self,
        command: str,
        occurrence: int,
        *faults: Mapping[str, Any],
        source: str = "",
        lasts: float = 0.0,
        tier: int = 1,
        firmware: str | None = None,
        detail: str = "",
    ) -> Step:
        """Return a step of this kind; with a `source` of its own where that of the kind says less."""
        return Step(
            kind=self.name,
            nature=self.nature,
            command=command,
            occurrence=occurrence,
            faults=faults,
            source=source or self.source,
            lasts=lasts,
            tier=tier,
            firmware=firmware,
            detail=detail,
        )


def word_of(name: str) -> str:
    """Return a name as it is typed in one word: small letters, digits and hyphens."""
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")
