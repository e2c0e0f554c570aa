"""Restores factory settings by a command line that leaves alone what the line itself depends on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from emulator.at.limits import Numeric
from emulator.at.settings import ProfilePart
from emulator.at.syntax import EXTENDED
from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.learning.answers.ranges import another, fields_of, spans_in
from emulator.learning.asking.batches import Values, joined, read_all, set_form
from emulator.learning.asking.careful import not_set, of_the_line
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.roster import Use, users
from emulator.learning.claims.claim import Claim

_NEEDED = "&K"
"""Without it factory settings are never restored: flow control that nobody can put back may stop the line."""
BASE, BOTH = 0, 1
"""What &F restores: the base part of a user profile, or the extended one, too."""


@dataclass(frozen=True)
class FactoryLine:
    """A module whose factory settings can be restored, and the settings of the line as they are."""

    inquiry: Inquiry
    before: Mapping[str, Values]

    @classmethod
    def of(cls, inquiry: Inquiry) -> "FactoryLine | None":
        """Read the settings of the line; None where one of them could not be put back."""
        shown = read_all(inquiry, of_the_line())
        return (
            cls(inquiry, {name: shown[name][0] for name in of_the_line() if name in shown})
            if _NEEDED in shown
            else None
        )

    def restore(self, parts: int, first: str = "", then: str = "") -> Exchange:
        """Restore factory settings and put the line back; run other commands just before and after it."""
        kept = [set_form(name, values) for name, values in self.before.items()]
        return self.inquiry.ask(joined([part for part in (first, f"&F{parts}", then, *kept) if part]))

    def claims(self) -> Iterator[Claim]:
        """Claim the factory values of the line's own settings, and their parts."""
        for path, uses in users(self.inquiry.base).items():
            if path[0] == "settings" and uses[0].bound.command.name in self.before:
                yield from self._of_one(path, uses[0])

    def _of_one(self, path: KeyPath, use: Use) -> Iterator[Claim]:
        name = use.bound.command.name
        default = self.restore(BOTH, then=f"{name}?")
        factory = _number(default, use)
        if factory is None:
            return
        limits = use.source.value
        assert isinstance(limits, Numeric)
        other = another(spans_in(limits), factory)
        part, shown_by = None, []
        if other is not None and name not in not_set():
            shown_by = [self.restore(parts, set_form(name, [str(other)]), f"{name}?") for parts in (BASE, BOTH)]
            part = part_of(factory, other, *(_number(exchange, use) for exchange in shown_by))
        if part is not None:
            yield from part_claim(self.inquiry, path, part, shown_by)
        if part is not ProfilePart.NONE:
            yield Claim((*path, "default"), factory, [default])


def restore_factory_settings(inquiry: Inquiry) -> None:
    """Restore all factory settings but those of the line, where it shows these."""
    line = FactoryLine.of(inquiry)
    if line is not None:
        line.restore(BOTH)
    else:
        inquiry.ask(f"AT&F{BOTH}E0")


def part_claim(inquiry: Inquiry, path: KeyPath, part: ProfilePart, shown_by: Sequence[Exchange]) -> Iterator[Claim]:
    """Claim the part of a setting; not where it is what the base leaves to the schema."""
    setting = inquiry.base.profile.settings[str(path[1])]
    if part is not ProfilePart.BASE or setting.part is not part:
        yield Claim((*path, "part"), str(part), shown_by)


def part_of(factory: int | None, other: int | None, base: int | None, both: int | None) -> ProfilePart | None:
    """Return the part of a setting by its value after either form of &F; None where the answers leave it open.

    Args:
        factory: its factory value.
        other: another value that it had before.
        base: its value after the base part was restored.
        both: its value after both were.
    """
    if factory is None or other in (None, factory):
        return None
    if (base, both) == (factory, factory):
        return ProfilePart.BASE
    if (base, both) == (other, factory):
        return ProfilePart.EXTENDED
    return ProfilePart.NONE if (base, both) == (other, other) else None


def _number(exchange: Exchange, use: Use) -> int | None:
    """Return what one of the line's settings shows."""
    name = use.bound.command.name
    place = [parameter.name for parameter, _ in use.bound.parameters].index(use.parameter.name)
    shown = exchange.value(name) if name[0] in EXTENDED else next(iter(exchange.lines), None)
    values = fields_of(shown or "")
    return int(values[place]) if exchange.is_ok and place < len(values) and values[place].isdigit() else None
