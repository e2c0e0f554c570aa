"""Is told how an exploration goes, as it goes."""

from emulator.explore.findings.finding import Finding
from emulator.explore.trials.trial import Result


class Observer:
    """Hear nothing; a subclass overrides what it wants to show."""

    def begins(self, firmware: str) -> None:
        """Hear that a firmware is explored from now on; its healthy run comes first."""

    def is_healthy(self, result: Result, steps: int) -> None:
        """Hear that the healthy run has passed; so many single steps are to be tried."""

    def ended(self, result: Result, runs: int, waiting: int) -> None:
        """Hear that a run has ended.

        Args:
            result: what came of it.
            runs: how many have ended up to now, with this firmware.
            waiting: how many more are known to be needed; it grows while something is taken apart.
        """

    def reduces(self, findings: int) -> None:
        """Hear that the steps have been tried; what was found is reduced now."""

    def found(self, finding: Finding) -> None:
        """Hear of a finding that has been reduced and has its name."""

    def notes(self, text: str) -> None:
        """Hear what else is to be said, in a line."""

    def is_over(self) -> None:
        """Hear that all firmwares have been explored, or that somebody has stopped it."""
