"""How long things take: nothing at all, or as long as the profile says they take in the field."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from emulator.firmware.schema.times import Spread, Times
from emulator.later import later

if TYPE_CHECKING:
    import random
else:
    random = later("random")

_TAIL = 1.6449
"""Standard deviations beyond which 5 of 100 lie."""
_FARTHEST = 2.5
"""Standard deviations at which a draw is cut off: nothing takes as long as the longest times that guides state."""

Choice = Callable[[Times], Spread]
"""Chooses one of the times of a profile."""


class Pace:
    """Lets nothing take time; the base of what does."""

    times: Times | None = None
    """The times of the profile; None where nothing takes time."""

    def of(self, subject: str) -> "Pace":
        """Return a pace whose draws depend on no other subject's: neither their number nor their order counts."""
        return self

    def seconds(self, choose: Choice, otherwise: float = 0.0) -> float:
        """Return how long it takes this time; `otherwise` where nothing takes time."""
        return otherwise

    def command(self, *typed: str) -> float:
        """Return what the command takes of its own, by the first form of what was typed that the profile has."""
        return 0.0


AT_ONCE = Pace()


class Realistic(Pace):
    """Draws each time from the spread of the profile, by the seed."""

    def __init__(self, times: Times, seed: int, subject: str = "") -> None:
        self.times: Times = times
        self._seed = seed
        self._random = random.Random(f"{seed} {subject}")

    def __repr__(self) -> str:
        return f"<Realistic, factor {self.times.factor:g}>"

    def of(self, subject: str) -> Pace:
        """See `Pace`."""
        return Realistic(self.times, self._seed, subject)

    def seconds(self, choose: Choice, otherwise: float = 0.0) -> float:
        """See `Pace`."""
        return self._draw(choose(self.times))

    def command(self, *typed: str) -> float:
        """See `Pace`."""
        own = self.times.commands.own
        spread = next((own[text] for text in typed if text in own), None)
        return 0.0 if spread is None else self._draw(spread)

    def _draw(self, spread: Spread) -> float:
        """Draw log-normally, with a width of its own on each side of the median."""
        median, low, high = spread
        deviation = max(-_FARTHEST, min(_FARTHEST, self._random.gauss(0.0, 1.0)))
        width = math.log(high / median if deviation > 0 else median / low) / _TAIL
        return self.times.factor * median * math.exp(deviation * width)
