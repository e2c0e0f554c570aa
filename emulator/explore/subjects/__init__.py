"""What can happen at each place of a healthy run: a file a subject."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from emulator.explore.steps.kind import Kind, word_of
from emulator.explore.steps.step import Step
from emulator.explore.subjects import (
    answers,
    calls,
    card,
    connections,
    dials,
    firmware,
    handshakes,
    network,
    noise,
    pace,
    port,
    power,
    results,
    urcs,
)
from emulator.faults.census import Census


class Subject(Protocol):
    """A file of steps."""

    @property
    def KINDS(self) -> Sequence[Kind]:  # noqa: N802  a constant of the file
        """All kinds of its steps."""

    def steps(self, census: Census) -> Iterator[Step]:
        """Yield its steps, in the order of the places."""


SUBJECTS: Sequence[Subject] = (
    answers,
    pace,
    urcs,
    results,
    connections,
    handshakes,
    dials,
    network,
    card,
    power,
    port,
    calls,
    noise,
    firmware,
)


def all_kinds() -> Mapping[str, Sequence[Kind]]:
    """Return the kinds of steps by subject."""
    return {_name(subject): subject.KINDS for subject in SUBJECTS}


def all_steps(census: Census, kinds: Collection[str] | None = None) -> Iterator[Step]:
    """Yield every single step aside, in the order of the places; with `kinds`, only those of these names."""
    for subject in SUBJECTS:
        if kinds is None or any(kind.name in kinds for kind in subject.KINDS):
            yield from (step for step in subject.steps(census) if kinds is None or step.kind in kinds)


def _name(subject: Subject) -> str:
    return word_of(str(getattr(subject, "__name__", "")).rpartition(".")[2])
