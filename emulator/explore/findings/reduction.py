"""Reduces the steps of a finding to the least scenario that still shows it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from emulator.explore.findings.grouping import Group
from emulator.explore.findings.retrials import Effort, Retrials
from emulator.explore.findings.signature import shows_the_same, signature_of
from emulator.explore.findings.simpler import WAYS, Known, Steps, shorter, without_defaults
from emulator.explore.findings.simplicity import duration_of
from emulator.explore.findings.whereabouts import applied_at, outcome_place, whereabouts
from emulator.explore.trials.trial import Result

_WAVE = 4
"""Scenarios that are run at once; a constant, so that the jobs change nothing of what is found."""


@dataclass(frozen=True)
class Reduced:
    """A scenario that has shown the finding, and how surely."""

    steps: Steps
    result: Result
    shown: tuple[int, int] = (0, 0)
    """How often it has shown it when it was run again, of how many times."""

    @property
    def is_steady(self) -> bool:
        """Return whether it has shown it each time."""
        return self.shown[0] == self.shown[1]


def start_of(group: Group, known: Known, commands: Collection[str]) -> Result:
    """Return the result of a group from which it is reduced."""
    fitting = [one for one in group.results if signature_of(one, commands).place == group.signature.place]
    return min(fitting or group.results, key=lambda one: (_is_elsewhere(one), known.cost(one.trial.steps)))


class Reduction:
    """Reduce one finding."""

    def __init__(
        self, group: Group, retrials: Retrials, known: Known, effort: Effort, commands: Collection[str] = ()
    ) -> None:
        """Begin with the simplest result that has shown the finding."""
        self._retrials = retrials
        self._known = known
        self._effort = effort
        self._commands = commands
        start = start_of(group, known, commands)
        self._wanted = signature_of(start, commands)
        self._others = _plainest([one for one in group.results if one is not start])
        self._stages = [Reduced(start.trial.steps, start)]
        """Scenarios that have shown the finding, each simpler than the one before."""

    def __repr__(self) -> str:
        return f"<Reduction of {self._wanted}, {len(self._stages)} stages>"

    def run(self) -> Reduced:
        """Return the least scenario that shows the finding surely, or the surest one."""
        for way in WAYS:
            while self._take_first(list(way(self._now, self._known))):
                pass
        self._shorten()
        return self._confirmed()

    @property
    def _now(self) -> Steps:
        return self._stages[-1].steps

    @property
    def _left(self) -> int:
        return 0 if self._effort.is_over else max(0, self._effort.reduction - self._retrials.runs)

    def _take_first(self, candidates: Sequence[Steps]) -> bool:
        """Go on with the first candidate that shows the finding; return whether there was one."""
        for start in range(0, len(candidates), _WAVE):
            wave = candidates[start : start + _WAVE]
            allowed = wave[: self._left]
            shown = self._shown(allowed)
            if shown:
                self._stages.append(shown[0])
                return True
            if len(allowed) < len(wave):
                break
        return False

    def _shown(self, candidates: Sequence[Steps]) -> list[Reduced]:
        """Run candidates; return those that show the finding, in their order."""
        if not candidates:
            return []
        results = self._retrials.run(candidates)
        return [Reduced(tuple(result.trial.steps), result) for result in results if self._is_shown(result)]

    def _is_shown(self, result: Result) -> bool:
        return result.outcome is self._wanted.outcome and shows_the_same(
            signature_of(result, self._commands), self._wanted
        )

    def _shorten(self) -> None:
        """Find the shortest duration of each fault, and take the next longer one, so that it is no matter of luck."""
        for number in range(len(list(shorter(self._now)))):
            shortenings = list(shorter(self._now))
            if number < len(shortenings):
                self._shorten_one(*shortenings[number])

    def _shorten_one(self, make: Callable[[float], Steps], ladder: Sequence[float]) -> None:
        lowest, edge = (
            0,
            len(ladder),
        )  # the shortest one that shows it is between them; behind the ladder is that of now
        found: dict[int, Reduced] = {}
        while lowest < edge and self._left:
            rungs = _spread(lowest, edge, min(_WAVE, self._left))
            candidates = [make(ladder[rung]) for rung in rungs]
            shown = {rungs[candidates.index(one.steps)]: one for one in self._shown(candidates)}
            found.update(shown)
            edge = min(shown, default=edge)
            lowest = max((rung + 1 for rung in rungs if rung < edge), default=lowest)
        surely = edge + 1
        if surely < len(ladder):
            self._stages.append(found.get(surely) or Reduced(make(ladder[surely]), found[edge].result))

    def _confirmed(self) -> Reduced:
        """Return the most reduced scenario that shows the finding each time, or else the surest one."""
        stages = [self._stages[-1], self._stages[len(self._stages) // 2], self._stages[0]]
        tried: list[Reduced] = []
        for stage in stages:
            steps = without_defaults(stage.steps)
            if any(steps == one.steps for one in tried):
                continue
            tried.append(self._confirm(steps, stage))
            if tried[-1].is_steady:
                return tried[-1]
        for other in self._others if self._effort.confirmations else ():
            self._wanted = signature_of(other, self._commands)
            tried.append(self._confirm(other.trial.steps, Reduced(other.trial.steps, other)))
            if tried[-1].is_steady:
                return tried[-1]
        return max(tried, key=lambda one: one.shown)

    def _confirm(self, steps: Steps, stage: Reduced) -> Reduced:
        results = self._retrials.run([steps] * self._effort.confirmations)
        shown = [result for result in results if self._is_shown(result)]
        return Reduced(steps, shown[0] if shown else stage.result, (len(shown), len(results)))


def _plainest(results: Sequence[Result]) -> list[Result]:
    """Return some results of one step with the longest durations, at several commands: the others may be luck."""
    alone = [one for one in results if len(one.trial.steps) == 1]
    alone.sort(key=lambda one: -sum(duration_of(fault) for fault in one.trial.steps[0].faults))
    longest: dict[str, Result] = {}
    for one in alone:
        longest.setdefault(one.trial.steps[0].command, one)
    return list(longest.values())[:_OTHERS]


_OTHERS = 3
"""Results of a finding that are tried when the simplest one does not show it each time."""


def _is_elsewhere(result: Result) -> bool:
    """Return whether the host went wrong elsewhere than the step applied: what came directly is plainer."""
    steps = result.trial.steps
    return outcome_place(result.outcome, whereabouts(result.story, steps), steps) != applied_at(steps[-1])


def _spread(lowest: int, end: int, count: int) -> list[int]:
    """Return up to `count` whole numbers from `lowest` to below `end`, with both ends among them."""
    last = end - lowest - 1
    if last < count:
        return list(range(lowest, end))
    return [lowest + round(place * last / max(1, count - 1)) for place in range(count)]
