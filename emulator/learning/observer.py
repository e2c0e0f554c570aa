"""What a session of learning tells whoever watches it."""

from emulator.dte.identity import Identity


class Observer:
    """Watch a session; each method may be left as it is."""

    def begins(self, identity: Identity, base: str, count: int, done: int) -> None:
        """Hear that learning begins, or goes on: with a base, so many probes, of which some are done."""

    def probes(self, number: int, name: str) -> None:
        """Hear that the probe of this number is run."""

    def restores(self) -> None:
        """Hear that the module is put back."""

    def verifies(self, count: int) -> None:
        """Hear that so many values which differ from the base are tried on an emulated module."""
