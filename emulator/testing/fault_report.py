"""Tells of the modem of a test its seed, and how often each of its faults has fired."""

from emulator.api import VirtualModem
from emulator.trace.events import Event, FaultTally, Seeded


class FaultReport:
    """Read the trace of a modem; ask the modem itself while it runs."""

    def __init__(self) -> None:
        self.seed = 0
        self._modem: VirtualModem | None = None
        self._told: list[FaultTally] = []

    def __call__(self, now: float, event: Event) -> None:
        match event:
            case Seeded(seed=seed):
                self.seed = seed
            case FaultTally():
                self._told.append(event)

    def follow(self, modem: VirtualModem) -> None:
        """Ask this modem, which has been started."""
        self._modem = modem

    @property
    def tallies(self) -> list[FaultTally]:
        """How often each fault has fired up to now, or had when the modem ended."""
        if self._modem is not None and self._modem.is_running:
            return self._modem.faults.tallies
        return self._told

    @property
    def in_words(self) -> str:
        """Return a line for the seed and one for each fault."""
        return "\n".join([f"seed {self.seed}", *(tally.in_words for tally in self.tallies)])
