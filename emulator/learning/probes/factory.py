"""Probe of the factory settings: their values, and the part of a user profile that each setting belongs to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from emulator.at.limits import Numeric
from emulator.at.settings import ProfilePart
from emulator.dte.exchange import Exchange
from emulator.dte.signals import signals_deferred
from emulator.firmware.layers import KeyPath
from emulator.learning.answers.ranges import another, spans_in
from emulator.learning.answers.shown import shown_by
from emulator.learning.asking.batches import Values, read_all, send_all, set_form
from emulator.learning.asking.careful import not_set, of_the_line
from emulator.learning.asking.factory_line import BASE, BOTH, FactoryLine, part_claim, part_of
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.presence import errors_in_words, presence_of
from emulator.learning.asking.roster import Use, users
from emulator.learning.asking.trying import keeps_what_it_shows
from emulator.learning.claims.claim import Claim
from emulator.learning.claims.deciding import read_field
from emulator.learning.probe import Probe


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make the probe."""
    yield FactorySettings()


@dataclass(frozen=True)
class _Place:
    """The place of a setting among the values that a command shows."""

    command: str
    place: int
    use: Use

    @property
    def path(self) -> KeyPath:
        """Return the key of the setting."""
        return self.use.source.path


Readings = Mapping[str, tuple[Values, Exchange]]


class FactorySettings(Probe):
    """Restore factory settings, from other values than these, and see which come back."""

    name = "factory settings"
    asks = "each setting by ?, after AT&F1, after another value and AT&F, and after AT&F1 again"
    changes = "all settings; those that the line itself depends on only until the end of a command line"
    undone = "by what ? showed before"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        for path, uses in users(inquiry.base).items():
            name = uses[0].bound.command.name
            if inquiry.commands.find(name) is None:
                continue
            if path[0] == "settings" and keeps_what_it_shows(uses[0].bound, inquiry.base):
                yield (*path, "default")
                yield from () if name in not_set() else ((*path, "part"),)

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        with errors_in_words(inquiry):
            there = [place for place in _places(inquiry) if presence_of(inquiry, place.command).is_there]
            before = read_all(inquiry, dict.fromkeys(place.command for place in there))
            line = FactoryLine.of(inquiry)
            if line is None:
                return
            try:
                yield from self._claims(inquiry, line, [place for place in there if place.command in before])
                yield from line.claims()
            finally:
                kept = (set_form(name, _settable(inquiry, name, values)) for name, (values, _) in before.items())
                with signals_deferred():
                    send_all(inquiry, kept)

    def _claims(self, inquiry: Inquiry, line: FactoryLine, places: Sequence[_Place]) -> Iterator[Claim]:
        both = line.restore(BOTH)
        factory = read_all(inquiry, dict.fromkeys(place.command for place in places))
        others = _others(inquiry, places, factory)
        send_all(inquiry, (set_form(name, values) for name, values in others.items()))
        other = read_all(inquiry, others)
        base = line.restore(BASE)
        after_base = read_all(inquiry, others)
        line.restore(BOTH)
        after_both = read_all(inquiry, others)
        for place in places:
            part = part_of(*(_value(one, place) for one in (factory, other, after_base, after_both)))
            if part is not None:
                shown_by = [base, *(one[place.command][1] for one in (other, after_base, after_both))]
                yield from part_claim(inquiry, place.path, part, shown_by)
            default = _value(factory, place)
            if default is not None and part is not ProfilePart.NONE:
                yield Claim((*place.path, "default"), default, [both, factory[place.command][1]])


def _places(inquiry: Inquiry) -> Iterator[_Place]:
    """Find the settings that are numbers and are shown at the place at which they are set."""
    for path, uses in users(inquiry.base).items():
        for use in uses[:1] if path[0] == "settings" else ():
            names = [parameter.name for parameter, _ in use.bound.parameters]
            if keeps_what_it_shows(use.bound, inquiry.base) and use.bound.command.name not in of_the_line():
                yield _Place(use.bound.command.name, names.index(use.parameter.name), use)


def _value(readings: Readings, place: _Place) -> int | None:
    """Return the number at a place; None where none is shown there."""
    values = readings[place.command][0] if place.command in readings else ()
    text = values[place.place] if place.place < len(values) else ""
    return int(text) if text.isdigit() else None


def _others(inquiry: Inquiry, places: Sequence[_Place], factory: Readings) -> Mapping[str, Values]:
    """Choose for each command other values than those of the factory."""
    chosen: dict[str, list[str]] = {}
    for place in places:
        value = _value(factory, place)
        if value is None or place.command in not_set():
            continue
        values = chosen.setdefault(place.command, [*_settable(inquiry, place.command, factory[place.command][0])])
        another = _another(inquiry, place, value)
        if another is not None and place.place < len(values):
            values[place.place] = str(another)
    return chosen


def _another(inquiry: Inquiry, place: _Place, value: int) -> int | None:
    limits = place.use.source.value
    assert isinstance(limits, Numeric)
    shown = shown_by(inquiry, place.use.bound)
    text = shown.fields.get(place.use.parameter.name, "") if shown is not None else ""
    spans = read_field(place.use.source, text) or spans_in(limits)
    assert isinstance(spans, Sequence)
    return another(spans, value)


def _settable(inquiry: Inquiry, name: str, shown: Values) -> Values:
    """Return of what is shown what can be set: not more values than there are parameters."""
    bound = inquiry.commands.find(name)
    return shown[: len(bound.parameters)] if bound is not None else shown
