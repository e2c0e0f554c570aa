"""Kinds of commands that the chapters share, and that are one declaration.

A `SettingsCommand` sets and shows numbers, a `TableCommand` those of each context or connection. `no_values` and
`values_of` answer `=?` where that is less than all parameters.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from emulator.at.answers import Information
from emulator.at.command import Command, Parameter
from emulator.at.parameters import FROM_PROFILE, Number, Repeated, fixed
from emulator.at.syntax import Form
from emulator.commands.context import Context
from emulator.firmware.acted_on import ACTED_ON
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.profile import Profile

Limits = Callable[[Profile], Numeric | None]
Action = Callable[[Context], None]


class Place(msgspec.Struct, frozen=True, eq=False):
    """A place that keeps numbers, by their keys."""

    read: Callable[[Context, str], int]
    keep: Callable[[Context, Mapping[str, int]], None]
    """Keeps numbers: all of them or, where the memory fails, none."""
    in_nvm: bool = False
    """Whether keeping can fail."""
    acted_on: Callable[[str], bool] = lambda key: True
    """Whether something acts on the number of that key."""


class Kept(msgspec.Struct, frozen=True):
    """One number of a `SettingsCommand`: its limits, and where it is kept."""

    place: Place
    key: str
    limits: Limits
    """None for a firmware that lacks it."""
    default: Any = FROM_PROFILE
    """If the host leaves it out: the profile's default, None for no change, `inspect.Parameter.empty` for an error."""
    meaning: str = ""
    """What it is for; the only number of a command needs none, as the summary says it."""

    @property
    def required(self) -> "Kept":
        """The same, which the host may not leave out."""
        return replace(self, default=inspect.Parameter.empty)

    @property
    def acted_on(self) -> bool:
        """Whether something acts on it, besides the command that keeps and shows it."""
        return self.place.acted_on(self.key)

    @property
    def unchanged(self) -> "Kept":
        """The same, which stays as it is if the host leaves it out."""
        return replace(self, default=None)


def _keep_in_instance(at: Context, values: Mapping[str, int]) -> None:
    for key, value in values.items():
        at.settings[key] = value


def _keep_in_nvm(at: Context, values: Mapping[str, int]) -> None:
    with at.device.store.change() as nvm:
        for key, value in values.items():
            setattr(nvm, key, value)


_INSTANCE = Place(lambda at, key: at.settings[key], _keep_in_instance, acted_on=ACTED_ON.__contains__)
_STORED = Place(
    lambda at, key: at.device.stored[key],
    lambda at, values: at.device.stored.keep(values),
    in_nvm=True,
    acted_on=ACTED_ON.__contains__,
)
_NVM = Place(lambda at, key: int(getattr(at.device.nvm, key)), _keep_in_nvm, in_nvm=True)


def setting(key: str, meaning: str = "") -> Kept:
    """Keep the number in the settings of the AT instance."""
    return Kept(_INSTANCE, key, lambda profile: profile.settings.get(key), meaning=meaning)


def stored(key: str, meaning: str = "") -> Kept:
    """Keep the number in NVM, among those that the profile lists."""
    return Kept(_STORED, key, lambda profile: profile.stored.get(key), meaning=meaning)


def nvm_field(key: str, limits: Limits, meaning: str = "") -> Kept:
    """Keep the number in a field of NVM."""
    return Kept(_NVM, key, limits, meaning=meaning)


def attribute(part: Callable[[Context], object], key: str, limits: Limits, meaning: str = "") -> Kept:
    """Keep the number, or whether it is 1, in an attribute of a part of the device, until power-off."""

    def keep(at: Context, values: Mapping[str, int]) -> None:
        for name, value in values.items():
            setattr(part(at), name, type(getattr(part(at), name))(value))  # some are a bool

    return Kept(Place(lambda at, name: int(getattr(part(at), name)), keep), key, limits, meaning=meaning)


class SettingsCommand(Command):
    """A command that sets numbers, shows them, and describes their values.

    A handler that is declared for a form takes the place of the command's own.
    """

    def __init__(
        self,
        name: str,
        summary: str,
        /,
        *,
        source: str,
        requires: str = "",
        effect_requires: str = "",
        needs: Action | None = None,
        and_shows: Callable[[Context], object] | None = None,
        example: Sequence[str] = (),
        **kept: Kept,
    ) -> None:
        """Declare a command.

        Args:
            name: as the host types it.
            summary: what it does, for the table of commands.
            source: the clause that defines it.
            requires: see `Command`.
            effect_requires: see `Command`.
            needs: see `Command`.
            and_shows: the value that its read form shows behind the numbers.
            example: see `Command`.
            kept: its parameters in order, by their names; those in NVM are all in one place.
        """
        super().__init__(
            name, source=source, summary=summary, requires=requires, effect_requires=effect_requires, needs=needs
        )
        if len({one.place for one in kept.values() if one.place.in_nvm}) > 1:
            raise TypeError(f"{name} has two places in NVM, of which the second could fail after the first")
        self._kept = kept
        self._and_shows = and_shows
        self.example = example
        self._changed: list[Action] = []
        self.parameters = tuple(
            Parameter(key, Number(one.limits), one.default, one.meaning) for key, one in kept.items()
        )
        self.handlers = {Form.SET: self._assign, Form.READ: self._show}

    @property
    def has_effect(self) -> bool:
        """Whether something follows from a change, or acts on one of the numbers."""
        return bool(self._changed) or any(one.acted_on for one in self._kept.values())

    def changed(self, action: Action) -> Action:
        """Declare what follows from a change."""
        self._changed.append(action)
        return action

    def _assign(self, at: Context, **values: int | None) -> None:
        places: dict[Place, dict[str, int]] = {}
        for name, value in values.items():
            if value is not None:
                kept = self._kept[name]
                places.setdefault(kept.place, {})[kept.key] = value
        for place in sorted(places, key=lambda place: not place.in_nvm):  # what can fail comes first
            place.keep(at, places[place])
        for action in self._changed:
            action(at)

    def _show(self, at: Context) -> Information:
        shown = self.shown(at) if self._and_shows is None else f"{self.shown(at)},{self._and_shows(at)}"
        return Information.of(f"{self.name}: {shown}")

    def shown(self, at: Context) -> str:
        """Return the numbers as they are now, with commas between."""
        there = (one for one in self._kept.values() if one.limits(at.profile) is not None)
        return ",".join(str(one.place.read(at, one.key)) for one in there)


def single_setting(kept: Kept, summary: str, *, source: str) -> SettingsCommand:
    """Declare a command for one number, which has the command's name."""
    return SettingsCommand(kept.key, summary, source=source, value=kept)


class Rows(msgspec.Struct, frozen=True):
    """A table of the device: for each context or connection a struct of numbers."""

    key: str
    """The parameter that names a row."""
    kind: Number[Profile]
    numbers: Callable[[Context], Iterable[int]]
    read: Callable[[Context, int], object]
    change: Callable[[Context, int, Mapping[str, int]], None]
    meaning: str
    """What that parameter is."""


class Column(msgspec.Struct, frozen=True):
    """One number of each row: its kind, and what is taken if the host leaves it out."""

    kind: Number[Profile] | Repeated[int, Profile]
    default: Any = inspect.Parameter.empty
    zeros: Callable[[Profile], int] | None = None
    """Of numbers that are always 0: how many are shown."""
    meaning: str = ""
    """What it is for."""

    def parameters(self, name: str) -> Iterable[Parameter]:
        """Return the parameters of the command, of which there are several zeros."""
        count = self.kind.most if isinstance(self.kind, Repeated) else 1
        return (Parameter(name, self.kind, self.default, self.meaning) for _ in range(count))

    def shown(self, at: Context, name: str, row: object) -> list[int]:
        """Return what a row shows; nothing of a number that the firmware lacks."""
        if self.zeros is not None:
            return [0] * self.zeros(at.profile)
        return [] if self.kind.bind(at.profile) is None else [getattr(row, name)]


def column(limits: Limits, default: Any = inspect.Parameter.empty, *, meaning: str) -> Column:
    """Declare a number that the profile limits."""
    return Column(Number(limits), default, meaning=meaning)


def zeros(taken: int, shown: Callable[[Profile], int] | None = None) -> Column:
    """Declare numbers that can only be 0, and may be left out."""
    meaning = "Reserved; 0."
    return Column(Repeated(fixed(0), taken), None, shown or (lambda profile: taken), meaning)


class TableCommand(Command):
    """A command that sets the numbers of one row, a context's or a connection's, and shows every row."""

    def __init__(
        self, name: str, summary: str, /, *, source: str, rows: Rows, requires: str = "", **columns: Column
    ) -> None:
        """Declare a command; `columns` are its parameters behind the key, by the names that the rows give them."""
        super().__init__(name, source=source, summary=summary, requires=requires)
        self._rows = rows
        self._columns = columns
        parameters = (one for key, column in columns.items() for one in column.parameters(key))
        self.parameters = (Parameter(rows.key, rows.kind, inspect.Parameter.empty, rows.meaning), *parameters)
        self.handlers = {Form.SET: self._assign, Form.READ: self._show}

    def _assign(self, at: Context, **values: int) -> None:
        kept = {
            name: values[name]
            for name, column in self._columns.items()
            if column.zeros is None and values.get(name) is not None
        }
        self._rows.change(at, values[self._rows.key], kept)

    def _show(self, at: Context) -> Information:
        return Information(tuple(self._line(at, number) for number in self._rows.numbers(at)))

    def _line(self, at: Context, number: int) -> str:
        row = self._rows.read(at, number)
        shown = [value for name, column in self._columns.items() for value in column.shown(at, name, row)]
        return f"{self.name}: {','.join(map(str, [number, *shown]))}"


def no_values(at: Context) -> None:
    """Answer OK alone; the reference guides show no values for this command."""


def values_of(*parameters: str) -> Callable[[Context], Information]:
    """Answer `=?` by the values of these parameters alone: the reference guides do not show the others."""

    def describe(at: Context) -> Information:
        """Show the values of some of the parameters."""
        return Information.of(f"{at.name}: {at.values(*parameters)}")

    return describe
