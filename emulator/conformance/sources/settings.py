"""Every numeric setting: set at both ends of its range and read again, and refused beyond them."""

from collections.abc import Iterator, Sequence

from emulator.at.bound import BoundCommand
from emulator.at.limits import Numeric
from emulator.at.parameters import Number
from emulator.at.syntax import Form
from emulator.commands.catalogue import command_table
from emulator.commands.kinds import SettingsCommand, TableCommand
from emulator.conformance.chapters import chapter_of, needs_of
from emulator.conformance.items import Item, Server
from emulator.conformance.lines import steps_of
from emulator.dte.restoration import set_form
from emulator.dte.restorations import is_harmless
from emulator.firmware.loader import Firmware

_SOURCE = "declarations"
Values = Sequence[int]


def items(firmware: Firmware, server: Server | None) -> Iterator[Item]:
    """Make an item for each command whose settings can be set back."""
    for bound in command_table(firmware):
        if is_harmless(bound) and isinstance(bound.command, SettingsCommand | TableCommand):
            limits = [_limits(parameter.kind, firmware) for parameter, _ in bound.parameters]
            numbers = [one for one in limits if one is not None]
            if numbers and len(numbers) == len(limits):
                yield _item(bound, numbers)


def _limits(kind: object, firmware: Firmware) -> Numeric | None:
    return kind.limits(firmware.profile) if isinstance(kind, Number) else None


def _item(bound: BoundCommand, limits: Sequence[Numeric]) -> Item:
    name = bound.command.name
    lowest, highest = [lowest_of(one) for one in limits], [one.highest for one in limits]
    read = [f"> AT{name}?"] if bound.has(Form.READ) else []
    lines = [_set(name, lowest), *read, _set(name, highest), *read]
    for place, one in enumerate(limits):
        lines += [_set(name, [*lowest[:place], value, *lowest[place + 1 :]]) for value in beyond(one)]
    defaults = [one.default for one in limits]
    settled = [value for value in defaults if value is not None]
    after = (_set(name, settled).removeprefix("> "),) if len(settled) == len(limits) else ()
    return Item(name, chapter_of(name), _SOURCE, steps_of([*lines, *read]), after=after, needs=needs_of(name))


def _set(name: str, values: Values) -> str:
    return f"> {set_form(name, tuple(map(str, values)))}"


def lowest_of(limits: Numeric) -> int:
    """Return the lowest value that may be given."""
    return 0 if limits.zero else min(limits.choices or limits.range or ())


def beyond(limits: Numeric) -> Iterator[int]:
    """Return the numbers next to a range, and the first one that is left out within it."""
    low, high = lowest_of(limits), limits.highest
    if low > 0:
        yield low - 1
    inner = (value + 1 for value in (low, *(limits.choices or ())))
    yield from [one for one in inner if one < high and not limits.allows(one)][:1]
    yield high + 1
