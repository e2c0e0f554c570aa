"""A probe: what it asks a module, what it may change there, how that is undone, and which keys it can tell."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from emulator.firmware.layers import KeyPath
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.claims.claim import Claim


class PassedOver(Exception):
    """A probe has found something of the user's in its way, and asks nothing; the message says what, as a sentence."""


class Probe(ABC):
    """Ask a module for some keys of its profile.

    A probe that is broken off leaves the module as it was: whatever it changes it undoes in a `finally`.
    """

    name: str
    """For the progress bar and the journal: unique."""
    asks: str
    """What it sends, in a sentence."""
    changes: str = ""
    """What it may change on the module meanwhile; empty where it changes nothing."""
    undone: str = ""
    """How that is undone."""

    @abstractmethod
    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        """Return the keys that it can tell, of those that the schema has."""

    def seldom_tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        """Return the keys that it can tell only of a module in a seldom state, as without a card."""
        return iter(())

    @abstractmethod
    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        """Ask, and return the values that the answers show: only what is certain, changed or not.

        Raises:
            PassedOver: something of the user's is in the way.
        """
