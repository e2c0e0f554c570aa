"""Tries which values a parameter takes; each is put back by the same command line."""

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import count

from emulator.at.bound import BoundCommand
from emulator.at.parameters import FROM_PROFILE
from emulator.at.syntax import EXTENDED, Form
from emulator.commands.kinds import SettingsCommand, TableCommand
from emulator.dte.exchange import Exchange
from emulator.firmware.loader import Firmware
from emulator.firmware.schema.profile import Profile
from emulator.learning.answers.ranges import Span, allows, fields_of, joined
from emulator.learning.asking.batches import set_form
from emulator.learning.asking.careful import also_set, not_set
from emulator.learning.asking.inquiry import Inquiry

_HIGHEST = 4_294_967_295
_ROWS = 3
"""Fewest rows that show a default where all have it."""
_FEW = 40
"""Values that are tried one by one where `=?` is wrong."""
_BEYOND = 4
"""How many values in a row are refused behind the last one."""


def keeps_what_it_shows(bound: BoundCommand[Profile], base: Firmware) -> bool:
    """Return whether a command only keeps numbers, and shows them in the order in which they are set."""
    command = bound.command
    if not (bound.has(Form.READ) and bound.has(Form.SET)):
        return False
    return isinstance(command, SettingsCommand | TableCommand) or command.name in {*base.profile.settings, *also_set()}


def can_be_tried(bound: BoundCommand[Profile], base: Firmware) -> bool:
    """Return whether the values of a command may be tried."""
    return keeps_what_it_shows(bound, base) and bound.command.name not in not_set()


class Trial:
    """Try values of a command's parameters on a module."""

    def __init__(self, inquiry: Inquiry, bound: BoundCommand[Profile]) -> None:
        self._inquiry = inquiry
        self._name = bound.command.name
        self._has_rows = isinstance(bound.command, TableCommand)
        self.shown: Exchange | None = None
        """What the command has shown before."""
        self._parameters = [parameter for parameter, _ in bound.parameters]
        self.exchanges: dict[tuple[int, int], Exchange] = {}
        """By the parameter's place and the value."""

    @cached_property
    def before(self) -> Sequence[str] | None:
        """Return the values that the command shows, in its first line; None where they cannot be set again."""
        exchange = self.shown = self._inquiry.ask(f"AT{self._name}?")
        shown = self._values_in(exchange)
        if not exchange.is_ok or not any(map(str.isdigit, shown)):
            return None
        now = [str(int(value)) if value.isdigit() else value for value in shown]
        again = self._set(now)
        return now if self._inquiry.ask(f"AT{again}{self._then}{again}").is_ok else None

    def place_of(self, name: str) -> int | None:
        """Return the place of a parameter, the first one of several.

        None where its value is not shown, and for the number of a row: another row would not be put back.
        """
        if self._has_rows and name == self._parameters[0].name:
            return None
        names = [parameter.name for parameter in self._parameters[: len(self.before or ())]]
        place = names.index(name) if name in names else None
        return place if place is not None and self.before is not None and self.before[place].isdigit() else None

    def takes(self, place: int, value: int) -> bool:
        """Return whether the parameter takes a value; what it was stands there again afterwards."""
        assert self.before is not None
        if (place, value) not in self.exchanges:
            values = [*self.before[:place], str(value), *self.before[place + 1 :]]
            line = f"AT{self._set(values)}{self._then}{self._set(self.before)}"
            self.exchanges[place, value] = self._inquiry.ask(line)
        return self.exchanges[place, value].is_ok

    def defaults(self) -> tuple[dict[int, int], Exchange] | None:
        """Return by place what is set where the host leaves the value out; None where it must not."""
        assert self.before is not None
        there = zip(self._parameters, self.before, strict=False)
        left_out = [
            place
            for place, (parameter, value) in enumerate(there)
            if parameter.default is FROM_PROFILE and value.isdigit()
        ]
        if not left_out or self._name[0] not in EXTENDED:
            return None
        values = ["" if place in left_out else value for place, value in enumerate(self.before)]
        set_form = f"{self._name}={','.join(values).rstrip(',')}"
        exchange = self._inquiry.ask(f"AT{set_form};{self._name}?;{self._set(self.before)}")
        shown = self._values_in(exchange)
        if not exchange.is_ok or len(shown) != len(self.before):
            return None
        return {place: int(shown[place]) for place in left_out}, exchange

    def of_each_row(self) -> tuple[dict[int, int], Exchange] | None:
        """Return by place the number that all rows of a table have: nobody has set them; None for too few rows."""
        if not self._has_rows or self.shown is None:
            return None
        begin = f"{self._name}:"
        rows = [fields_of(line[len(begin) :]) for line in self.shown.lines if line.startswith(begin)]
        if len(rows) < _ROWS:
            return None
        same = {place: column for place, *column in zip(count(), *rows, strict=False) if len({*column}) == 1}
        return {place: int(column[0]) for place, column in same.items() if place and column[0].isdigit()}, self.shown

    @property
    def _then(self) -> str:
        """What stands between two commands of a line."""
        return ";" if self._name[0] in EXTENDED else ""

    def _set(self, values: Sequence[str]) -> str:
        return set_form(self._name, values)

    def _values_in(self, exchange: Exchange) -> Sequence[str]:
        """Return the values in the first line of an answer, at most as many as there are parameters."""
        answer = exchange.value(self._name)
        if answer is None and self._name[0] not in EXTENDED and exchange.lines:
            answer = exchange.lines[0]
        return fields_of(answer or "")[: len(self._parameters)]


def values_taken(takes: Callable[[int], bool], expected: Sequence[Span], known: int) -> Sequence[Span] | None:
    """Return the values that are taken; `expected` as it is where the edges agree with it.

    Args:
        takes: tries a value.
        expected: what `=?` shows, or the base has.
        known: a value that is taken.

    None where it cannot be found out by few tries.
    """
    tried: dict[int, bool] = {}

    def noted(value: int) -> bool:
        if value not in tried:
            tried[value] = takes(value)
        return tried[value]

    inside = {edge for span in expected for edge in span}
    outside = {edge for low, high in expected for edge in (low - 1, high + 1)}
    outside = {value for value in outside if 0 <= value <= _HIGHEST and not allows(expected, value)}
    if all([*map(noted, sorted(inside)), *(not noted(value) for value in sorted(outside))]):
        return expected
    last = max(high for _, high in expected)
    found = (_one_by_one(noted, last) if last <= _FEW else None) or _by_halves(noted, known)
    return found if found and all(allows(found, value) is taken for value, taken in tried.items()) else None


def _one_by_one(takes: Callable[[int], bool], last: int) -> Sequence[Span] | None:
    taken: list[int] = []
    for value in range(2 * _FEW):
        if takes(value):
            taken.append(value)
        elif value >= max([last, *taken[-1:]]) + _BEYOND:
            return joined(taken) or None
    return None


def _by_halves(takes: Callable[[int], bool], known: int) -> Sequence[Span] | None:
    """Find the first and the last of the values in a row around one that is taken."""
    if known == 0 and not takes(1):
        return None
    from_zero = takes(0) and takes(1)
    low = 0 if from_zero else _edge(takes, known, int(takes(0)))
    if takes(_HIGHEST):
        return None  # it takes everything, or looks at nothing
    high = _edge(takes, max(known, int(from_zero)), _HIGHEST)
    zero = [(0, 0)] if low > 0 and takes(0) else []
    return [*zero, (low, high)]


def _edge(takes: Callable[[int], bool], taken: int, refused: int) -> int:
    """Return the last value that is taken, between one that is and one that is not."""
    while abs(taken - refused) > 1:
        middle = (taken + refused) // 2
        if takes(middle):
            taken = middle
        else:
            refused = middle
    return taken
