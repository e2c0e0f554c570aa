"""Decides what is run next; the same seed gives the same runs, however many run side by side."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, count, islice
from random import Random

from emulator.explore.schedule.batch import Batch, Part
from emulator.explore.schedule.dealing import own_kinds
from emulator.explore.schedule.groups import batches
from emulator.explore.schedule.tried import State, Tried
from emulator.explore.steps.step import Step
from emulator.matrix.shard import WHOLE, Shard

_LAG = 3
"""Batches of one kind that may be under way: what an earlier one has found is known to each later one."""
_TELLING, _REST = 1, 2
"""Tiers of steps."""


class Schedule:
    """Order the batches: cheap and telling steps, the rest, what was put off, pairs.

    A batch that is taken apart goes on before the next one begins. What is begun depends on results of earlier batches
    that are surely known, never on which run happens to end first.
    """

    def __init__(
        self, steps: Sequence[Step], seed: int, patience: float, *, goes_on: bool, shard: Shard = WHOLE
    ) -> None:
        """Take the single steps.

        Args:
            steps: all of them, in the order of the places.
            seed: decides the order within a kind, and the pairs.
            patience: seconds that the steps of one batch may last together.
            goes_on: whether steps that were put off and pairs follow, until somebody stops.
            shard: the part of the batches that is run; their order within it is that of the whole.
        """
        self._all = [Tried(step, place=place) for place, step in enumerate(steps)]
        self._shard = shard
        self._random = Random(seed)  # noqa: S311  it must be the same each time
        self._goes_on = goes_on
        of_whole = [batch for tier in (_TELLING, _REST) for batch in batches(self._all, tier, self._random, patience)]
        for number, batch in enumerate(of_whole):
            batch.number = number
        own = own_kinds(Counter(map(_kind, of_whole)), shard)
        self.batches: list[Batch] = [batch for batch in of_whole if _kind(batch) in own]
        self.tried = [one for one in self._all if _kind_of(one) in own]
        self._kinds: dict[str, list[Batch]] = defaultdict(list)
        for batch in self.batches:
            self._kinds[_kind(batch)].append(batch)
        self._broken: dict[str, set[tuple[str, str, int, str | None]]] = defaultdict(set)
        """Cells of the map that are known to break the host, by kind."""
        self._counted: Counter[str] = Counter()
        """How many batches of a kind these are from."""
        self._ready: set[int] = set()
        self._first = 0
        """Number of batches from the first one on that are over."""
        self._spent = 0
        """Their runs."""
        self._stages = self._later_stages()
        self._later = len(of_whole)
        """Number of the latest batch; each shard goes on behind those of the whole."""
        self.most: int | None = None
        """How many runs there may be; None for as many as are needed."""

    def __repr__(self) -> str:
        return f"<Schedule of {len(self.batches)} batches, {self._first} over>"

    @property
    def waiting(self) -> int:
        """Return how many runs are known to be needed still."""
        known = sum(batch.waiting for batch in self.batches[self._first :])
        return known if self.most is None else min(known, max(0, self.most - self.started))

    @property
    def started(self) -> int:
        """Return how many runs have begun."""
        return self._spent + sum(batch.started for batch in self.batches[self._first :])

    def next(self) -> tuple[Batch, Part] | None:
        """Return what is run next; None when nothing can be before others have ended, or all is over."""
        self._move_on()
        while self._first == len(self.batches) and self._add_stage():
            self._move_on()
        before = self._spent
        for number in range(self._first, len(self.batches)):
            batch = self.batches[number]
            if self.most is not None and before + batch.started >= self.most:
                return None
            if self._is_ready(number) and (part := batch.next()) is not None:
                return batch, part
            before += batch.started if batch.is_over else max(batch.most, batch.started + batch.waiting)
        return None

    def _move_on(self) -> None:
        while self._first < len(self.batches) and self.batches[self._first].is_over:
            self._spent += self.batches[self._first].started
            self._first += 1

    def _is_ready(self, number: int) -> bool:
        """Return whether a batch may begin; leave out what surely breaks the host just as another step has."""
        batch = self.batches[number]
        if number in self._ready or batch.tier != _REST:
            return True
        kind = _kind(batch)
        of_kind = self._kinds[kind]
        first = sum(other.tier == _TELLING for other in of_kind)
        known = max(first, of_kind.index(batch) - _LAG + 1)
        if not all(other.is_over for other in of_kind[self._counted[kind] : known]):
            return False
        for other in of_kind[self._counted[kind] : known]:
            self._broken[kind].update(one.cell for one in other.guilty)
        self._counted[kind] = max(self._counted[kind], known)
        self._ready.add(number)
        again = [one for one in batch.members if one.cell in self._broken[kind]]
        for one in again:
            one.state = State.PUT_OFF
        if again:
            batch.leave_out(again)
        return True

    def _add_stage(self) -> bool:
        """Add batches once all before them are over; return whether there are more."""
        if not self._goes_on:
            return False
        added = next(self._stages, None)
        if added is None:
            return False
        for batch in added:
            self._later += 1
            batch.number = self._later
        self.batches += added
        return True

    def _later_stages(self) -> Iterator[list[Batch]]:
        put_off = [one for one in self.tried if one.state is State.PUT_OFF]
        yield [Batch([one], _LATER) for one in self._random.sample(put_off, len(put_off))]
        yield from _in_lots(self._pairs())

    def _pairs(self) -> Iterator[Batch]:
        """Yield pairs of what was survived, no pair twice.

        A shard does not know what those of others have survived: it takes its part of all pairs that may be so.
        """
        own = set(map(id, self.tried))
        survived = [one for one in self._all if one.state is State.SURVIVED or id(one) not in own]
        possible = list(combinations(range(len(survived)), 2)) if len(survived) <= _FEW else None
        if possible is not None:
            self._random.shuffle(possible)
        drawn: set[tuple[int, int]] = set()
        for turn in count():
            if possible is not None and turn >= len(possible):
                return
            pair = possible[turn] if possible is not None else self._drawn(len(survived), drawn)
            first, second = (survived[number] for number in pair)
            if _go_together(first, second) and self._shard.takes(first.place + second.place):
                yield Batch([replace(one, state=State.UNTRIED, result=None) for one in (first, second)], _LATER)

    def _drawn(self, size: int, drawn: set[tuple[int, int]]) -> tuple[int, int]:
        while True:
            first, second = sorted(self._random.sample(range(size), 2))
            if (first, second) not in drawn:
                drawn.add((first, second))
                return first, second


def _in_lots(pairs: Iterator[Batch]) -> Iterator[list[Batch]]:
    while lot := list(islice(pairs, _LOT)):
        yield lot


_LATER = 3
_LOT = 100
"""Pairs that are added at once: a worker need not wait for the last one of the others."""
_FEW = 1000
"""Survived steps up to which all pairs are listed; of more, pairs are drawn."""


def _kind(batch: Batch) -> str:
    return _kind_of(batch.members[0])


def _kind_of(one: Tried) -> str:
    return f"{one.step.kind} {one.step.firmware or ''}"


def _go_together(first: Tried, second: Tried) -> bool:
    """Return whether two steps are at different places of the same firmware."""
    one, other = first.step, second.step
    return one.firmware == other.firmware and (one.command, one.occurrence) != (other.command, other.occurrence)
