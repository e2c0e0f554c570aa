"""Deals the kinds of steps out to the shards of an exploration."""

from collections import Counter
from collections.abc import Mapping

from emulator.matrix.shard import Shard


def own_kinds(sizes: Mapping[str, int], shard: Shard) -> frozenset[str]:
    """Return the kinds that belong to a shard: the largest first, each to the shard that has least.

    A kind stays whole, as what one of its steps has shown decides which others are put off.

    Args:
        sizes: how many batches each kind has.
        shard: whose kinds are wanted.
    """
    load = Counter(dict.fromkeys(range(1, shard.of + 1), 0))
    own = set[str]()
    for kind in sorted(sizes, key=lambda name: (-sizes[name], name)):
        least = min(load, key=lambda number: (load[number], number))
        load[least] += sizes[kind]
        if least == shard.number:
            own.add(kind)
    return frozenset(own)
