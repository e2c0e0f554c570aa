"""A segment of a session: the steps of one probe, and its claims."""

from collections.abc import Sequence
from dataclasses import dataclass

from emulator.learning.asking.step import Step
from emulator.learning.claims.claim import Claim


@dataclass(frozen=True)
class Segment:
    """What one probe did and found, from begin to end."""

    probe: str
    steps: Sequence[Step]
    claims: Sequence[Claim]
