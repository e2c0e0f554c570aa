"""A batch: steps that are tried in one run, which is taken apart when it fails."""

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from emulator.explore.schedule.tried import State, Tried
from emulator.explore.trials.trial import Result


@dataclass(eq=False)
class Part:
    """One run of a batch: some of its steps, and what follows from its result."""

    members: Sequence[Tried]
    judged: Callable[[Result], None]


@dataclass(eq=False)
class _Doubt:
    """A failed run whose last step is the suspect: it is run alone, and the others without it."""

    suspect: Tried
    others: Sequence[Tried]
    result: Result
    open: int = 2
    failed: bool = False


@dataclass(eq=False)
class Batch:
    """Try some steps in as few runs as tell what each of them does.

    When a run fails, the host usually stops soon after what broke it: so the last step that has happened is the
    suspect. It is run alone, and the others are run without it, again and again until what is left passes. When both of
    these runs pass, several steps break the host only together.
    """

    members: Sequence[Tried]
    tier: int = 1
    number: int = 0
    """Its place among those of the whole."""
    started: int = 0
    """Runs up to now."""
    guilty: list[Tried] = field(default_factory=list)
    combinations: list[Result] = field(default_factory=list)
    """Runs that failed, while no step of them fails alone: the fewest steps that were found."""
    odd: list[Result] = field(default_factory=list)
    """Runs that failed, though no step had happened."""
    _waiting: deque[Part] = field(default_factory=deque, repr=False)
    _running: int = 0

    def __post_init__(self) -> None:
        self._try(self.members)

    @property
    def most(self) -> int:
        """Return how many runs it may take at most, roughly, when nothing is known yet."""
        size = len(self.members)
        return 1 if size == 1 else 3 * size + 2 * math.ceil(math.log2(size))

    @property
    def is_over(self) -> bool:
        """Return whether all is known."""
        return not self._waiting and not self._running

    @property
    def waiting(self) -> int:
        """Return how many runs are known to be needed still."""
        return len(self._waiting)

    def leave_out(self, members: Sequence[Tried]) -> None:
        """Leave out steps before the first run."""
        self.members = [one for one in self.members if one not in members]
        self._waiting.clear()
        self._try(self.members)

    def next(self) -> Part | None:
        """Return the next run; None when there is none before others have ended."""
        if not self._waiting:
            return None
        self.started += 1
        self._running += 1
        return self._waiting.popleft()

    def note(self, part: Part, result: Result) -> None:
        """Take the result of a run."""
        self._running -= 1
        part.judged(result)

    def _try(self, members: Sequence[Tried], doubt: _Doubt | None = None) -> None:
        if members:
            self._waiting.append(Part(members, lambda result: self._judge(members, doubt, result)))

    def _judge(self, members: Sequence[Tried], doubt: _Doubt | None, result: Result) -> None:
        happened, missed = _parted(members, result)
        if not happened:
            for one in missed:
                one.settle(State.NOT_REACHED, result)
            if result.outcome.is_finding:
                self.odd.append(result)
        elif not result.outcome.is_finding:
            for one in happened:
                one.settle(State.SURVIVED, result)
            self._try(missed)
        elif len(happened) == 1:
            happened[0].settle(State.GUILTY, narrowed(result, members, happened))
            self.guilty += happened
            self._try(missed)
        else:
            *others, suspect = happened
            two = _Doubt(suspect, others, narrowed(result, members, happened))
            self._try([suspect], two)
            self._try([*others, *missed], two)
        if doubt is not None:
            self._resolve(doubt, result.outcome.is_finding)

    def _resolve(self, doubt: _Doubt, failed: bool) -> None:
        doubt.open -= 1
        doubt.failed |= failed
        if not doubt.open and not doubt.failed:
            self._combine(doubt.suspect, doubt.others, doubt.result)

    def _combine(self, suspect: Tried, others: Sequence[Tried], result: Result) -> None:
        """Find the fewest of the others that break the host together with the suspect, by halves."""
        if len(others) == 1:
            self.combinations.append(result)
            return
        middle = len(others) // 2
        halves = [others[middle:], others[:middle]]
        results: list[Result | None] = [None, None]
        for index, half in enumerate(halves):
            self._waiting.append(Part([*half, suspect], self._half(index, results, halves, suspect, result)))

    def _half(
        self,
        index: int,
        results: list[Result | None],
        halves: Sequence[Sequence[Tried]],
        suspect: Tried,
        whole: Result,
    ) -> Callable[[Result], None]:
        def judged(result: Result) -> None:
            results[index] = result
            known = [one for one in results if one is not None]
            if len(known) < len(halves):
                return
            failing = next((number for number, one in enumerate(known) if one.outcome.is_finding), None)
            if failing is None:
                self.combinations.append(whole)
            else:
                self._combine(suspect, halves[failing], known[failing])

        return judged


def _parted(members: Sequence[Tried], result: Result) -> tuple[list[Tried], list[Tried]]:
    """Return the steps that have happened in a run, and the others."""
    flags = result.happened
    return (
        [one for one, flag in zip(members, flags, strict=True) if flag],
        [one for one, flag in zip(members, flags, strict=True) if not flag],
    )


def narrowed(result: Result, members: Sequence[Tried], kept: Sequence[Tried]) -> Result:
    """Return a result as if only some of its steps had been there: the others have not happened."""
    if len(kept) == len(members):
        return result
    tallies = iter(result.story.faults)
    faults = [(one, next(tallies, None)) for one in members for _ in one.step.faults]
    story = replace(result.story, faults=[tally for one, tally in faults if tally is not None and one in kept])
    trial = replace(result.trial, steps=tuple(one.step for one in kept))
    return replace(result, trial=trial, story=story)


def results_of(batch: Batch) -> Iterator[Result]:
    """Yield the runs of what a batch has found: of each guilty step, of each combination."""
    yield from (one.result for one in batch.guilty if one.result is not None)
    yield from batch.combinations
