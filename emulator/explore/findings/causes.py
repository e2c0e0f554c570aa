"""Sorts steps by what they demand of a host, so that two bugs at one command are told apart."""

from collections.abc import Mapping, Sequence
from functools import cache

from emulator.explore.steps.step import Nature, Step
from emulator.explore.subjects import all_kinds

BAD_DAY = "bad day"
"""The cause of all that fails, is lost or damaged: a host that waits without a limit hangs at each of these.

Where it makes a difference to the host, the symptom is another one.
"""


def cause_of(steps: Sequence[Step]) -> str:
    """Return what steps demand: the subject of a variation, or to bear a bad day."""
    return " and ".join(sorted({_cause(step) for step in steps}))


def _cause(step: Step) -> str:
    return BAD_DAY if step.nature is not Nature.VARIATION else subject_of(step)


def subject_of(step: Step) -> str:
    """Return the subject of a step: what is in one file of `steps/` demands one thing of a host."""
    return _subjects().get(step.kind, step.kind)


@cache
def _subjects() -> Mapping[str, str]:
    return {kind.name: subject for subject, kinds in all_kinds().items() for kind in kinds}
