"""Packs steps into batches: variations that do not disturb each other go together, everything else goes alone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from random import Random

from emulator.explore.schedule.batch import Batch
from emulator.explore.schedule.tried import Tried
from emulator.explore.steps.step import Nature

MOST = 24
"""Steps in one run."""


def batches(tried: Sequence[Tried], tier: int, random: Random, patience: float) -> list[Batch]:
    """Return the batches of a tier, in the order in which they are tried: the kinds take turns.

    Args:
        tried: all steps, in the order of the places.
        tier: of the steps that are wanted.
        random: decides which step of a kind comes first.
        patience: seconds that the steps of one batch may last together.
    """
    kinds: dict[tuple[str, str | None], list[Tried]] = defaultdict(list)
    for one in tried:
        if one.step.tier == tier:
            kinds[one.step.kind, one.step.firmware].append(one)
    return [
        Batch(group, tier)
        for turn in zip_longest(*(_of_one_kind(members, random, patience) for members in kinds.values()))
        for group in turn
        if group is not None
    ]


def _of_one_kind(members: Sequence[Tried], random: Random, patience: float) -> list[list[Tried]]:
    if members[0].step.nature is not Nature.VARIATION:
        return [[one] for one in random.sample(members, len(members))]
    return [group for layer in _layers(members, random) for group in _packed(layer, patience)]


def _layers(members: Iterable[Tried], random: Random) -> Iterator[list[Tried]]:
    """Yield steps of which no two are at one place."""
    places: dict[tuple[str, int], list[Tried]] = defaultdict(list)
    for one in members:
        places[one.step.command, one.step.occurrence].append(one)
    for at_one_place in places.values():
        random.shuffle(at_one_place)
    for layer in zip_longest(*places.values()):
        yield [one for one in layer if one is not None]


def _packed(layer: Sequence[Tried], patience: float) -> Iterator[list[Tried]]:
    """Yield groups that are not too large and do not last too long."""
    group: list[Tried] = []
    for one in layer:
        lasts = sum(member.step.lasts for member in group) + one.step.lasts
        if group and (len(group) == MOST or lasts > patience):
            yield group
            group = []
        group.append(one)
    if group:
        yield group
