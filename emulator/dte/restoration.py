"""The ways in which what a read form shows is set back by a set form."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from emulator.at.syntax import EXTENDED
from emulator.dte.rows import Row, Rows


class Restoration(ABC):
    """A way to set back what a command shows."""

    can: bool = True
    """Whether it can be set back at all."""

    @abstractmethod
    def lasting(self, rows: Rows) -> Rows:
        """Return the part of the rows that lasts, without what changes by itself."""

    def sets(self, name: str, before: Rows, now: Rows) -> Iterator[str]:
        """Make the commands that set back what was shown before."""
        return iter(())


@dataclass(frozen=True)
class Never(Restoration):
    """Nothing sets it back, or only what a tool must not send."""

    why: str
    shown: int | None = None
    """How many values of a row last; all of them where it is None, and 0 for what changes by itself."""
    can: bool = False

    def lasting(self, rows: Rows) -> Rows:
        return rows if self.shown is None else [row[: self.shown] for row in rows if self.shown]


@dataclass(frozen=True)
class Whole(Restoration):
    """The values of the only row, as they were shown."""

    count: int | None = None
    """How many of them; what stands behind is no setting."""
    most: int | None = None
    """How many the set form takes; others are fixed."""

    def lasting(self, rows: Rows) -> Rows:
        return [row[: self.count] for row in rows[:1]]

    def sets(self, name: str, before: Rows, now: Rows) -> Iterator[str]:
        for row in self.lasting(before):
            yield set_form(name, row[: self.most])


@dataclass(frozen=True)
class Listed(Restoration):
    """The values of each row, whose first ones are its key; a row that is new is removed."""

    count: int | None = None
    """How many values; what stands behind is no setting."""
    keys: int = 1
    removed: Callable[[Row], Row] | None = lambda key: key
    """The values that remove a row, of its key; None where rows neither come nor go."""
    completed: Callable[[Row], Row] = lambda row: row
    """Adds to a row what is not shown while it is the default."""
    order: Callable[[Row], Row] = lambda row: row
    """The values of a row as the set form takes them."""
    most: int | None = None
    """How many the set form takes; others are fixed."""

    def lasting(self, rows: Rows) -> Rows:
        return [self.completed(row)[: self.count] for row in rows]

    def sets(self, name: str, before: Rows, now: Rows) -> Iterator[str]:
        there = {row[: self.keys] for row in before}
        for row in now:
            if self.removed is not None and row[: self.keys] not in there:
                yield set_form(name, self.removed(row[: self.keys]))
        shown = set(self.lasting(now))
        for row in self.lasting(before):
            if row not in shown:
                yield set_form(name, self.order(row)[: self.most])


@dataclass(frozen=True)
class Places(Restoration):
    """Some values of the only row."""

    places: tuple[int, ...]
    lasts: int | None = None
    """How many values last: more than are set back."""

    def lasting(self, rows: Rows) -> Rows:
        return [self._at_places(row) if self.lasts is None else row[: self.lasts] for row in rows[:1]]

    def sets(self, name: str, before: Rows, now: Rows) -> Iterator[str]:
        for row in before[:1]:
            yield set_form(name, self._at_places(row))

    def _at_places(self, row: Row) -> Row:
        return tuple(row[place] for place in self.places if place < len(row))


@dataclass(frozen=True)
class Made(Restoration):
    """Commands of its own; `count` values of each row last."""

    make: Callable[[Rows, Rows], Iterator[str]]
    """From the rows before and those now."""
    count: int | None = None

    def lasting(self, rows: Rows) -> Rows:
        return [row[: self.count] for row in rows]

    def sets(self, name: str, before: Rows, now: Rows) -> Iterator[str]:
        return self.make(before, now)


def set_form(name: str, values: Row) -> str:
    """Write the set form of a command."""
    if name[0] in EXTENDED or name[1:].isdigit():
        return f"AT{name}={','.join(values).rstrip(',')}"
    return f"AT{name}{int(values[0])}"
