"""Reduction of a case that fails to a shorter one that fails alike."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from fuzzing.case import Case, Step

Item = TypeVar("Item")

_MOST_TRIES = 600
"""Runs that a reduction may take."""


def reduce_case(case: Case, fails: Callable[[Case], bool]) -> Case:
    """Return the case with as few steps as still fail, and as short texts in them."""
    left = _MOST_TRIES

    def still_fails(steps: Sequence[Step]) -> bool:
        nonlocal left
        left -= 1
        return left >= 0 and fails(case.with_steps(steps))

    steps = _fewest(case.steps, still_fails)
    for index, step in enumerate(steps):
        if isinstance(step.argument, str):
            steps = _with_shorter_text(steps, index, still_fails)
    return case.with_steps(steps)


def _with_shorter_text(steps: list[Step], index: int, fails: Callable[[Sequence[Step]], bool]) -> list[Step]:
    step = steps[index]

    def with_text(text: Sequence[str]) -> list[Step]:
        return [*steps[:index], Step(step.verb, "".join(text)), *steps[index + 1 :]]

    return with_text(_fewest(list(step.argument), lambda text: fails(with_text(text))))


def _fewest(items: Sequence[Item], fails: Callable[[Sequence[Item]], bool]) -> list[Item]:
    """Leave out parts of a list, large ones first, while the rest fails (Zeller's delta debugging)."""
    kept, size = list(items), len(items)
    while size:
        for rest in _without_parts(kept, size):
            if fails(rest):
                kept = rest
                break
        else:
            size //= 2
        size = min(size, len(kept))
    return kept


def _without_parts(items: list[Item], size: int) -> Iterator[list[Item]]:
    for start in range(0, len(items), size):
        yield items[:start] + items[start + size :]
