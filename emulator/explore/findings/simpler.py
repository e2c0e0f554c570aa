"""Proposes simpler scenarios in the place of one: each function a way, what is simplest first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from emulator.explore.findings.causes import cause_of
from emulator.explore.findings.facts import answer_to
from emulator.explore.findings.simplicity import Cost, byte_of, cost_of, duration_of
from emulator.explore.steps.answer import parse
from emulator.explore.steps.step import Nature, Step
from emulator.explore.trials.verdict import Outcome
from emulator.faults.catalogue import FAULTS
from emulator.faults.census import Census

Steps = tuple[Step, ...]


@dataclass(frozen=True)
class Known:
    """What is known of the host before anything is run again."""

    census: Census
    """Of the healthy run."""
    outcome: Outcome
    """Of the finding."""
    steps: Sequence[Step] = ()
    """All single steps; one of them may show the same and be simpler."""
    survived: Sequence[Step] = ()

    def cost(self, steps: Sequence[Step]) -> Cost:
        """Return the cost of steps, of which one at the boundary of a line is simpler than one within it."""
        positions = [(byte_of(fault) > 0, self._position(step, fault)) for step in steps for fault in step.faults]
        return (*cost_of(steps)[:-1], positions)

    def _position(self, step: Step, fault: Mapping[str, Any]) -> float:
        data = answer_to(self.census, step)
        return parse(data).position(fault) if data else byte_of(fault)


def fewer_steps(steps: Steps, known: Known) -> Iterator[Steps]:
    """Leave one step out."""
    if len(steps) > 1:
        yield from ((step,) for step in steps)
    if len(steps) > 2:
        yield from (steps[:place] + steps[place + 1 :] for place in range(len(steps)))


def fewer_faults(steps: Steps, known: Known) -> Iterator[Steps]:
    """Leave one fault of a step out.

    It may be the one that ends what another has begun: then a host may give up.
    """
    if known.outcome is Outcome.NEEDLESS_FAILURE:
        return
    for place, step in _changeable(steps):
        if len(step.faults) > 1:
            for left_out in range(len(step.faults)):
                yield _with(steps, place, step.faults[:left_out] + step.faults[left_out + 1 :])


def simpler_step(steps: Steps, known: Known) -> Iterator[Steps]:
    """Take another step at the same command that demands the same of a host; of each kind the simplest one.

    Variations are changed in this way only, and by their duration: each has to be one that a module shows.
    """
    if len(steps) != 1:
        return
    (step,) = steps
    now = known.cost(steps)
    candidates = [
        other
        for other in known.steps
        if other.command == step.command
        and other.nature is step.nature
        and cause_of([other]) == cause_of([step])
        and known.cost([other]) < now
        and other not in known.survived
    ]
    candidates.sort(key=lambda other: known.cost([other]), reverse=True)
    kinds = {other.kind: other for other in candidates}
    best = sorted(kinds.values(), key=lambda other: known.cost([other]))[:_KINDS]
    yield from ((other,) for other in best)


_KINDS = 4
"""Kinds that are tried in the place of one."""


def earlier(steps: Steps, known: Known) -> Iterator[Steps]:
    """Let each fault apply at an earlier occurrence."""
    for place, step in _changeable(steps):
        latest = min((_occurrence(fault) for fault in step.faults), default=1)
        for back in range(latest - 1, 0, -1):
            if latest - back > _EARLIER:
                break
            faults = tuple(_set(fault, occurrence=_occurrence(fault) - back) for fault in step.faults)
            yield _with(steps, place, faults, occurrence=max(1, step.occurrence - back))


_EARLIER = 4
"""Occurrences from the first on that are tried."""


def fewer_keys(steps: Steps, known: Known) -> Iterator[Steps]:
    """Leave out what only narrows the address, and repeat nothing."""
    for place, step in _changeable(steps):
        for number, fault in enumerate(step.faults):
            for key in _NARROWING:
                if key in fault:
                    yield _with_fault(steps, place, number, {each: fault[each] for each in fault if each != key})


_NARROWING = ("terminal", "host", "times", "probability", "time", "delay", "count")


def without_defaults(steps: Steps) -> Steps:
    """Leave out the keys that have the value which they have when they are left out."""
    return tuple(replace(step, faults=tuple(_without_defaults(fault) for fault in step.faults)) for step in steps)


def _without_defaults(fault: Mapping[str, Any]) -> Mapping[str, Any]:
    kind = FAULTS.get(str(fault["fault"]))
    if kind is None:
        return fault
    defaults = {field.name: field.default for field in msgspec.structs.fields(kind)}
    return {key: value for key, value in fault.items() if key not in defaults or defaults[key] != value}


def _changeable(steps: Steps) -> Iterator[tuple[int, Step]]:
    return ((place, step) for place, step in enumerate(steps) if step.nature is not Nature.VARIATION)


WAYS: Sequence[Callable[[Steps, Known], Iterator[Steps]]] = (
    fewer_steps,
    fewer_faults,
    simpler_step,
    earlier,
    fewer_keys,
)
"""In the order in which they are tried; durations come last, see `shorter`."""


def shorter(steps: Steps) -> Iterator[tuple[Callable[[float], Steps], Sequence[float]]]:
    """Yield, for each duration, what makes steps with another one, and shorter ones, the shortest first."""
    for place, step in enumerate(steps):
        for number, fault in enumerate(step.faults):
            now = duration_of(fault)
            if ladder := [seconds for seconds in LADDER if seconds < now]:
                yield _Shortening(steps, place, number, now), ladder


LADDER = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120, 180)
"""Seconds."""


@dataclass(frozen=True)
class _Shortening:
    """Makes steps in which one fault lasts another time."""

    steps: Steps
    place: int
    number: int
    now: float

    def __call__(self, seconds: float) -> Steps:
        step = self.steps[self.place]
        fault = {**step.faults[self.number], "duration": seconds}
        lasts = max(0.0, step.lasts - (self.now - seconds))
        changed = _with_fault(self.steps, self.place, self.number, fault, ("", f"{self.now:g} s", f"{seconds:g} s"))
        return _replaced(changed, self.place, replace(changed[self.place], lasts=lasts))


def _occurrence(fault: Mapping[str, Any]) -> int:
    return int(fault.get("occurrence", 1))


def _set(fault: Mapping[str, Any], *, occurrence: int) -> Mapping[str, Any]:
    rest = {key: value for key, value in fault.items() if key != "occurrence"}
    return rest if occurrence <= 1 else {**fault, "occurrence": occurrence}


def _with(steps: Steps, place: int, faults: tuple[Mapping[str, Any], ...], occurrence: int | None = None) -> Steps:
    step = steps[place]
    return _replaced(steps, place, replace(step, faults=faults, occurrence=occurrence or step.occurrence))


def _with_fault(
    steps: Steps, place: int, number: int, fault: Mapping[str, Any], said: tuple[str, Any, Any] | None = None
) -> Steps:
    step = steps[place]
    faults = (*step.faults[:number], fault, *step.faults[number + 1 :])
    detail = step.detail
    if said is not None:
        word, before, after = said
        detail = detail.replace(f"{word} {before}".strip(), f"{word} {after}".strip())
    return _replaced(steps, place, replace(step, faults=faults, detail=detail))


def _replaced(steps: Steps, place: int, step: Step) -> Steps:
    return (*steps[:place], step, *steps[place + 1 :])
